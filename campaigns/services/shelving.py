"""Which document a fact cites at a URL: see decision 32.

In public a URL has one document. What a draft says of one is its organizations' own: nobody else
cites it, reads it or learns of it before it is published.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest

from campaigns.models import PUBLIC, Campaign, Citation, Document, Membership, OldUrl
from companies.notes import move_notes

BATCH = 300
"""URLs, or campaigns, that one query asks for."""


@dataclass(frozen=True, slots=True)
class Circle:
    """Who has documents in common: the organizations with which a campaign is shared.

    Attributes:
        organizations: their keys.
        campaign: the key of a campaign that is shared with none; ``None`` for a position, too.
    """

    organizations: frozenset[int] = frozenset()
    campaign: int | None = None


def circle_of(campaign: Campaign | None) -> Circle:
    """Return the circle of a campaign's facts; ``None`` asks for that of positions."""
    return Circle() if campaign is None else circles_of([campaign])[campaign.pk]


def circles_of(campaigns: Collection[Campaign]) -> dict[int, Circle]:
    """Return the circles of campaigns by their keys."""
    members: dict[int, set[int]] = {campaign.pk: set() for campaign in campaigns}
    keys = list(members)
    for start in range(0, len(keys), BATCH):
        through = Campaign.shared_with.through.objects
        rows = through.filter(campaign__in=keys[start : start + BATCH])
        for campaign, organization in rows.values_list("campaign", "organization"):
            members[campaign].add(organization)
    return {key: Circle(frozenset(own), None if own else key) for key, own in members.items()}


def document_for(url: str, campaign: Campaign | None) -> Document | None:
    """Return the document that facts of a campaign cite at a URL; ``None`` asks for positions."""
    return documents_for([url], circle_of(campaign)).get(url)


def documents_for(urls: Collection[str], circle: Circle) -> dict[str, Document]:
    """Return the documents that facts of a circle cite at these URLs, by URL.

    The one that the public knows comes before one that the whole circle reads in its drafts, and
    that before one which nothing cites. URLs of documents that were merged lead to the one that
    was kept.
    """
    wanted = list(dict.fromkeys(urls))
    found: dict[str, Document] = {}
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        places = _ranked(Document.objects.filter(url__in=batch), circle)
        for document in places:
            found.setdefault(document.url, document)
        left = [url for url in batch if url not in found]
        moved = _ranked(Document.objects.filter(old_urls__url__in=left), circle) if left else ()
        for document in moved:
            for old in document.old_urls.all():
                found.setdefault(old.url, document)
    return found


def _ranked(rows: QuerySet[Document], circle: Circle) -> QuerySet[Document]:
    """Return those that the circle may cite, best first."""
    citations = Citation.objects.filter(document=OuterRef("pk"))
    rank = Case(
        When(Exists(citations.filter(PUBLIC)), then=Value(1)),
        When(_is_read_by_all(citations, circle), then=Value(2)),
        When(~Exists(citations) & _is_free(circle), then=Value(3)),
        default=Value(0),
        output_field=IntegerField(),
    )
    found = rows.alias(rank=rank).filter(rank__gt=0).order_by("rank", "pk")
    return found.distinct().prefetch_related("old_urls")


def _is_read_by_all(citations: QuerySet[Citation], circle: Circle) -> Q:
    """Whether each organization of the circle reads a document in some campaign already.

    Whoever shares a draft with others gets nothing by it of what these say in their own drafts.
    """
    if not circle.organizations:
        return Q(Exists(citations.filter(campaign=circle.campaign or 0)))
    found = Q()
    for organization in sorted(circle.organizations):
        through = Campaign.shared_with.through.objects.filter(organization=organization)
        found &= Q(Exists(citations.filter(campaign__in=through.values("campaign"))))
    return found


