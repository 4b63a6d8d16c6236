"""Who sees and does what with sources and findings: docs/permissions.md has the table.

A source is seen by whoever sees a target that it is watched for. While nothing is, it is seen by
its own stewards.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from campaigns.access import grant, leads_to_campaigns, shared_campaigns, shared_targets
from campaigns.models import Membership
from campaigns.roles import EDITOR, MANAGER, MEMBER, Grant
from companies.access import IsAmong, Person, scope
from sources.models import (
    Article,
    Finding,
    LabelledFinding,
    LostQuote,
    Poll,
    Review,
    Snapshot,
    Source,
    Watch,
)

Rows = QuerySet[Any]

GRANTS: dict[str, Grant] = {
    **{
        f"sources.view_{model}": Grant(MEMBER, MEMBER)
        for model in ("source", "watch", "finding", "snapshot", "lostquote")
    },
    **{
        f"sources.{verb}": Grant(MANAGER, MANAGER)
        for verb in ("add_source", "change_source", "add_watch", "change_watch", "delete_watch")
    },
    "sources.change_finding": Grant(EDITOR, EDITOR),
    "sources.change_lostquote": Grant(EDITOR, EDITOR),
}

for _permission, _rule in GRANTS.items():
    grant(_permission, _rule)


def _watched(source: Source) -> set[int | None]:
    return set(source.watches.values_list("target__campaign", flat=True)) if source.pk else set()


leads_to_campaigns(Source)(_watched)
leads_to_campaigns(Snapshot)(lambda snapshot: _watched(snapshot.source))
leads_to_campaigns(LostQuote)(lambda lost: _watched(lost.snapshot.source))
leads_to_campaigns(Watch, Finding)(lambda row: [row.target.campaign_id] if row.target_id else [])


def stewardships() -> QuerySet[Any]:
    """Return the pairs of a ``source`` and a ``user`` who is its steward and may know of it.

    Who is named as a steward of a source that is watched for organizations has to work for one of
    them. Nobody whose account is closed is a steward; staff may know of all sources.
    """
    works_there = Membership.objects.filter(
        user=OuterRef("user"),
        organization__shared_campaigns__targets__watches__source=OuterRef("source"),
    )
    is_watched = Watch.objects.filter(source=OuterRef("source"))
    may_know = Q(user__is_staff=True) | Q(user__is_superuser=True)
    may_know |= ~Exists(is_watched) | Exists(works_there)
    rows: QuerySet[Any] = Source.stewards.through.objects.filter(may_know, user__is_active=True)
    return rows


def _seen_sources(person: Person) -> QuerySet[Any, Any]:
    """Return the keys of the sources that a person sees, one more than once perhaps."""
    watching = Watch.objects.filter(target__campaign__in=shared_campaigns(person)).order_by()
    stewarded = stewardships().filter(user=person.pk)
    return watching.values("source").union(stewarded.values("source"), all=True)


@scope(Source)
def _sources(rows: Rows, person: Person) -> Rows:
    return rows.filter(IsAmong("pk", _seen_sources(person)))


@scope(Article, Poll, Snapshot)
def _of_sources(rows: Rows, person: Person) -> Rows:
    return rows.filter(IsAmong("source_id", _seen_sources(person)))


@scope(Watch, Finding)
def _of_targets(rows: Rows, person: Person) -> Rows:
    return rows.filter(IsAmong("target_id", shared_targets(person)))


@scope(Review, LabelledFinding)
def _of_findings(rows: Rows, person: Person) -> Rows:
    return rows.filter(IsAmong("finding__target_id", shared_targets(person)))


@scope(LostQuote)
def _quotes(rows: Rows, person: Person) -> Rows:
    """Of facts of their campaigns: which page lost a sentence tells what others cite."""
    return rows.filter(citation__campaign__in=shared_campaigns(person))
