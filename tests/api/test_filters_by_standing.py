"""Filters by where things stand find what is shown to stand so, whatever the clocks say."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.factories import get, ids, make_position, make_world, results
from tests.api.histories import DAYS, Step, histories, moment_after, record_history
from tests.factories import (
    LONG_AGO,
    NOW,
    made_at,
    make_bill,
    make_change,
    make_company,
    make_outcome_draft,
    make_target,
)

pytestmark = pytest.mark.django_db

MARCH, JUNE, JULY = (dt.date(2020, month, 3) for month in (3, 6, 7))


@settings(
    max_examples=13, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=histories, as_of=st.sampled_from(DAYS), known=st.just(10) | st.integers(0, 10))
def test_a_filter_agrees_with_what_is_shown(
    client: Client, history: list[Step], as_of: dt.date, known: int
) -> None:
    target = record_history(history)
    known_at = moment_after(target, known)
    for clocks in ({}, {"as_of": as_of.isoformat(), "known_at": known_at.isoformat()}):
        own: dict[str, Any] = {"campaign": target.campaign.slug, **clocks}
        assert_since_is_as_shown(client, own)
        outcomes = results(client, "outcomes", **own)
        in_force = ids(client, "targets", **own, in_force="true")
        assert bool(in_force) == any(outcome["is_in_force"] for outcome in outcomes)
        log = results(client, "status-changes", **own)
        for status in {entry["follows_status"] for entry in log}:
            found = ids(client, "status-changes", **own, follows_status=status or "none")
            assert found == [entry["id"] for entry in log if entry["follows_status"] == status]


def assert_since_is_as_shown(client: Client, own: dict[str, Any]) -> None:
    [row] = results(client, "targets", **own)
    since = row["status_since"]
    if since is None:
        assert ids(client, "targets", **own, status_since_before="9999-12-31") == []
        return
    on_the_day = {"status_since_after": since, "status_since_before": since}
    assert ids(client, "targets", **own, **on_the_day) == [row["id"]]
    eve, morrow = (dt.date.fromisoformat(since) + dt.timedelta(days=days) for days in (-1, 1))
    assert ids(client, "targets", **own, status_since_after=morrow) == []
    assert ids(client, "targets", **own, status_since_before=eve) == []


def test_a_target_and_its_outcome_are_in_force_on_the_same_days(client: Client) -> None:
    with made_at(LONG_AGO):
        target = make_target()
    make_change(target, "paused", dt.date(2020, 6, 10), outcome=make_outcome_draft())
    bare = make_target()
    for day, bound in (("2020-06-09", False), ("2020-06-10", True), ("2021-06-09", True)):
        assert ids(client, "targets", in_force="true", as_of=day) == [target.pk] * bound
        assert len(ids(client, "outcomes", in_force="true", as_of=day)) == bound
    for clocks in ({"as_of": "2021-06-10"}, {}):
        # It has lapsed, though nobody has put that on record yet.
        assert get(client, f"targets/{target.pk}/", **clocks)["outcome"] is not None
        assert ids(client, "targets", in_force="true", **clocks) == []
        assert ids(client, "targets", in_force="false", **clocks) == [target.pk, bare.pk]
        assert ids(client, "outcomes", in_force="true", **clocks) == []


@pytest.mark.parametrize(("precision", "last"), [("month", "2021-06-30"), ("year", "2021-12-31")])
def test_a_target_is_in_force_through_the_whole_period_of_an_imprecise_expiry(
    client: Client, precision: str, last: str
) -> None:
    target = make_target()
    draft = make_outcome_draft(expires_on=dt.date(2021, 6, 1), expires_precision=precision)
    make_change(target, "paused", outcome=draft)
    after = dt.date.fromisoformat(last) + dt.timedelta(days=1)
    assert ids(client, "targets", in_force="true", as_of=last) == [target.pk]
    assert ids(client, "targets", in_force="true", as_of=after) == []


def test_a_promise_does_not_bind_a_target_before_its_day(client: Client) -> None:
    target = make_target()
    draft = make_outcome_draft(effective_on=dt.date(2098, 1, 1), expires_on=None)
    make_change(target, "committed", dt.date(2020, 6, 10), outcome=draft)
    assert ids(client, "targets", in_force="true") == []
    assert ids(client, "targets", in_force="true", as_of="2098-01-01") == [target.pk]


def test_bills_are_found_by_the_day_since_when_they_stand_where_they_stand(client: Client) -> None:
    for day in (MARCH, JUNE, None):
        make_position(make_company(), make_bill(status_on=day))
    march, june, unknown = (row["id"] for row in results(client, "bills"))
    assert ids(client, "bills", status_after=MARCH) == [march, june]
    assert ids(client, "bills", status_after=JUNE, status_before=JUNE) == [june]
    assert ids(client, "bills", status_before=JULY) == [march, june]
    # In April nobody knew when it would move in June, and `status_on` is null.
    april: dict[str, Any] = {"as_of": "2020-04-01"}
    assert ids(client, "bills", status_after=MARCH, **april) == [march]
    assert [row["status_on"] for row in results(client, "bills", **april)] == [
        "2020-03-03", None, None,
    ]  # fmt: skip
    assert unknown in ids(client, "bills", **april)


def test_what_a_change_follows_is_as_known_today(client: Client) -> None:
    with made_at(LONG_AGO):
        target = make_target()
    make_change(target, "called_on", dt.date(2018, 5, 22))
    paused = make_change(target, "paused", dt.date(2020, 6, 10), now=NOW)
    make_change(target, "refused", dt.date(2018, 6, 1), now=NOW + dt.timedelta(hours=1))
    asked: dict[str, Any] = {"status": "paused"}
    assert ids(client, "status-changes", **asked, from_status="called_on") == [paused.pk]
    assert ids(client, "status-changes", **asked, follows_status="called_on") == []
    assert ids(client, "status-changes", **asked, follows_status="refused") == [paused.pk]
    asked["known_at"] = NOW.isoformat()
    assert ids(client, "status-changes", **asked, follows_status="called_on") == [paused.pk]
    assert ids(client, "status-changes", **asked, follows_status="refused") == []


def test_a_table_has_what_the_filters_of_standing_leave(client: Client) -> None:
    world = make_world()
    for resource, query, row in (
        ("targets", "status_since_after=2020-06-10&in_force=false", world.target),
        ("status-changes", "follows_status=called_on", world.change),
        ("bills", f"product={world.product.pk}", world.bill),
    ):
        for clock in ("", "&as_of=2099-01-01", "&known_at=2099-01-01"):
            answer = client.get(f"/api/v1/{resource}/?{query}&format=csv&fields=id{clock}")
            assert b"".join(answer) == f"id\n{row.pk}\n".encode(), (resource, clock)


def test_behind_a_cursor_a_thing_that_is_not_there_is_refused_as_on_the_first_page(
    client: Client,
) -> None:
    make_world(), make_world()
    cursor = get(client, "targets/", limit=1)["next"].partition("cursor=")[2].partition("&")[0]
    for name, thing in (("company", "nobody"), ("product", 987_654_321)):
        first, behind = (
            client.get("/api/v1/targets/", {name: thing, **place})
            for place in ({}, {"cursor": cursor})
        )
        assert (first.status_code, first.json()) == (behind.status_code, behind.json())
        assert behind.json()["errors"][0]["parameter"] == name
