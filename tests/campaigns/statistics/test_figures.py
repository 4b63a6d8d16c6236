"""What each figure says of histories that a journalist would ask about."""

import datetime as dt
from typing import Any

import pytest

from campaigns.models import Response, Target
from campaigns.statistics import compute
from campaigns.statuses import Status
from tests.factories import make_action, make_campaign, make_change, make_outcome_draft, make_target

pytestmark = pytest.mark.django_db

TODAY = dt.date(2021, 1, 1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def record(target: Target, *steps: tuple[str, str]) -> Target:
    for status, text in steps:
        make_change(target, status, day(text))
    return target


def respond(target: Target, text: str, precision: str = "day", kind: str = "statement") -> None:
    Response.objects.create(
        target=target,
        kind=kind,
        summary="They said so.",
        happened_on=day(text),
        happened_precision=precision,
    )


def figures(as_of: dt.date | None = None) -> dict[str, Any]:
    answer = compute(Target.objects.public(), today=TODAY, as_of=as_of).as_json()
    (result,) = answer["results"]
    return dict(result)


def test_a_change_dated_to_a_year_counts_under_the_year_and_not_in_january() -> None:
    target = make_target()
    make_change(target, Status.CALLED_ON, day("2018-01-01"), effective_precision="year")
    make_change(target, Status.REFUSED, day("2018-02-01"), effective_precision="month")
    make_change(target, Status.PAUSED, day("2018-02-10"))

    changes = figures()["changes"]

    assert changes["years"] == [
        {"period": "2018", "status": "called_on", "change_count": 1, "continued_count": 0}
    ]
    assert [(row["period"], row["status"]) for row in changes["months"]] == [
        ("2018-02", "refused"),
        ("2018-02", "paused"),
    ]
    assert changes["change_count"] == 3


def test_a_corrected_change_counts_once_in_the_month_of_the_correction() -> None:
    wrong = make_change(make_target(), Status.PAUSED, day("2020-05-30"))
    make_change(wrong.target, Status.PAUSED, day("2020-06-10"), corrects=wrong)
    retracted = make_change(make_target(), Status.MET, day("2020-07-01"))
    make_change(retracted.target, None, day("2020-07-01"), corrects=retracted)

    months = figures()["changes"]["months"]

    assert [(row["period"], row["status"], row["change_count"]) for row in months] == [
        ("2020-06", "paused", 1)
    ]


def test_an_extension_is_counted_and_told_apart_and_does_not_end_the_interval() -> None:
    target = record(make_target(), ("paused", "2020-06-10"))
    make_change(
        target,
        Status.PAUSED,
        day("2020-12-01"),
        extends=True,
        outcome=make_outcome_draft(expires_on=None),
    )

    found = figures()

    assert [row["continued_count"] for row in found["changes"]["months"]] == [0, 1]
    (paused,) = found["time_in_status"]
    assert (paused["interval_count"], paused["open_count"]) == (1, 1)
    assert paused["total_days"] == (TODAY - day("2020-06-10")).days


def test_the_demand_is_the_first_action_against_the_target_if_that_came_before_called_on() -> None:
    target = record(make_target(), ("called_on", "2018-06-18"), ("refused", "2018-06-20"))
    make_action(target.campaign, happened_on=day("2018-05-22")).targets.add(target)

    assert figures()["first_response"]["median_days"] == 29


def test_an_action_of_another_campaign_is_no_demand() -> None:
    target = record(make_target(), ("called_on", "2018-06-18"), ("refused", "2018-06-20"))
    draft = make_campaign(is_public=False)
    make_action(draft, happened_on=day("2018-05-22")).targets.add(target)

    assert figures()["first_response"]["median_days"] == 2


def test_a_response_is_an_answer_though_the_status_stays_and_even_if_it_is_no_comment() -> None:
    target = record(make_target(), ("called_on", "2018-06-18"))
    respond(target, "2018-06-21", kind="no_comment")

    assert figures()["first_response"]["median_days"] == 3


def test_what_was_said_before_the_demand_does_not_answer_it() -> None:
    target = record(make_target(), ("called_on", "2018-06-18"))
    respond(target, "2018-06-17")
    respond(target, "2018-05-01", "month")

    assert figures()["answered"] == {
        "asked_count": 1,
        "answered_count": 0,
        "unanswered_count": 1,
        "answered_share": 0.0,
        "not_asked_count": 0,
    }


@pytest.mark.parametrize(("text", "precision"), [("2018-06-01", "month"), ("2018-01-01", "year")])
def test_an_answer_of_the_month_or_year_of_the_demand_counts_but_is_not_measured(
    text: str, precision: str
) -> None:
    target = record(make_target(), ("called_on", "2018-06-18"))
    respond(target, text, precision)

    found = figures()

    assert found["answered"]["answered_share"] == 1.0
    assert found["first_response"]["imprecise_count"] == 1
    assert found["first_response"]["median_days"] is None


@pytest.mark.parametrize("status", ["mandated", "in_court"])
def test_what_a_court_or_a_law_does_is_no_answer(status: str) -> None:
    record(make_target(), ("called_on", "2018-06-18"), (status, "2018-06-20"))

    assert figures()["answered"]["answered_count"] == 0


def test_a_target_without_a_demand_is_not_asked() -> None:
    record(make_target(), ("paused", "2018-06-18"))

    answered = figures()["answered"]

    assert (answered["asked_count"], answered["not_asked_count"]) == (0, 1)
    assert answered["answered_share"] is None


def test_figures_of_a_day_leave_out_what_came_later_and_end_open_intervals_that_day() -> None:
    target = record(make_target(), ("called_on", "2018-06-18"), ("refused", "2018-06-28"))
    respond(target, "2018-06-25")

    found = figures(as_of=day("2018-06-20"))

    assert found["answered"]["answered_count"] == 0
    assert [(row["status"], row["total_days"]) for row in found["time_in_status"]] == [
        ("called_on", 2)
    ]


def test_a_day_in_the_future_is_read_as_today() -> None:
    record(make_target(), ("called_on", "2020-12-31"))

    answer = compute(Target.objects.public(), today=TODAY, as_of=day("2999-01-01"))

    assert answer.as_of == TODAY
    assert figures(day("2999-01-01"))["time_in_status"][0]["total_days"] == 1


@pytest.mark.parametrize(
    ("statuses", "fate"),
    [
        (["paused"], "open"),
        (["paused", "in_court"], "open"),
        (["mandated"], "open"),
        (["committed", "met"], "kept"),
        (["met", "under_review"], "kept"),
        (["paused", "expired"], "expired"),
        (["paused", "expired", "refused"], "expired"),
        (["paused", "expired", "paused"], "open"),
        (["committed", "reversed", "withdrawn"], "reversed"),
        (["committed", "refused"], "reversed"),
        (["met", "reversed"], "reversed"),
        (["committed", "withdrawn", "called_on"], "withdrawn"),
        (["committed", "withdrawn", "called_on", "refused"], "withdrawn"),
        (["called_on", "refused"], None),
    ],
)
def test_a_promise_counts_once_by_what_became_of_the_last_concession(
    statuses: list[str], fate: str | None
) -> None:
    record(
        make_target(),
        *((status, f"2020-{number:02}-01") for number, status in enumerate(statuses, 1)),
    )

    promises = figures()["promises"]

    counts = {name: n for name, n in promises.items() if name.endswith("_count") and n}
    assert counts == ({"promise_count": 1, f"{fate}_count": 1} if fate else {})
    assert promises["kept_share"] == (None if fate is None else float(fate == "kept"))
