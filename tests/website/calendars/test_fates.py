"""Whether what an outcome promises for a day still stands, and since when that is known."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from campaigns.statuses import Status
from campaigns.timeline import Entry
from website.calendars.fates import Fate, fate_of

START = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.date(2021, 6, 10)
OUTCOME = 7


def entry(sequence: int, status: str | None, day: str, **fields: Any) -> Entry:
    """An entry of a log, recorded an hour after the one before."""
    return Entry(
        sequence,
        Status(status) if status else None,
        dt.date.fromisoformat(day),
        "day",
        START + sequence * HOUR,
        fields.get("corrects"),
        fields.get("outcome"),
    )


PAUSED = entry(1, "paused", "2020-06-10", outcome=OUTCOME)


def test_it_stands_from_when_it_was_recorded_while_nothing_comes_in_between() -> None:
    assert fate_of(OUTCOME, DAY, [PAUSED]) == Fate(True, 0, START + HOUR)
    in_court = entry(2, "in_court", "2020-09-01")
    assert fate_of(OUTCOME, DAY, [PAUSED, in_court]) == Fate(True, 0, START + HOUR)


def test_another_outcome_takes_its_place() -> None:
    extended = entry(2, "paused", "2021-05-18", outcome=8)
    assert fate_of(OUTCOME, DAY, [PAUSED, extended]) == Fate(False, 1, START + 2 * HOUR)
    assert fate_of(8, DAY, [PAUSED, extended]) == Fate(True, 0, START + 2 * HOUR)


def test_what_ends_it_before_the_day_cancels_the_day() -> None:
    reversed_ = entry(2, "reversed", "2021-06-09")
    assert fate_of(OUTCOME, DAY, [PAUSED, reversed_]).stands is False


def test_what_comes_on_the_day_or_later_does_not_undo_it() -> None:
    expired = entry(2, "expired", "2021-06-10")
    anew = entry(3, "paused", "2022-01-01", outcome=8)
    assert fate_of(OUTCOME, DAY, [PAUSED, expired, anew]) == Fate(True, 0, START + HOUR)


def test_a_retraction_cancels_it_and_a_correction_that_keeps_it_does_not() -> None:
    retracted = entry(2, None, "2020-06-10", corrects=1)
    assert fate_of(OUTCOME, DAY, [PAUSED, retracted]) == Fate(False, 1, START + 2 * HOUR)
    corrected = entry(2, "paused", "2020-06-11", corrects=1, outcome=OUTCOME)
    assert fate_of(OUTCOME, DAY, [PAUSED, corrected]) == Fate(True, 0, START + HOUR)


def test_what_is_taken_back_itself_lets_it_stand_again() -> None:
    reversed_ = entry(2, "reversed", "2020-12-01")
    error = entry(3, None, "2020-12-01", corrects=2)
    assert fate_of(OUTCOME, DAY, [PAUSED, reversed_, error]) == Fate(True, 2, START + 3 * HOUR)


def test_what_was_over_when_it_was_recorded_never_stood() -> None:
    reversed_ = entry(1, "reversed", "2020-12-01")
    late = entry(2, "paused", "2020-06-10", outcome=OUTCOME)
    assert fate_of(OUTCOME, DAY, [reversed_, late]) == Fate(False, 0, START + 2 * HOUR)


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["paused", "in_court", "reversed", "expired", None]),
            st.integers(1, 12),
            st.sampled_from([None, OUTCOME, 8]),
        ),
        max_size=8,
    )
)
def test_a_fate_turns_whenever_it_differs_from_the_one_before(
    steps: list[tuple[str | None, int, int | None]],
) -> None:
    log = [PAUSED]
    before = fate_of(OUTCOME, DAY, log)
    for sequence, (status, month, outcome) in enumerate(steps, start=2):
        brought = outcome if status == "paused" else None
        corrects = sequence - 1 if status is None else None
        day = f"2021-{month:02d}-01"
        log.append(entry(sequence, status, day, outcome=brought, corrects=corrects))
        after = fate_of(OUTCOME, DAY, log)
        has_turned = after.stands != before.stands
        assert after.turns_count == before.turns_count + has_turned
        assert after.turned_at == (log[-1].recorded_at if has_turned else before.turned_at)
        before = after
