"""Entries of the log with the moment at which what is said of them last changed."""

from __future__ import annotations

from collections.abc import Sequence

from api.prepared import keys_slot, prepared
from api.reading import Reading
from api.shapes import Item
from campaigns.models import StatusChange
from campaigns.revisions import revised_at
from campaigns.statuses import Status
from campaigns.timeline import Entry

_COLUMNS = (
    "sequence", "to_status", "effective_on", "effective_precision", "recorded_at", "corrects",
)  # fmt: skip


def revised(items: Sequence[Item], reading: Reading) -> list[Item]:
    """Return entries of the log with ``updated_at`` as a reader of feeds needs it; one query."""
    logs = _logs({item["target"]["id"] for item in items}, reading)
    found = []
    for item in items:
        log = logs[item["target"]["id"]]
        entry = next(entry for entry in log if entry.sequence == item["id"])
        found.append(item | {"updated_at": revised_at(entry, log, item["from_status"])})
    return found


def _logs(targets: set[int], reading: Reading) -> dict[int, list[Entry]]:
    query = prepared(
        ("logs", reading.clocks.shape),
        lambda: (
            StatusChange.objects.filter(target__pk__any_of=keys_slot())
            .order_by("sequence")
            .values_list(*_COLUMNS, "target")
        ),
    )
    logs: dict[int, list[Entry]] = {target: [] for target in targets}
    for *columns, target in query.rows({"keys": sorted(targets)}):
        sequence, status, *others = columns
        logs[target].append(Entry(sequence, Status(status) if status else None, *others))
    return logs
