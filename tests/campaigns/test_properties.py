"""Whatever is recorded, late, corrected or retracted: the columns say what the log says.

The expected values come from a plain re-computation of its own: it replays the rows into a
dictionary of claims, and asks on every day which claim came last.
"""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.errors import InvalidStatusChange
from campaigns.models import StatusChange, Target
from campaigns.services import rebuild_status
from campaigns.statuses import Status
from campaigns.timeline import in_effect, standing
from tests.factories import NOW, make_change, make_outcome_draft, make_target

pytestmark = pytest.mark.django_db

FIRST = dt.date(2020, 1, 1)
DAYS = 12


@dataclass(frozen=True)
class Step:
    """An attempt to write the log; ``corrects`` picks an earlier row, if there is any."""

    to_status: Status | None
    day: int
    has_outcome: bool
    extends: bool
    corrects: int | None


STEPS = st.lists(
    st.builds(
        Step,
        to_status=st.sampled_from([*Status, None]),
        day=st.integers(0, DAYS - 1),
        has_outcome=st.booleans(),
        extends=st.booleans(),
        corrects=st.none() | st.none() | st.integers(0, 20),
    ),
    min_size=1,
    max_size=14,
)


def attempt(target: Target, step: Step, moment: dt.datetime) -> None:
    """Try the step, as a user would; a refusal must leave the log as it was."""
    rows = list(target.status_changes.order_by("sequence"))
    corrects = rows[step.corrects % len(rows)] if rows and step.corrects is not None else None
    day = FIRST + dt.timedelta(days=step.day)
    outcome = make_outcome_draft(expires_on=day + dt.timedelta(days=90))
    try:
        make_change(
            target,
            step.to_status,
            day,
            moment,
            outcome=outcome if step.has_outcome and step.to_status else None,
            extends=step.extends and corrects is None,
            corrects=corrects,
        )
    except InvalidStatusChange:
        assert list(target.status_changes.order_by("sequence")) == rows


Claim = tuple[dt.date, int, str, int | None]


def claims_by_replay(
    rows: list[StatusChange], as_of: dt.date, known_at: dt.datetime
) -> list[Claim]:
    """Replay the log up to a moment; return what it claims happened by a day, in order."""
    claims: dict[int, Claim] = {}
    for row in sorted(rows, key=lambda row: row.sequence):
        if row.recorded_at > known_at:
            break
        if row.corrects_id is not None:
            del claims[row.corrects_id]
        if row.to_status is not None:
            claims[row.pk] = (row.effective_on, row.sequence, row.to_status, row.outcome_id)
    return sorted(claim for claim in claims.values() if claim[0] <= as_of)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_the_columns_and_every_reading_of_the_past_agree_with_a_plain_recomputation(
    steps: list[Step],
) -> None:
    with transaction.atomic():
        target = make_target()
        for number, step in enumerate(steps):
            attempt(target, step, NOW + dt.timedelta(hours=number))
        check_present(target)
        check_past(target)
        transaction.set_rollback(True)


def check_present(target: Target) -> None:
    """The columns equal the last claim, and there is nothing to rebuild."""
    target.refresh_from_db()
    rows = list(target.status_changes.all())
    claims = claims_by_replay(rows, dt.date.max, NOW + dt.timedelta(days=9))
    if not claims:
        assert (target.status, target.status_since, target.outcome_id) == (None, None, None)
    else:
        run = [claims[-1]]
        for claim in reversed(claims[:-1]):
            if claim[2] != run[-1][2]:
                break
            run.append(claim)
        assert target.status == claims[-1][2]
        assert target.status_since == run[-1][0]
        assert target.outcome_id == outcome_by_replay(claims)
        assert target.expires_on == (target.outcome.expires_on if target.outcome else None)
    assert [repair for repair in rebuild_status(now=NOW) if repair] == []


def outcome_by_replay(claims: list[Claim]) -> int | None:
    """Walk forward: an outcome comes into force, and goes when it is refused or walked back."""
    in_force = None
    for _, _, status, outcome_id in claims:
        if outcome_id is not None:
            in_force = outcome_id
        elif status in ("refused", "reversed", "expired", "withdrawn"):
            in_force = None
    return in_force


def check_past(target: Target) -> None:
    """On any day, as known at any moment, database and pure timeline agree with the replay."""
    rows = list(target.status_changes.select_related("outcome"))
    entries = [row.as_entry() for row in rows]
    moments = sorted({row.recorded_at for row in rows}) or [NOW]
    for known_at in moments:
        changes = StatusChange.objects.in_effect(known_at)
        for number in range(0, DAYS, 3):
            as_of = FIRST + dt.timedelta(days=number)
            claims = claims_by_replay(rows, as_of, known_at)
            expected = (claims[-1][1], claims[-1][2]) if claims else (None, None)
            read = vars(Target.objects.with_standing(changes, as_of).get(pk=target.pk))
            pure = standing(in_effect(entries, as_of=as_of, known_at=known_at))
            assert (read["standing_change_id"], read["standing_status"]) == expected
            assert (pure.sequence, pure.status) == expected


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_what_was_known_at_a_moment_never_changes_afterwards(steps: list[Step]) -> None:
    with transaction.atomic():
        target = make_target()
        answers: dict[dt.datetime, object] = {}
        for number, step in enumerate(steps):
            moment = NOW + dt.timedelta(hours=number)
            attempt(target, step, moment)
            entries = [row.as_entry() for row in target.status_changes.select_related("outcome")]
            answers[moment] = in_effect(entries, known_at=moment)
        for moment, answer in answers.items():
            assert in_effect(entries, known_at=moment) == answer
        transaction.set_rollback(True)
