"""Histories that somebody may try to record: in any order, late, corrected, retracted, extended."""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import dataclass

from hypothesis import strategies as st

from campaigns.errors import InvalidStatusChange
from campaigns.models import Target
from campaigns.statuses import CONCEDED
from tests.factories import LONG_AGO, made_at, make_change, make_outcome_draft, make_target

DAYS = [dt.date(2020, month, 1) for month in range(1, 13)]
START = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Step:
    """What somebody tries to record: a change, or a correction or retraction of an earlier one."""

    to_status: str | None
    day: dt.date
    corrects: int | None
    has_outcome: bool
    extends: bool


# Few statuses, of each kind that counts here, so that histories get long and say something.
_STATUSES = ["paused", "paused", "partial", "in_court", "in_court", "refused", "reversed", None]

histories = st.lists(
    st.builds(
        Step,
        to_status=st.sampled_from(_STATUSES),
        day=st.sampled_from(DAYS),
        corrects=st.none() | st.none() | st.integers(0, 3),
        has_outcome=st.sampled_from([True, True, False]),
        extends=st.sampled_from([False, False, True]),
    ),
    min_size=3,
    max_size=10,
)


def record_history(history: list[Step]) -> Target:
    """Record what is not refused, one step an hour, for a new target."""
    with made_at(LONG_AGO):
        target = make_target()
    for hour, step in enumerate(history):
        with contextlib.suppress(InvalidStatusChange):
            record_step(target, step, START + dt.timedelta(hours=hour))
    return target


def record_step(target: Target, step: Step, now: dt.datetime) -> None:
    """Record a step of a target's history.

    Raises:
        InvalidStatusChange: it is refused.
    """
    log = list(target.status_changes.order_by("sequence"))
    is_correction = step.corrects is not None and step.corrects < len(log)
    concedes = step.has_outcome and step.to_status in CONCEDED
    make_change(
        target,
        step.to_status,
        step.day,
        now=now,
        corrects=log[step.corrects] if is_correction and step.corrects is not None else None,
        outcome=make_outcome_draft(expires_on=dt.date(2022, 1, 1)) if concedes else None,
        extends=step.extends and concedes and not is_correction,
    )


def moment_after(target: Target, rows: int) -> dt.datetime:
    """The moment at which so many rows were on record, or all of them if there are fewer."""
    moments = [change.recorded_at for change in target.status_changes.order_by("sequence")]
    return ([START - dt.timedelta(hours=1), *moments])[min(rows, len(moments))]
