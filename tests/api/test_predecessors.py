"""Two answers to "from which status": what was known when recorded, and what is known today."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.models import StatusChange, Target
from campaigns.timeline import in_effect
from tests.api.factories import get, ids, results
from tests.api.histories import Step, histories, moment_after, record_history
from tests.factories import LONG_AGO, NOW, made_at, make_change, make_target
from website.timelines import ChangeItem, campaign_timeline

pytestmark = pytest.mark.django_db

MAY, JUNE, JULY = (dt.date(2020, month, 1) for month in (5, 6, 7))
LATER = NOW + dt.timedelta(days=1)


@pytest.fixture
def paused() -> StatusChange:
    """Called on in May, paused in July: the pause was recorded as coming after the call."""
    with made_at(LONG_AGO):
        target = make_target()
    make_change(target, "called_on", MAY)
    return make_change(target, "paused", JULY)


def steps(client: Client, change: StatusChange, **clocks: str) -> tuple[Any, Any]:
    row = get(client, f"status-changes/{change.pk}/", **clocks)
    return row["from_status"], row["follows_status"]


def test_a_late_record_comes_between_but_what_was_known_stays(
    client: Client, paused: StatusChange
) -> None:
    assert steps(client, paused) == ("called_on", "called_on")
    refused = make_change(paused.target, "refused", JUNE, now=LATER)
    assert steps(client, paused) == ("called_on", "refused")
    assert steps(client, paused, known_at=NOW.isoformat()) == ("called_on", "called_on")
    assert steps(client, refused) == ("called_on", "called_on")


def test_what_was_corrected_away_follows_nothing_any_more(
    client: Client, paused: StatusChange
) -> None:
    right = make_change(paused.target, "partial", JULY, corrects=paused, now=LATER)
    assert steps(client, paused) == ("called_on", None)
    assert steps(client, paused, known_at=NOW.isoformat()) == ("called_on", "called_on")
    assert steps(client, right) == ("called_on", "called_on")


def test_a_retraction_follows_nothing_and_closes_the_gap(
    client: Client, paused: StatusChange
) -> None:
    refused = make_change(paused.target, "refused", JUNE, now=LATER)
    retraction = make_change(paused.target, None, corrects=refused, now=LATER)
    assert steps(client, retraction) == ("refused", None)
    assert steps(client, paused) == ("called_on", "called_on")


def test_two_changes_of_one_day_follow_each_other_as_recorded(client: Client) -> None:
    target = make_target()
    first = make_change(target, "called_on", MAY)
    second = make_change(target, "refused", MAY)
    assert [steps(client, change)[1] for change in (first, second)] == [None, "called_on"]


def test_histories_of_two_targets_are_not_mixed(client: Client, paused: StatusChange) -> None:
    other = make_target(paused.target.campaign)
    make_change(other, "refused", JUNE)
    assert steps(client, paused) == ("called_on", "called_on")


def test_the_filter_asks_what_was_known_when_it_was_recorded(
    client: Client, paused: StatusChange
) -> None:
    make_change(paused.target, "refused", JUNE, now=LATER)
    assert paused.pk in ids(client, "status-changes", from_status="called_on")


def told_on_the_page(target: Target) -> dict[int, str | None]:
    """What the campaign's page says came before each change in effect, by its sequence."""
    return {
        item.change.pk: item.before
        for item in campaign_timeline(target.campaign)
        if isinstance(item, ChangeItem) and not item.corrected_by and item.change.to_status
    }


def replayed(target: Target, known_at: dt.datetime) -> dict[int, str | None]:
    """The same for what was known at a moment, from the pure timeline."""
    entries = [c.as_entry() for c in target.status_changes.select_related("outcome")]
    history = in_effect(entries, known_at=known_at)
    before = [None, *(entry.to_status for entry in history)]
    return {entry.sequence: status for entry, status in zip(history, before, strict=False)}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=histories, known=st.integers(0, 10))
def test_pages_and_api_agree_on_what_came_before(
    client: Client, history: list[Step], known: int
) -> None:
    target = record_history(history)

    def told_by_the_api(**clocks: str) -> dict[int, str | None]:
        rows = results(client, "status-changes", target=target.pk, **clocks)
        return {row["sequence"]: row["follows_status"] for row in rows}

    def complete(told: dict[int, str | None], moment: dt.datetime) -> dict[int, str | None]:
        known_rows = target.status_changes.filter(recorded_at__lte=moment)
        return dict.fromkeys(known_rows.values_list("pk", flat=True)) | told

    today, known_at = moment_after(target, 99), moment_after(target, known)
    assert told_by_the_api() == complete(told_on_the_page(target), today)
    assert told_by_the_api(known_at=known_at.isoformat()) == complete(
        replayed(target, known_at), known_at
    )
