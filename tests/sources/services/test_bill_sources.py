"""Bills as they are polled: the record follows its tracker, and what waited for it is found."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from campaigns.models import Bill
from campaigns.statuses import Status
from config.demo.site import Site
from sources.causes import Cause
from sources.extraction.bills import read_bill, text_of_bill
from sources.kinds import PollResult
from sources.models import Finding, Snapshot, Source
from sources.services import dismiss_finding, remove_snapshot
from tests.factories import make_bill
from tests.sources.extraction.bills.samples import congress, openstates, sample
from tests.sources.services.trackers import (
    COMMITTEE,
    FIRST_STEP,
    HOUR,
    NOW,
    SIGNED,
    followed,
    poll,
    waiting_for,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]
CALIFORNIAN = {"jurisdiction": "California", "session": "2019-2020"}
AMERICAN = {"jurisdiction": "United States", "status": Bill.Status.INTRODUCED}
SAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "openstates-ca-ab1215.json": ("openstates-v3", {**CALIFORNIAN, "identifier": "AB 1215"}),
    "openstates-ca-ab2261.json": ("openstates-v3", {**CALIFORNIAN, "identifier": "AB 2261"}),
    "congress-116-hr7356.json": (
        "congress-gov",
        {**AMERICAN, "session": "116", "identifier": "H.R. 7356"},
    ),
    "congress-116-hr7356-actions.json": (
        "congress-gov",
        {**AMERICAN, "session": "116th Congress", "identifier": "HR 7356"},
    ),
    "congress-117-hr3076.json": (
        "congress-gov",
        {**AMERICAN, "session": "117", "identifier": "H.R. 3076"},
    ),
    "congress-117-hr3076-actions.json": (
        "congress-gov",
        {**AMERICAN, "session": "117", "identifier": "H.R. 3076"},
    ),
    "BILLSTATUS-117s35.xml": (
        "billstatus",
        {**AMERICAN, "session": "117", "identifier": "S. 35"},
    ),
}
STANDS = {
    "openstates-ca-ab1215.json": ("enacted", dt.date(2019, 10, 8)),
    "openstates-ca-ab2261.json": ("in_committee", dt.date(2020, 2, 24)),
    "congress-116-hr7356.json": ("died", dt.date(2021, 1, 3)),
    "congress-116-hr7356-actions.json": ("died", dt.date(2021, 1, 3)),
    "congress-117-hr3076.json": ("enacted", dt.date(2022, 4, 6)),
    "congress-117-hr3076-actions.json": ("enacted", dt.date(2022, 4, 6)),
    "BILLSTATUS-117s35.xml": ("died", dt.date(2023, 1, 3)),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_record_follows_every_form_of_tracker_at_the_first_poll(site: Site, name: str) -> None:
    form, fields = SAMPLES[name]
    bill = make_bill(**({"status": Bill.Status.INTRODUCED} | fields))
    target = waiting_for(bill)
    source = followed(site, bill, sample(name), form)
    assert poll(source).result == PollResult.BASELINE
    bill.refresh_from_db()
    status, day = STANDS[name]
    assert (bill.status, bill.status_on) == (status, day)
    versions = bill.history.order_by("history_id").values_list("status", flat=True)
    assert list(versions) == ["introduced", status]
    snapshot = Snapshot.objects.get()
    assert snapshot.text == text_of_bill(read_bill(sample(name), form, day=NOW.date()))
    if status == "in_committee":
        assert not Finding.objects.exists()
        return
    finding = Finding.objects.get()
    assert (finding.target, finding.snapshot) == (target, snapshot)
    expected = (Status.MANDATED, False) if status == "enacted" else (Status.PAUSED, True)
    assert (finding.proposed_status, finding.extends) == expected
    assert snapshot.text[finding.passage_start : finding.passage_end] == finding.passage


@pytest.mark.parametrize("name", SAMPLES)
def test_the_same_answer_again_is_no_change(site: Site, name: str) -> None:
    form, fields = SAMPLES[name]
    bill = make_bill(**fields)
    waiting_for(bill)
    source = followed(site, bill, sample(name), form)
    poll(source)
    count = Finding.objects.count()
    assert poll(source, NOW + HOUR).result == PollResult.UNCHANGED
    assert Finding.objects.count() == count
    assert bill.history.count() == 2


def test_a_bill_on_its_way_to_a_law_is_followed_step_by_step(site: Site, bill: Bill) -> None:
    target = waiting_for(bill)
    source = followed(site, bill, openstates(FIRST_STEP))
    steps = [((FIRST_STEP,), "introduced"), ((FIRST_STEP, COMMITTEE), "in_committee")]
    for hours, (actions, status) in enumerate(steps):
        site.set("/bills/one", openstates(*actions))
        poll(source, NOW + hours * HOUR)
        bill.refresh_from_db()
        assert bill.status == status
        assert not Finding.objects.exists()
    site.set("/bills/one", openstates(FIRST_STEP, COMMITTEE, SIGNED))
    assert poll(source, NOW + 3 * HOUR).result == PollResult.CHANGED
    bill.refresh_from_db()
    assert (bill.status, bill.status_on) == ("enacted", dt.date(2019, 10, 8))
    versions = bill.history.order_by("history_id").values_list("status", flat=True)
    assert list(versions)[-2:] == ["in_committee", "enacted"]
    finding = Finding.objects.get()
    assert (finding.target, finding.proposed_status) == (target, Status.MANDATED)


def test_a_bill_dies_with_its_session_though_no_byte_of_the_answer_changes(site: Site) -> None:
    bill = make_bill(**SAMPLES["congress-116-hr7356.json"][1])
    target = waiting_for(bill)
    body = congress(
        ("2020-06-25", "Referred to the House Committee on the Judiciary.", "H11100"),
        request={"billNumber": "7356", "billType": "hr", "congress": "116"},
    )
    source = followed(site, bill, body, "congress-gov")
    assert poll(source, dt.datetime(2020, 12, 1, tzinfo=dt.UTC)).result == PollResult.BASELINE
    bill.refresh_from_db()
    assert bill.status == "in_committee"
    assert not Finding.objects.exists()
    assert poll(source, dt.datetime(2021, 2, 1, tzinfo=dt.UTC)).result == PollResult.CHANGED
    bill.refresh_from_db()
    assert bill.status == "died"
    finding = Finding.objects.get()
    assert (finding.target, finding.proposed_status, finding.extends) == (target, "paused", True)


@pytest.fixture
def law(site: Site, bill: Bill) -> Source:
    """The source of a bill that became law before anybody waited for it."""
    source = followed(site, bill, openstates(FIRST_STEP, SIGNED))
    assert poll(source).result == PollResult.BASELINE
    assert not Finding.objects.exists()
    return source


def test_an_outcome_that_is_made_to_wait_for_a_law_raises_one_finding_at_the_next_poll(
    law: Source, bill: Bill
) -> None:
    target = waiting_for(bill, recorded_at=NOW + HOUR / 2)
    polls = [poll(law, NOW + hours * HOUR).result for hours in (1, 2, 3)]
    assert polls == [PollResult.UNCHANGED] * 3
    finding = Finding.objects.get()
    assert (finding.target, finding.proposed_status) == (target, Status.MANDATED)
    assert finding.snapshot == Snapshot.objects.get()
    text = finding.snapshot.text
    assert text[finding.passage_start : finding.passage_end] == finding.passage
    assert bill.history.count() == 2


def test_whoever_dismisses_that_finding_is_not_asked_again(law: Source, bill: Bill) -> None:
    waiting_for(bill, recorded_at=NOW + HOUR / 2)
    poll(law, NOW + HOUR)
    editor = User.objects.create_user("editor")
    dismiss_finding(
        finding=Finding.objects.get(), reason="Another law", reviewer=editor, now=NOW + 2 * HOUR
    )
    poll(law, NOW + 3 * HOUR)
    assert Finding.objects.count() == 1


def test_each_target_that_is_made_to_wait_for_a_law_is_found(law: Source, bill: Bill) -> None:
    first = waiting_for(bill, recorded_at=NOW + HOUR / 2)
    poll(law, NOW + HOUR)
    second = waiting_for(bill, recorded_at=NOW + 1.5 * HOUR)
    poll(law, NOW + 2 * HOUR)
    assert {finding.target for finding in Finding.objects.all()} == {first, second}
    assert Finding.objects.count() == 2


def test_what_is_made_to_wait_for_a_dead_bill_needs_other_terms(site: Site) -> None:
    name = "congress-116-hr7356.json"
    bill = make_bill(**SAMPLES[name][1])
    source = followed(site, bill, sample(name), "congress-gov")
    poll(source)
    target = waiting_for(bill, recorded_at=NOW + HOUR / 2)
    assert poll(source, NOW + HOUR).result == PollResult.UNCHANGED
    finding = Finding.objects.get()
    assert (finding.target, finding.proposed_status, finding.extends) == (target, "paused", True)


def test_a_law_that_is_on_record_already_is_news_for_who_waits_when_its_source_is_added(
    site: Site,
) -> None:
    day = dt.date(2019, 10, 8)
    bill = make_bill(identifier="AB 1", status=Bill.Status.ENACTED, status_on=day)
    target = waiting_for(bill)
    source = followed(site, bill, openstates(FIRST_STEP, SIGNED))
    assert poll(source).result == PollResult.BASELINE
    assert Finding.objects.get().target == target


def test_where_a_person_knows_better_than_the_tracker_nothing_is_proposed(
    law: Source, bill: Bill
) -> None:
    bill.refresh_from_db()
    bill.status, bill.status_on = Bill.Status.PAUSED, dt.date(2023, 12, 1)
    bill.save()
    waiting_for(bill, recorded_at=NOW + HOUR / 2)
    assert poll(law, NOW + HOUR).result == PollResult.UNCHANGED
    assert not Finding.objects.exists()


def test_of_an_answer_that_an_editor_removed_nothing_is_quoted(law: Source, bill: Bill) -> None:
    editor = User.objects.create_user("editor")
    now = NOW + HOUR / 2
    remove_snapshot(snapshot=Snapshot.objects.get(), editor=editor, reason="A name.", now=now)
    waiting_for(bill, recorded_at=now)
    assert poll(law, NOW + HOUR).result == PollResult.UNCHANGED
    assert not Finding.objects.exists()


def test_the_end_of_a_states_session_is_told_by_its_rule(site: Site, bill: Bill) -> None:
    waiting_for(bill)
    body = openstates(FIRST_STEP, COMMITTEE)
    source = followed(site, bill, body, session_ends_on="2020-11-30")
    poll(source, dt.datetime(2020, 11, 1, tzinfo=dt.UTC))
    bill.refresh_from_db()
    assert bill.status == "in_committee"
    poll(source, dt.datetime(2020, 12, 2, tzinfo=dt.UTC))
    bill.refresh_from_db()
    assert bill.status == "died"
    assert Finding.objects.count() == 1


def test_an_answer_about_another_bill_is_a_failure_with_a_name(
    site: Site, bill: Bill, polling: Path
) -> None:
    waiting_for(bill)
    source = followed(site, bill, openstates(FIRST_STEP, COMMITTEE))
    poll(source)
    kept = files_in(polling)
    site.set("/bills/one", sample("openstates-ca-ab1215.json"))
    failed = poll(source, NOW + HOUR)
    assert (failed.result, failed.cause) == (PollResult.FAILED, Cause.WRONG_TYPE)
    assert failed.detail.startswith("The answer is about AB 1215 (20192020), not about California")
    assert (source.last_cause, source.last_detail) == (failed.cause, failed.detail)
    bill.refresh_from_db()
    assert bill.status == "in_committee"
    assert Snapshot.objects.count() == 1
    assert files_in(polling) == kept
    assert not Finding.objects.exists()


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"<html><p>Sign in</p></html>", Cause.WRONG_TYPE),
        (b'{"detail": "Invalid API key"}', Cause.SELECTOR_GONE),
    ],
)
def test_what_is_no_bill_changes_no_bill(site: Site, bill: Bill, body: bytes, cause: Cause) -> None:
    source = followed(site, bill, openstates(FIRST_STEP, COMMITTEE))
    poll(source)
    site.set("/bills/one", body)
    assert poll(source, NOW + HOUR).cause == cause
    bill.refresh_from_db()
    assert bill.status == "in_committee"
