"""The two clocks: what was true on a day, as recorded by a moment."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.models import StatusChange, Target
from campaigns.statuses import ENDS_OUTCOME
from tests.api.factories import (
    get,
    ids,
    make_position,
    make_response,
    results,
)
from tests.api.histories import DAYS, Step, histories, moment_after, record_history
from tests.factories import (
    LONG_AGO,
    made_at,
    make_action,
    make_bill,
    make_campaign,
    make_change,
    make_company,
    make_outcome_draft,
    make_target,
)

pytestmark = pytest.mark.django_db

MAY, JUNE = dt.datetime(2021, 5, 1, tzinfo=dt.UTC), dt.datetime(2021, 6, 1, tzinfo=dt.UTC)
JULY = dt.datetime(2021, 7, 1, tzinfo=dt.UTC)
CALLED, PAUSED = dt.date(2018, 5, 22), dt.date(2020, 6, 10)


@pytest.fixture
def target() -> Target:
    """Called on in 2018, which was recorded in May 2021; paused in 2020, recorded in June."""
    with made_at(LONG_AGO):
        target = make_target()
    make_change(target, "called_on", CALLED, now=MAY)
    make_change(target, "paused", PAUSED, now=JUNE, outcome=make_outcome_draft())
    return target


def ask(client: Client, target: Target, **clocks: str) -> dict[str, Any]:
    row: dict[str, Any] = get(client, f"targets/{target.pk}/", **clocks)
    return row


def test_as_of_the_day_before_the_status_is_the_old_one(client: Client, target: Target) -> None:
    before = ask(client, target, as_of="2020-06-09")
    assert (before["status"], before["status_since"]) == ("called_on", "2018-05-22")
    assert (before["outcome"], before["expires_on"]) == (None, None)
    on_the_day = ask(client, target, as_of="2020-06-10")
    assert (on_the_day["status"], on_the_day["expires_on"]) == ("paused", "2021-06-10")
    assert on_the_day["outcome"]["kind"] == "moratorium"


def test_before_the_first_day_nothing_is_on_record(client: Client, target: Target) -> None:
    assert ask(client, target, as_of="2018-05-21")["status"] is None


def test_known_at_a_moment_late_records_are_unknown(client: Client, target: Target) -> None:
    assert ask(client, target, known_at="2021-05-31T23:59:59Z")["status"] == "called_on"
    assert ask(client, target, known_at="2021-06-01T00:00:00Z")["status"] == "paused"
    assert ask(client, target, known_at="2021-06-01T02:00:00+02:00")["status"] == "paused"


def test_both_clocks_hold_together(client: Client, target: Target) -> None:
    both = ask(client, target, as_of="2020-06-15", known_at="2021-05-15")
    assert both["status"] == "called_on"


def test_a_retracted_change_no_longer_counts_unless_asked_as_it_was_known(
    client: Client, target: Target
) -> None:
    paused = StatusChange.objects.latest("sequence")
    make_change(target, None, now=JULY, corrects=paused)
    assert ask(client, target, as_of="2020-06-15")["status"] == "called_on"
    assert ask(client, target, as_of="2020-06-15", known_at="2021-06-30")["status"] == "paused"


def test_the_filter_by_status_is_of_the_day_too(client: Client, target: Target) -> None:
    assert ids(client, "targets", status="paused") == [target.pk]
    assert ids(client, "targets", status="called_on") == []
    assert ids(client, "targets", status="called_on", as_of="2019-01-01") == [target.pk]
    assert ids(client, "targets", status="paused", as_of="2019-01-01") == []
    assert ids(client, "targets", status="none", as_of="2018-01-01") == [target.pk]
    assert ids(client, "campaigns", status="called_on", as_of="2019-01-01") == [target.campaign_id]
    assert ids(client, "campaigns", status="paused", as_of="2019-01-01") == []


def test_the_filter_by_expiry_is_of_the_day_too(client: Client, target: Target) -> None:
    assert ids(client, "targets", expires_before="2021-06-10") == [target.pk]
    assert ids(client, "targets", expires_before="2021-06-09") == []
    assert ids(client, "targets", expires_before="2021-06-10", as_of="2020-06-09") == []
    assert ids(client, "targets", expires_after="2021-06-10", as_of="2020-06-10") == [target.pk]


def test_targets_inside_campaigns_stand_as_asked(client: Client, target: Target) -> None:
    path = f"campaigns/{target.campaign_id}/"
    assert get(client, path)["targets"][0]["status"] == "paused"
    assert get(client, path, as_of="2019-01-01")["targets"][0]["status"] == "called_on"
    page = results(client, "campaigns", known_at="2021-04-01")
    assert page[0]["targets"][0]["status"] is None


def test_the_log_shows_what_had_happened_and_was_recorded(client: Client, target: Target) -> None:
    called, paused = ids(client, "status-changes")
    assert ids(client, "status-changes", as_of="2020-06-09") == [called]
    assert ids(client, "status-changes", known_at="2021-05-31") == [called]
    make_change(target, None, now=JULY, corrects=StatusChange.objects.get(pk=paused))
    path = f"status-changes/{paused}/"
    assert get(client, path)["corrected_by"]["kind"] == "retraction"
    assert get(client, path, known_at="2021-06-30")["corrected_by"] is None
    assert client.get(f"/api/v1/{path}", {"known_at": "2021-05-31"}).status_code == 404


def test_an_outcome_is_in_force_from_its_day_until_it_lapses(
    client: Client, target: Target
) -> None:
    [outcome] = ids(client, "outcomes")

    def is_in_force(**clocks: str) -> bool:
        answer: bool = get(client, f"outcomes/{outcome}/", **clocks)["is_in_force"]
        return answer

    assert is_in_force(as_of="2020-06-10")
    assert is_in_force(as_of="2021-06-09")
    assert not is_in_force(as_of="2021-06-10")
    assert not is_in_force()
    assert ids(client, "outcomes", as_of="2020-06-09") == []
    assert ids(client, "outcomes", known_at="2021-05-31") == []


def test_a_promise_is_on_record_but_not_in_force_before_its_day(client: Client) -> None:
    promise = make_outcome_draft(effective_on=dt.date(2020, 9, 1))
    change = make_change(make_target(), "committed", PAUSED, outcome=promise)
    [promised] = results(client, "outcomes", as_of="2020-08-31")
    assert (promised["id"], promised["is_in_force"]) == (change.outcome_id, False)
    [begun] = results(client, "outcomes", as_of="2020-09-01")
    assert begun["is_in_force"] is True


def test_a_newer_version_is_unknown_before_its_time(client: Client, target: Target) -> None:
    extension = make_change(
        target,
        "paused",
        dt.date(2021, 5, 18),
        now=JULY,
        extends=True,
        outcome=make_outcome_draft(terms="Until further notice", expires_on=None),
    )
    old, new = results(client, "outcomes")
    assert [version["id"] for version in old["superseded_by"]] == [new["id"]]
    assert new["is_in_force"]
    assert ask(client, target)["status_since"] == "2020-06-10"
    for clocks in ({"as_of": "2021-05-17"}, {"known_at": "2021-06-30"}):
        [then] = results(client, "outcomes", **clocks)
        assert then["superseded_by"] == []
        assert ask(client, target, **clocks)["outcome"]["id"] == old["id"]
    assert ask(client, target, as_of="2021-05-18")["outcome"]["id"] == extension.outcome_id


def test_an_outcome_whose_change_was_retracted_is_not_in_force(
    client: Client, target: Target
) -> None:
    make_change(target, None, now=JULY, corrects=StatusChange.objects.latest("sequence"))
    [row] = results(client, "outcomes", as_of="2020-07-01")
    assert row["is_in_force"] is False
    [row] = results(client, "outcomes", as_of="2020-07-01", known_at="2021-06-15")
    assert row["is_in_force"] is True


def test_what_was_edited_since_reads_as_it_was_known(client: Client) -> None:
    with made_at(LONG_AGO):
        campaign = make_campaign("Old title")
        action = make_action(campaign, participants_count=250)
    campaign.title = "New title"
    campaign.save()
    action.participants_count = 300
    action.save()
    [then] = results(client, "actions", known_at="2019-01-01")
    [now] = results(client, "actions")
    assert (then["participants_count"], then["campaign"]["name"]) == (250, "Old title")
    assert (now["participants_count"], now["campaign"]["name"]) == (300, "New title")
    assert ids(client, "actions", known_at="2019-01-01", participants_min=260) == []
    assert ids(client, "actions", participants_min=260) == [action.pk]


def recomputed(target: Target, as_of: dt.date, known_at: dt.datetime) -> tuple[Any, ...]:
    """The same answer, computed the plain way."""
    log = list(target.status_changes.filter(recorded_at__lte=known_at).order_by("sequence"))
    replaced = [change.corrects_id for change in log]
    counting = [c for c in log if c.to_status and c.pk not in replaced and c.effective_on <= as_of]
    if not counting:
        return (None, None, None, None)
    counting.sort(key=lambda change: (change.effective_on, change.sequence))
    in_order, last = list(counting), counting[-1]
    since = last.effective_on
    while counting and counting[-1].to_status == last.to_status:
        since = counting.pop().effective_on
    outcome = None
    for change in in_order:
        outcome = change.outcome or (None if change.to_status in ENDS_OUTCOME else outcome)
    if outcome is None or outcome.expires_on is None:
        return (last.to_status, since.isoformat(), None, None)
    return (last.to_status, since.isoformat(), outcome.pk, outcome.expires_on.isoformat())


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=histories, as_of=st.sampled_from(DAYS), known=st.just(10) | st.integers(0, 10))
def test_any_history_is_answered_as_a_plain_recomputation_does(
    client: Client, history: list[Step], as_of: dt.date, known: int
) -> None:
    target = record_history(history)
    known_at = moment_after(target, known)
    clocks = {"as_of": as_of.isoformat(), "known_at": known_at.isoformat()}
    expected = recomputed(target, as_of, known_at)
    row = ask(client, target, **clocks)
    outcome = row["outcome"]["id"] if row["outcome"] else None
    assert (row["status"], row["status_since"], outcome, row["expires_on"]) == expected
    versions = results(client, "outcomes", target=target.pk, **clocks)
    in_force = [version["id"] for version in versions if version["is_in_force"]]
    assert in_force == ([outcome] if outcome else [])
    of_target = {"campaign": target.campaign.slug, **clocks}
    assert ids(client, "targets", **of_target, status=row["status"] or "none") == [target.pk]
    expiring = ids(client, "targets", **of_target, expires_before="2022-01-01")
    assert expiring == ([target.pk] if outcome else [])


def test_what_was_denied_later_was_not_disputed_before(client: Client) -> None:
    target = make_target()
    make_response(target, kind="denial", happened_on=dt.date(2020, 4, 1))
    for resource in ("targets", "responses"):
        later = get(client, f"{resource}/", disputed="true", as_of="2020-04-01")["results"]
        before = get(client, f"{resource}/", disputed="true", as_of="2020-03-31")["results"]
        assert (len(later), before) == (1, []), resource


def test_a_day_to_come_counts_no_days_to_come(client: Client) -> None:
    make_change(make_target(), "called_on", dt.date(2018, 5, 22))
    now = get(client, "statistics/", figures="time_in_status")
    for query in ({"as_of": "2099-01-01"}, {"known_at": "2099-01-01T00:00Z"}):
        assert get(client, "statistics/", figures="time_in_status", **query) == now


def test_a_bill_stands_where_it_is_shown_to_stand(client: Client) -> None:
    bill = make_bill(status="passed", status_on=dt.date(2020, 6, 3))
    make_position(make_company(), bill)
    assert get(client, "bills/", status="passed", as_of="2020-06-02")["results"] == []
    assert len(get(client, "bills/", status="passed", as_of="2020-06-03")["results"]) == 1
