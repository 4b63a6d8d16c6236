"""A campaign's timeline: actions, responses and status changes in one row, as they happened."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from django.db.models import Prefetch

from campaigns.models import Action, Campaign, Citation, Response, StatusChange
from campaigns.querysets import StatusChangeQuerySet
from campaigns.statuses import Status
from campaigns.timeline import Entry, in_effect, preceding


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionItem:
    """Something that organizations did."""

    template: ClassVar[str] = "website/timeline/action.html"
    action: Action

    @property
    def place(self) -> tuple[dt.date, int, int]:
        """Where it stands among the items of other kinds."""
        return self.action.happened_on, 0, self.action.pk


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseItem:
    """Something that a company said."""

    template: ClassVar[str] = "website/timeline/response.html"
    response: Response

    @property
    def place(self) -> tuple[dt.date, int, int]:
        """Where it stands among the items of other kinds."""
        return self.response.happened_on, 1, self.response.pk


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeItem:
    """A status change, as the log reads today."""

    template: ClassVar[str] = "website/timeline/change.html"
    change: StatusChange
    before: Status | None
    """Where the target stood just before, by what is in effect now."""
    corrected_by: StatusChange | None
    """The later entry that corrects or retracts this one."""

    @property
    def is_reread(self) -> bool:
        """Whether later entries put another status before it than the one it was recorded after."""
        holds = self.corrected_by is None and self.change.to_status is not None
        return holds and self.before != self.change.from_status

    @property
    def citations(self) -> list[Citation]:
        """How we know of the change and of its outcome, each document and quote once."""
        cited = [
            *self.change.citations.all(),
            *(self.change.outcome.citations.all() if self.change.outcome else ()),
        ]
        return list({(c.document_id, c.quote, c.snapshot_hash): c for c in cited}.values())

    @property
    def place(self) -> tuple[dt.date, int, int]:
        """Where it stands among the items of other kinds."""
        return self.change.effective_on, 2, self.change.pk


Item = ActionItem | ResponseItem | ChangeItem


def campaign_timeline(campaign: Campaign) -> list[Item]:
    """Return all that is on record for a campaign, the latest first, in a fixed number of queries.

    What happened on one day is told in the order of cause: actions, responses, changes.
    """
    # Nothing in the database keeps a row from naming a target or action of another campaign,
    # which may be a draft.
    own_targets = campaign.targets.select_related("company", "product").order_by("pk")
    actions = campaign.actions.prefetch_related(
        "organizations", Prefetch("targets", own_targets), "citations__document"
    )
    responses = (
        Response.objects.filter(target__campaign=campaign)
        .select_related("target__company", "target__product")
        .prefetch_related(Prefetch("answers", campaign.actions.all()), "citations__document")
    )
    changes = with_evidence(StatusChange.objects.filter(target__campaign=campaign))
    items: list[Item] = [
        *(ActionItem(action=action) for action in actions),
        *(ResponseItem(response=response) for response in responses),
        *change_items(changes),
    ]
    return sorted(items, key=lambda item: item.place, reverse=True)


def latest_changes(changes: StatusChangeQuerySet, limit: int) -> list[ChangeItem]:
    """Return the latest changes in effect by the day they took effect, each read in its history."""
    latest = changes.in_effect().order_by("-effective_on", "-sequence")[:limit]
    wanted = dict(latest.values_list("pk", "target"))
    logs = StatusChange.objects.filter(target__in=set(wanted.values())).with_parts()
    items = [item for item in change_items(logs) if item.change.pk in wanted]
    return sorted(items, key=lambda item: item.place, reverse=True)


def change_item(change: StatusChange) -> ChangeItem:
    """Return one change, read in the history of its target.

    The whole log of the target is read: later entries may have put another status before it.
    """
    log = with_evidence(StatusChange.objects.filter(target=change.target_id))
    [item] = [item for item in change_items(log) if item.change.pk == change.pk]
    return item


def foreseen_items(change: StatusChange) -> list[ChangeItem]:
    """Return one change with what it corrects, in the order of the campaign's page."""
    log = with_evidence(StatusChange.objects.filter(target=change.target_id))
    shown = (change.pk, change.corrects_id)
    items = [item for item in change_items(log) if item.change.pk in shown]
    return sorted(items, key=lambda item: item.place, reverse=True)


def with_evidence(changes: StatusChangeQuerySet) -> StatusChangeQuerySet:
    """With all parts, and with what supports the change and its outcome."""
    return changes.with_parts().prefetch_related("outcome__citations__document")


def change_items(changes: Iterable[StatusChange]) -> list[ChangeItem]:
    """Read each change in the history of its target.

    Args:
        changes: the whole log of each target it speaks of, read ``with_parts()``.
    """
    logs: defaultdict[int, list[StatusChange]] = defaultdict(list)
    for change in changes:
        logs[change.target_id].append(change)
    return [item for log in logs.values() for item in _items_of_one_target(log)]


def _items_of_one_target(log: list[StatusChange]) -> list[ChangeItem]:
    entries = {change.pk: change.as_entry() for change in log}
    history = in_effect(entries.values())
    corrections = {change.corrects_id: change for change in log if change.corrects_id}
    return [
        ChangeItem(
            change=change,
            before=_status_before(history, entries[change.pk]),
            corrected_by=corrections.get(change.pk),
        )
        for change in log
    ]


def _status_before(history: list[Entry], entry: Entry) -> Status | None:
    before = preceding(history, entry)
    return before[-1].to_status if before else None
