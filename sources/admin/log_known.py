"""What is on record of an address already: the document, and the facts that it supports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse

from campaigns.formats import format_on
from campaigns.models import (
    PUBLIC,
    Action,
    Citation,
    Document,
    Outcome,
    Position,
    Response,
    StatusChange,
)
from companies.access import visible
from sources.services import documents_at

_MOST_FACTS = 50

Fact = Action | Response | Outcome | StatusChange | Position


@dataclass(frozen=True, slots=True)
class Supported:
    """A fact that a document supports.

    Attributes:
        kind: what it is, in a word.
        words: which one.
        address: of its page in the admin, "" where the person sees it in public only.
        quote: the words that support it.
    """

    kind: str
    words: str
    address: str
    quote: str


@dataclass(frozen=True, slots=True)
class Known:
    """A document on record, and what of that it supports the person may know."""

    document: Document
    facts: Sequence[Supported]


def known_at(url: str, user: User) -> Known | None:
    """Return what the person may know is on record of an address; ``None`` for nothing.

    A document that only drafts of others cite is not on record for them. The one that the public
    knows comes before one of their own drafts, and what that supports after what it supports.
    """
    found = [one for document in documents_at(url=url) if (one := _known(document, user))]
    found.sort(key=lambda one: not one[0])
    facts = [fact for _is_public, known in found for fact in known.facts]
    return Known(found[0][1].document, facts[:_MOST_FACTS]) if found else None


def _known(document: Document, user: User) -> tuple[bool, Known] | None:
    """Return whether the public knows a document, and what the person may know of it."""
    citations = Citation.objects.filter(document=document)
    own = set(visible(citations, user).values_list("pk", flat=True)[:_MOST_FACTS])
    rows = citations.filter(PUBLIC | Q(pk__in=own)).select_related(
        *("action__campaign", "position__company", "position__bill"),
        *(
            f"{fact}__target__{part}"
            for fact in ("response", "outcome", "status_change")
            for part in ("campaign", "company", "product")
        ),
    )[:_MOST_FACTS]
    facts = list(_facts(rows, own))
    if not facts and not visible(Document.objects.filter(pk=document.pk), user).exists():
        return None
    return citations.filter(PUBLIC).exists(), Known(document, facts)


def _facts(citations: Iterable[Citation], own: set[int]) -> Iterable[Supported]:
    for citation in citations:
        fact = fact_of(citation)
        yield Supported(
            kind=str(fact._meta.verbose_name),
            words=words_of(fact),
            address=address_of(fact) if citation.pk in own else "",
            quote=citation.quote,
        )


def fact_of(citation: Citation) -> Fact:
    """Return the one fact that a citation supports."""
    facts = (
        *(citation.action, citation.response, citation.outcome),
        *(citation.status_change, citation.position),
    )
    return next(fact for fact in facts if fact is not None)


def words_of(fact: Fact) -> str:
    """Say in a line which fact this is."""
    if isinstance(fact, Action):
        day = format_on(fact.happened_on, fact.happened_precision)
        return f"{fact.title} ({fact.get_kind_display()}, {day}; {fact.campaign})"
    if isinstance(fact, Response):
        day = format_on(fact.happened_on, fact.happened_precision)
        return f"{fact.target}: {fact.get_kind_display()} ({day})"
    if isinstance(fact, StatusChange):
        day = format_on(fact.effective_on, fact.effective_precision)
        return f"{fact.target}: {fact.step} ({day})"
    return str(fact)


def address_of(fact: Fact) -> str:
    """Return the address of a fact in the admin."""
    return reverse(f"admin:{fact._meta.label_lower.replace('.', '_')}_change", args=[fact.pk])
