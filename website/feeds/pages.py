"""A page of a feed, read in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from alerts.models import Subscription
from alerts.services.matching import about_target, by_step
from campaigns.models import FeedEntry, StatusChange
from campaigns.statuses import Status
from campaigns.telling.happenings import Happening
from campaigns.timeline import Entry
from website.feeds.telling import happening_of
from website.timelines import with_evidence

PAGE_LENGTH = 50
_COLUMNS = (
    "sequence", "to_status", "effective_on", "effective_precision", "recorded_at", "corrects",
    "outcome", "outcome__expires_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """Entries of a feed, and where to go on."""

    happenings: list[Happening]
    before: int | None
    """The number in the public feed below which the next page begins; ``None`` on the last."""


def feed_page(criteria: Subscription, *, before: int | None) -> FeedPage:
    """Read the status changes that are wanted, those that became public last first.

    Pages go by the numbers of the public feed, so that nothing is skipped or repeated while
    entries are added.

    Args:
        criteria: what is wanted.
        before: only entries with a lower number in the public feed.
    """
    entries = FeedEntry.objects.current().filter(
        about_target(criteria, "status_change__target__"), by_step(criteria, "status_change__")
    )
    if before is not None:
        entries = entries.filter(sequence__lt=before)
    numbered = entries.order_by("-sequence").values_list("sequence", "status_change")
    rows = list(numbered[: PAGE_LENGTH + 1])
    shown = rows[:PAGE_LENGTH]
    changes = with_evidence(StatusChange.objects.filter(pk__in=[pk for _, pk in shown])).in_bulk()
    logs = logs_of({change.target_id for change in changes.values()})
    return FeedPage(
        happenings=[happening_of(changes[pk], logs[changes[pk].target_id]) for _, pk in shown],
        before=shown[-1][0] if len(rows) > PAGE_LENGTH else None,
    )


def logs_of(targets: Collection[int]) -> dict[int, list[Entry]]:
    """Return the log of each target, in the order of recording; one query."""
    logs: defaultdict[int, list[Entry]] = defaultdict(list)
    rows = StatusChange.objects.filter(target__in=targets).order_by("sequence")
    for target, sequence, status, *others in rows.values_list("target", *_COLUMNS):
        logs[target].append(Entry(sequence, Status(status) if status else None, *others))
    return logs
