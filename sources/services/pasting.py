"""From an address that somebody pasted to a source: its kind, its name, whom it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.text import slugify

from campaigns.models import Target
from outbound.background import run
from outbound.client import Fetched
from outbound.manners import host_of
from sources.decisions import Decision, failed
from sources.extraction import Unreadable
from sources.extraction.bills import BillReading, form_of_url, text_of_bill
from sources.extraction.discovery import NAME_LENGTH, Discovery, FoundFeed
from sources.extraction.feed_addresses import guesses
from sources.extraction.tidying import tidy_line
from sources.kinds import SourceKind
from sources.models import Source
from sources.parsing import jobs, parsers
from sources.services.guidance import short
from sources.services.lookup import targets_by
from sources.services.scouting import scout
from sources.services.visiting import Visited
from sources.suggestions import Suggestion, TargetToSuggest, clues_of, suggest_targets

LIKELY = 0.5
"""The score from which on a suggestion is probably right."""
_MOST_GUESSES = 5


@dataclass(frozen=True, slots=True)
class SuggestedTarget:
    """A target that the source is probably about, and why."""

    target: Target
    suggestion: Suggestion

    @property
    def is_likely(self) -> bool:
        """Whether it is probably right."""
        return self.suggestion.score >= LIKELY


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is at an address.

    Attributes:
        url: the address.
        visited: how the visit ended.
        kind: of the source that it would be.
        form: of a bill, which tracker's it is; else "".
        name, slug: suggested for the source.
        failure: why it cannot be told what is there; ``None`` if it can.
        feeds: those that a page speaks of.
        guesses: usual addresses of a feed, if a page speaks of none.
        targets: whom it is probably about, the likeliest first.
    """

    url: str
    visited: Visited
    kind: SourceKind
    form: str
    name: str
    slug: str
    failure: Decision | None = None
    feeds: tuple[FoundFeed, ...] = ()
    guesses: tuple[str, ...] = ()
    targets: tuple[SuggestedTarget, ...] = ()


def look_at(*, url: str, now: dt.datetime) -> Found:
    """Fetch an address, and tell what is there and whom it is probably about.

    Nothing is written but when the host may be asked again.

    Args:
        url: checked by :meth:`Source.clean`.
        now: the moment.

    Raises:
        HostBusy: the host cannot be asked just now.
    """
    form = form_of_url(url)
    kind = SourceKind.BILL if form else SourceKind.PAGE
    visited = scout(source=Source(url=url, kind=kind), now=now)
    found = Found(
        url=url, visited=visited, kind=kind, form=form, name="", slug="", failure=visited.decision
    )
    if visited.fetched is None or visited.decision is not None:
        return found
    try:
        discovery = run(_discover(visited.fetched, form, now.date()))
    except Unreadable as error:
        return replace(found, failure=failed(error.cause, short(error.detail)))
    return replace(
        found,
        kind=kind if form else SourceKind(discovery.kind),
        name=discovery.name,
        slug=_free_slug(discovery.name, url),
        feeds=discovery.feeds,
        guesses=_guesses(url, discovery),
        targets=tuple(_suggested(discovery, url)),
    )


async def _discover(fetched: Fetched, form: str, day: dt.date) -> Discovery:
    pool = await parsers()
    content_type = fetched.headers.get("Content-Type", "")
    if not form:
        arguments = {"content_type": content_type, "final_url": fetched.final_url}
        return await pool.run(jobs.DISCOVER, arguments, fetched.body)
    bill = await pool.read(
        SourceKind.BILL, fetched.body, content_type, fetched.final_url, {"form": form}, day=day
    )
    assert isinstance(bill, BillReading)
    title = ": ".join(filter(None, (bill.identifier, bill.title)))
    return Discovery("json", tidy_line(title, NAME_LENGTH), title, text_of_bill(bill))


def _guesses(url: str, discovery: Discovery) -> tuple[str, ...]:
    is_asked = discovery.kind == "page" and not discovery.feeds
    return tuple(guesses(url)[:_MOST_GUESSES]) if is_asked else ()


def _free_slug(name: str, url: str) -> str:
    """Return a slug that no source has."""
    stem = slugify(name)[:90].strip("-") or slugify(host_of(url).replace(".", "-"))[:90]
    if stem.isdecimal():
        stem = f"source-{stem}"
    taken = set(Source.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


def _suggested(discovery: Discovery, url: str) -> Sequence[SuggestedTarget]:
    """Choose among the targets of all campaigns, drafts included."""
    title, text = discovery.title, discovery.text
    rows = targets_by(clues_of(title=title, text=text, url=url))
    rows = rows.select_related("campaign", "company", "product__company")
    targets = {row.pk: row for row in rows.prefetch_related("company__aliases")}
    suggestions = suggest_targets(
        title=title,
        text=text,
        url=url,
        targets=[_to_suggest(target) for target in targets.values()],
    )
    return [SuggestedTarget(targets[found.key], found) for found in suggestions]


def _to_suggest(target: Target) -> TargetToSuggest:
    company = target.company
    return TargetToSuggest(
        key=target.pk,
        names=[company.name, *(alias.name for alias in company.aliases.all())],
        websites=[company.website] if company.website else [],
        products=[target.product.name] if target.product else [],
        campaign=target.campaign.title,
    )
