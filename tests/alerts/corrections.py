"""What was recorded wrongly and told, and how it is put right."""

from __future__ import annotations

import datetime as dt

from alerts.services import fan_out
from campaigns.models import StatusChange, Target
from campaigns.statuses import Status
from tests.factories import NOW, make_change

SOON = NOW + dt.timedelta(minutes=2)
TOMORROW = NOW + dt.timedelta(days=1)
WAYS = ["correction", "retraction"]
READER = "reader@example.org"


def recorded(target: Target, to_status: str = Status.PAUSED) -> StatusChange:
    """A change of status that is fanned out, and will turn out to be wrong."""
    change = make_change(target, to_status)
    fan_out(change_id=change.pk, now=NOW)
    return change


def undo(
    wrong: StatusChange, way: str, now: dt.datetime = NOW, *, is_silent: bool = False
) -> StatusChange:
    """Correct or retract a change, and fan that out."""
    to_status = Status.PARTIAL if way == "correction" else None
    change = make_change(wrong.target, to_status, corrects=wrong, now=now, is_silent=is_silent)
    fan_out(change_id=change.pk, now=now)
    return change


def states_of(change: StatusChange) -> list[str]:
    """How each delivery of a change stands."""
    return list(change.event.deliveries.values_list("state", flat=True))


def state_of(change: StatusChange) -> str:
    """How the only delivery of a change stands."""
    [state] = states_of(change)
    return state
