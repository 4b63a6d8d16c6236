"""The target's current columns, derived from the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from campaigns.dates import Precision
from campaigns.models import Target
from campaigns.timeline import in_effect, standing


@dataclass(frozen=True, slots=True)
class Repair:
    """A target whose columns did not say what the log says."""

    target: Target
    was: dict[str, Any]
    is_now: dict[str, Any]


def refresh_target(target: Target, *, now: dt.datetime) -> None:
    """Write what the log says into the target's row and into the instance at hand."""
    columns = derived_columns(target) | {"updated_at": max(now, target.updated_at)}
    target.begin_history()
    Target.objects.filter(pk=target.pk).update(**columns)
    for name, value in columns.items():
        setattr(target, name, value)
    # No tracked column but updated_at: what it said at any moment has to stay on record too.
    Target.records.write(target, "~", target.updated_at)


def derived_columns(target: Target) -> dict[str, Any]:
    """Return the columns that repeat the log, computed from it: name to value."""
    entries = [change.as_entry() for change in target.status_changes.select_related("outcome")]
    now = standing(in_effect(entries))
    return {
        "status": now.status,
        "status_since": now.since,
        "status_precision": now.since_precision or Precision.DAY,
        "outcome_id": now.outcome_id,
        "expires_on": now.expires_on,
    }


def rebuild_status(*, now: dt.datetime) -> Iterator[Repair | None]:
    """Derive every target's columns anew, yielding for each target a repair or ``None``.

    A healthy database yields only ``None``. Each target is its own transaction.
    """
    for pk in list(Target.objects.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            target = Target.objects.select_for_update(of=("self",)).get(pk=pk)
            is_now = derived_columns(target)
            was = {name: getattr(target, name) for name in is_now}
            if was != is_now:
                refresh_target(target, now=now)
        yield Repair(target, was, is_now) if was != is_now else None