def _is_free(circle: Circle) -> Q:
    """Whether a document that nothing cites is the circle's own, or everybody's.

    It is everybody's when a steward or a command added it and nothing ever cited it: what was
    cited once may hold the words of a draft.
    """
    history: Any = Document.history
    added = history.filter(id=OuterRef("pk"), history_type="+")
    by_members = added.filter(history_user__is_staff=False, history_user__is_superuser=False)
    by_own = by_members if circle.organizations else by_members.none()
    for organization in sorted(circle.organizations):
        members = Membership.objects.filter(organization=organization)
        by_own = by_own.filter(history_user__in=members.values("user"))
    past: Any = Citation.history
    was_cited = Exists(past.filter(document=OuterRef("pk")))
    return Q(Exists(by_own)) | (~Q(Exists(by_members)) & ~Q(was_cited))


def cite_as_public(campaign: Campaign) -> None:
    """Let a draft that is about to be public cite what the public knows at its URLs.

    What the draft said of these documents itself is deleted, unless other drafts cite it. Of two
    that it has itself at one URL the older one stays.
    """
    url = OuterRef("document__url")
    twins = Document.objects.filter(url=url).exclude(pk=OuterRef("document"))
    has_twin = Q(Exists(twins)) | Q(Exists(OldUrl.objects.filter(url=url)))
    citations = Citation.objects.filter(has_twin, campaign=campaign).select_related("document")
    chosen: dict[str, Document] = {}
    left: dict[Document, Document] = {}
    for citation in citations.order_by("document_id", "pk"):
        own = citation.document
        known = chosen.setdefault(own.url, own.in_public())
        if known != own:
            citation.document = known
            citation.save()
            left[own] = known
    for own, known in left.items():
        _leave(own, known)


def _leave(own: Document, known: Document) -> None:
    """Let a document that gave way lead to the one in its place; delete it if nothing cites it."""
    for url in {own.url, *own.old_urls.values_list("url", flat=True)} - {known.url}:
        OldUrl.objects.get_or_create(document=known, url=url)
    if not own.citations.exists():
        move_notes(about=own, to=known)
        # What is restored of the draft cites what it would cite by now.
        past: Any = Citation.history
        deleted = past.filter(document=own.pk).exclude(id__in=known.citations.values("pk"))
        deleted.update(document=known.pk)
        own.delete()


def part_from_others(*, document: Document, seen: QuerySet[Citation]) -> None:
    """Save what somebody changed of a document, but for the drafts of others that cite it as well.

    These are drafts of others when a campaign was withdrawn, or is not shared with them any more.
    They keep the document with its words, and ``document`` becomes a new one, for the citations
    that the person sees. What is public is changed for all.

    Args:
        document: with its changes, not saved yet.
        seen: the citations that the person sees, of any document.
    """
    citations = Citation.objects.filter(document=document.pk)
    others = citations.exclude(pk__in=seen.values("pk"))
    if document._state.adding or citations.filter(PUBLIC).exists() or not others.exists():
        document.save()
        return
    own = list(seen.filter(document=document.pk))
    urls = list(OldUrl.objects.filter(document=document.pk).values_list("url", flat=True))
    document.pk, document._state.adding = None, True
    document.save()
    OldUrl.objects.bulk_create(OldUrl(document=document, url=url) for url in urls)
    for citation in own:
        citation.document = document
        citation.save()


def told_since(*, document: Document, seen: QuerySet[Citation]) -> dt.datetime | None:
    """Return since when a document is on record for somebody: what it said before was a draft's.

    Args:
        document: what is asked about.
        seen: the citations that the person sees, of any document.

    Returns:
        the moment from which it is public, or cited by a fact that they see; ``None`` for neither.
    """
    past: Any = Citation.history
    versions = past.filter(document=document.pk)
    own = versions.filter(id__in=seen.filter(document=document.pk).values("pk"))
    public = Citation.objects.filter(PUBLIC, document=document.pk)
    # A position is public from the first, and has no campaign.
    published = Greatest("created_at", Coalesce("campaign__published_at", "created_at"))
    moments = (
        own.aggregate(first=Min("history_date"))["first"],
        public.aggregate(first=Min(published))["first"],
    )
    return min(filter(None, moments), default=None)
