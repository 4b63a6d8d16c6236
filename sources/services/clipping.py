"""Reading an article for whoever logs from it: what it says, set beside what is on record."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from campaigns.models import Organization, Target
from companies.models import Alias, Company, Product
from companies.names import name_key
from outbound.background import run
from sources.clipping import TEXT_LENGTH, Clipping, Day, Found, Name
from sources.detection import Candidate, Text
from sources.extraction import Unreadable
from sources.extraction.links import host_of
from sources.parsing import ParserError, jobs, parsers
from sources.parsing.jobs import TextChange
from sources.services.detecting import watched
from sources.services.fetching import Article, NotRead
from sources.services.likelihood import Likely, Ranked, rank_targets, weigh_entries

logger = logging.getLogger(__name__)

_Row = TypeVar("_Row", Company, Organization)

MOST_TARGETS = 200
"""So many targets of the companies that an article names are weighed, the newest ones."""
_MOST_WATCHED = 40
"""For so many of them, the likeliest, a change of status is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What an article says, and what on record it is about.

    Attributes:
        clipping: the kinds, the number of those who took part, the date.
        companies, organizations: that it names, the most prominent first, with where.
        targets: of the person's campaigns that it is probably about, the likeliest first.
        candidate: the change of status that it reports, with its reasons; ``None`` for none.
        likely: the kinds of entry, the likeliest first.
    """

    clipping: Clipping
    companies: tuple[tuple[Company, Found], ...]
    organizations: tuple[tuple[Organization, Found], ...]
    targets: tuple[Ranked, ...]
    candidate: Candidate | None
    likely: tuple[Likely, ...]


def understand(*, article: Article, targets: QuerySet[Target]) -> Understood:
    """Read an article in children, and find what on record it is about. Nothing is written.

    What an article does not date stays undated: it may be old.

    Args:
        article: what was fetched or pasted.
        targets: those that the person may see.

    Raises:
        NotRead: reading it takes too much.
    """
    text = article.text[:TEXT_LENGTH]
    try:
        phrases = run(_phrases(article.title, text))
        names = _names_among(phrases)
        companies = _companies(names)
        is_own = _is_own(article, companies.values())
        clipping = run(_clip(article.title, text, names, is_own))
        ranked = rank_targets(_aimed_at(clipping, targets), clipping, f"{article.title} {text}")
        candidates = run(_detect(article, text, clipping.dated, ranked[:_MOST_WATCHED]))
    except Unreadable as error:
        said = _("The text could not be read: it takes more time or memory than we give.")
        raise NotRead(said) from error
    except ParserError as error:
        logger.exception("Clipping failed on our side")
        raise NotRead(_("The text could not be read: something is wrong on our side.")) from error
    organizations = Organization.objects.in_bulk(_keys(clipping, "organization"))
    candidate = _best(candidates, ranked)
    return Understood(
        clipping=clipping,
        companies=_named(clipping, "company", companies),
        organizations=_named(clipping, "organization", organizations),
        targets=tuple(ranked),
        candidate=candidate,
        likely=weigh_entries(clipping, candidate, ranked, length=len(text), is_own=is_own),
    )


def _names_among(phrases: Iterable[str]) -> list[Name]:
    """Return the names on record that are among the phrases.

    A name that a company and an organization both bear is the company's: it is who is pressed.
    """
    keys = list(dict.fromkeys(map(name_key, phrases)))
    companies = Company.objects.filter(name_key__in=keys).values_list("pk", "name")
    aliases = Alias.objects.filter(name_key__in=keys).values_list("company", "name")
    products = Product.objects.filter(name_key__in=keys).values_list("pk", "name")
    organizations = Organization.objects.filter(name_key__in=keys).values_list("pk", "name")
    pressed = [Name("company", key, name) for key, name in (*companies, *aliases)]
    taken = {name_key(name.text) for name in pressed}
    return [
        *pressed,
        *(Name("product", key, name) for key, name in products),
        *(
            Name("organization", key, name)
            for key, name in organizations
            if name_key(name) not in taken
        ),
    ]


def _companies(names: Iterable[Name]) -> Mapping[int, Company]:
    keys = {name.key for name in names if name.kind == "company"}
    return Company.objects.prefetch_related("aliases").in_bulk(keys)


def _is_own(article: Article, companies: Iterable[Company]) -> bool:
    """Whether one of the companies published the article."""
    host, publisher = host_of(article.url), name_key(article.publisher)
    for company in companies:
        site = host_of(company.website)
        if site and f".{host}".endswith(f".{site}"):
            return True
        if publisher in {company.name_key, *(alias.name_key for alias in company.aliases.all())}:
            return True
    return False


def _keys(clipping: Clipping, kind: str) -> list[int]:
    return [found.key for found in clipping.found if found.kind == kind]


def _named(
    clipping: Clipping, kind: str, rows: Mapping[int, _Row]
) -> tuple[tuple[_Row, Found], ...]:
    """Return what a text names of a kind, with where; without what is not on record any more."""
    return tuple(
        (rows[found.key], found)
        for found in clipping.found
        if found.kind == kind and found.key in rows
    )


def _aimed_at(clipping: Clipping, targets: QuerySet[Target]) -> Sequence[Target]:
    """Return the targets whose company or product is named."""
    named = Q(company__in=_keys(clipping, "company")) | Q(product__in=_keys(clipping, "product"))
    rows = targets.filter(named).select_related("campaign", "company", "product__company")
    rows = rows.prefetch_related(
        "company__aliases",
        "campaign__topics",
        Prefetch("campaign__organizations", Organization.objects.only("pk", "name")),
    )
    return list(rows.order_by("-pk")[:MOST_TARGETS])


def _best(candidates: Sequence[Candidate], ranked: Sequence[Ranked]) -> Candidate | None:
    """Return the candidate for the company that the article is most about."""
    scores = {one.target.pk: one.score for one in ranked}
    return max(candidates, key=lambda found: found.score + scores[found.target] / 10, default=None)


async def _phrases(title: str, text: str) -> Sequence[str]:
    pool = await parsers()
    return (await pool.run(jobs.PHRASES, {"title": title, "text": text})).texts


async def _clip(title: str, text: str, names: Sequence[Name], is_own: bool) -> Clipping:
    pool = await parsers()
    arguments = {"title": title, "text": text, "names": list(names), "is_own": is_own}
    return await pool.run(jobs.CLIP, arguments)


async def _detect(
    article: Article, text: str, dated: Day | None, ranked: Sequence[Ranked]
) -> list[Candidate]:
    if not ranked:
        return []
    told = Text(
        body=text,
        title=article.title,
        published_on=article.published_on,
        published_precision=article.published_precision,
        language=article.language,
    )
    if told.published_on is None and dated is not None:
        told = replace(told, published_on=dated.day, published_precision=dated.precision)
    pool = await parsers()
    [found] = await pool.detect([TextChange(None, told)], [watched(one.target) for one in ranked])
    return found
