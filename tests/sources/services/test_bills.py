"""A bill's record follows its tracker; what waits for the bill is put before a person."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from campaigns.models import Bill, Outcome, Target
from campaigns.statuses import CONCEDED, Status, is_step
from sources.extraction.bills import BillReading, read_bill, text_of_bill
from sources.models import Finding, Snapshot
from sources.services import accept_finding, dismiss_finding
from sources.services.bill_records import WrongBill
from sources.services.bills import BillUpdate, keep_bill_findings, update_bill
from tests.factories import NOW, make_bill, make_change, make_outcome_draft, make_target
from tests.sources.extraction.bills.samples import congress, openstates, sample
from tests.sources.factories import make_snapshot

pytestmark = pytest.mark.django_db

LAW = read_bill(sample("openstates-ca-ab1215.json"), "openstates-v3")
IN_COMMITTEE = read_bill(
    openstates(("2019-03-11", "lower", "Referred to Com. on PUB. S.", ["referral-committee"])),
    "openstates-v3",
)
DEAD = read_bill(
    congress(("2021-05-11", "Referred to the Committee on the Judiciary.", "2000")),
    "congress-gov",
    day=dt.date(2023, 1, 3),
)


@pytest.fixture
def bill() -> Bill:
    """AB 1215, in committee as far as is on record."""
    return make_bill(
        identifier="AB 1215", status_on=dt.date(2019, 3, 11), introduced_on=dt.date(2019, 2, 21)
    )


def make_waiting(bill: Bill, status: str = Status.PAUSED, **fields: Any) -> Target:
    """A target whose outcome in force waits for a bill."""
    target = make_target()
    draft = make_outcome_draft(
        kind="conditional_halt", expires_on=None, condition_bill=bill, **fields
    )
    if status in CONCEDED:
        make_change(target, status, dt.date(2019, 6, 1), outcome=draft)
    else:
        make_change(target, Status.PAUSED, dt.date(2019, 6, 1), outcome=draft)
        make_change(target, status, dt.date(2019, 7, 1))
    target.refresh_from_db()
    return target


def keep(update: BillUpdate, reading: BillReading) -> tuple[Snapshot, list[Finding]]:
    snapshot = make_snapshot(text=text_of_bill(reading))
    findings = keep_bill_findings(snapshot=snapshot, update=update, reading=reading, now=NOW)
    return snapshot, findings


def test_a_bill_is_brought_up_to_its_tracker_and_its_history_says_so(bill: Bill) -> None:
    update = update_bill(bill=bill, reading=LAW)
    assert update.is_changed
    bill.refresh_from_db()
    assert update.bill == bill
    assert (bill.status, bill.status_on) == (Bill.Status.ENACTED, dt.date(2019, 10, 8))
    assert bill.url == LAW.url
    assert (bill.title, bill.session) == ("Facial recognition technology", "2019-2020")
    versions = bill.history.order_by("history_id").values_list("status", flat=True)
    assert list(versions) == ["in_committee", "enacted"]


def test_reading_the_same_again_writes_nothing(bill: Bill) -> None:
    update_bill(bill=bill, reading=LAW)
    bill.refresh_from_db()
    again = update_bill(bill=bill, reading=LAW)
    assert (again.is_changed, again.proposals) == (False, ())
    assert again.bill.updated_at == bill.updated_at
    assert bill.history.count() == 2


def test_there_and_back_are_two_changes(bill: Bill) -> None:
    stalled = replace(LAW, status="died", status_on=dt.date(2019, 4, 1))
    revived = replace(LAW, status="in_committee", status_on=dt.date(2019, 4, 8))
    for reading in (stalled, revived):
        assert update_bill(bill=bill, reading=reading).is_changed
    versions = bill.history.order_by("history_id").values_list("status", flat=True)
    assert list(versions) == ["in_committee", "died", "in_committee"]


def test_what_a_person_noted_later_is_not_set_back(bill: Bill) -> None:
    bill.status, bill.status_on = Bill.Status.PAUSED, dt.date(2019, 6, 3)
    bill.save()
    reading = replace(IN_COMMITTEE, identifier="AB 1215")
    assert not update_bill(bill=bill, reading=reading).is_changed
    bill.refresh_from_db()
    assert bill.status == Bill.Status.PAUSED


def test_a_day_that_was_known_roughly_becomes_exact() -> None:
    bill = make_bill(status="enacted", identifier="AB 1215", status_on=dt.date(2019, 10, 1))
    Bill.objects.filter(pk=bill.pk).update(status_precision="month")
    assert not update_bill(bill=bill, reading=LAW).is_changed
    bill.refresh_from_db()
    assert (bill.status_on, bill.status_precision) == (dt.date(2019, 10, 8), "day")


@pytest.mark.parametrize(
    "fields",
    [
        {"status_on": None},
        {"status_on": None, "introduced_on": None},
        {"status_on": dt.date(2019, 3, 11), "introduced_on": dt.date(2019, 3, 12)},
        {"status_on": dt.date(2018, 1, 1), "introduced_on": dt.date(2030, 1, 1)},
    ],
)
def test_whatever_days_are_on_record_the_tracker_can_be_followed(fields: dict[str, Any]) -> None:
    bill = make_bill(identifier="AB 1215")
    precision = {"status_precision": "year"}
    Bill.objects.filter(pk=bill.pk).update(**(precision | fields))
    update_bill(bill=bill, reading=LAW)
    bill.refresh_from_db()
    assert (bill.status, bill.status_on) == ("enacted", dt.date(2019, 10, 8))
    assert bill.introduced_on is not None
    assert bill.introduced_on <= dt.date(2019, 10, 8)


def test_a_reading_without_a_day_changes_no_dated_status(bill: Bill) -> None:
    reading = replace(LAW, status="introduced", status_on=None, actions=(), decided_by=None)
    assert not update_bill(bill=bill, reading=reading).is_changed


@pytest.mark.parametrize("fields", [{"identifier": "AB 121"}, {"session": "2021-2022"}])
def test_another_bill_is_refused(fields: dict[str, str]) -> None:
    bill = make_bill(**({"identifier": "AB 1215"} | fields))
    with pytest.raises(WrongBill, match="AB 1215"):
        update_bill(bill=bill, reading=LAW)
    bill.refresh_from_db()
    assert bill.status == Bill.Status.IN_COMMITTEE


def test_a_law_raises_a_finding_for_what_waited_for_it(bill: Bill) -> None:
    target = make_waiting(bill, condition="until there is a law")
    make_waiting(make_bill())
    update = update_bill(bill=bill, reading=LAW)
    (proposal,) = update.proposals
    assert (proposal.target, proposal.outcome) == (target, target.outcome)
    snapshot, (finding,) = keep(update, LAW)
    assert (finding.target, finding.snapshot) == (target, snapshot)
    assert (finding.proposed_status, finding.extends) == (Status.MANDATED, False)
    assert finding.effective_on == dt.date(2019, 10, 8)
    assert finding.passage == "2019-10-08: Approved by the Governor."
    assert snapshot.text[finding.passage_start : finding.passage_end] == finding.passage
    assert finding.url == LAW.url
    assert finding.title == "California AB 1215 (2019-2020): Facial recognition technology"
    assert finding.reasons == [
        "California AB 1215 (2019-2020) became law on 8 October 2019.",
        "The outcome in force (conditional halt) waited for this bill.",
        "Its condition: “until there is a law”.",
    ]
    assert list(Finding.objects.pending()) == [finding]


def test_accepting_what_a_law_suggests_records_a_duty(bill: Bill) -> None:
    make_waiting(bill)
    _, (finding,) = keep(update_bill(bill=bill, reading=LAW), LAW)
    change = accept_finding(finding=finding, reviewer=None, now=NOW)
    assert change.to_status == Status.MANDATED
    assert change.outcome is not None
    assert change.outcome.kind == Outcome.Kind.LEGAL_DUTY
    assert change.citations.get().document.url == LAW.url


def test_a_bill_that_passed_and_waits_for_its_signature_is_told_so(bill: Bill) -> None:
    make_waiting(bill)
    reading = replace(LAW, status="passed", status_on=dt.date(2019, 9, 11))
    update = update_bill(bill=bill, reading=reading)
    _, (finding,) = keep(update, reading)
    assert finding.proposed_status == Status.MANDATED
    assert finding.reasons[0].endswith(
        "passed on 11 September 2019; it may still have to be signed."
    )
    law = update_bill(bill=bill, reading=LAW)
    assert len(law.proposals) == 1
    assert law.bill.status == Bill.Status.ENACTED


def test_a_bill_that_died_with_its_congress_asks_for_new_terms() -> None:
    bill = make_bill(jurisdiction="United States", session="117", identifier="H.R. 1")
    target = make_waiting(bill)
    update = update_bill(bill=bill, reading=DEAD)
    _, (finding,) = keep(update, DEAD)
    assert (finding.proposed_status, finding.extends) == (Status.PAUSED, True)
    assert finding.reasons[0] == (
        "United States H.R. 1 (117) died with its session, which ended on 3 January 2023."
    )
    assert finding.passage == "2021-05-11: Referred to the Committee on the Judiciary."
    change = accept_finding(finding=finding, reviewer=None, now=NOW)
    assert (change.kind, change.to_status) == ("extension", Status.PAUSED)
    assert change.outcome is not None
    assert change.outcome.supersedes == target.outcome


@pytest.mark.parametrize(
    ("status", "told"), [("vetoed", "was vetoed on"), ("died", "died on 8 October 2019")]
)
def test_a_veto_and_a_lost_vote_are_told_apart(bill: Bill, status: str, told: str) -> None:
    make_waiting(bill)
    reading = replace(LAW, status=status)
    (proposal,) = update_bill(bill=bill, reading=reading).proposals
    assert told in proposal.reasons[0]


@pytest.mark.parametrize("ended", ["passed", "enacted", "vetoed", "died"])
@pytest.mark.parametrize(
    "status", ["partial", "committed", "paused", "met", "mandated", "settled", "in_court"]
)
def test_what_is_proposed_can_be_recorded(bill: Bill, status: str, ended: str) -> None:
    target = make_waiting(bill, status)
    reading = replace(LAW, status=ended)
    update = update_bill(bill=bill, reading=reading)
    _, findings = keep(update, reading)
    if status == "mandated" and ended in ("passed", "enacted"):
        assert findings == []
        return
    (finding,) = findings
    assert finding.extends or is_step(Status(status), Status(finding.proposed_status))
    change = accept_finding(finding=finding, reviewer=None, now=NOW)
    assert change.target == target
    assert change.to_status == (
        "mandated"
        if ended in ("passed", "enacted")
        else "expired"
        if status == "in_court"
        else status
    )


def test_what_no_longer_waits_is_left_alone(bill: Bill) -> None:
    target = make_waiting(bill)
    make_change(target, Status.REVERSED, dt.date(2019, 8, 1))
    assert update_bill(bill=bill, reading=LAW).proposals == ()


def test_a_bill_on_its_way_raises_nothing(bill: Bill) -> None:
    make_waiting(bill)
    reading = replace(LAW, status="passed_chamber", status_on=dt.date(2019, 5, 9))
    update = update_bill(bill=bill, reading=reading)
    assert (update.is_changed, update.proposals) == (True, ())
    assert keep(update, reading)[1] == []


def test_what_waits_for_review_in_the_same_words_is_not_repeated(bill: Bill) -> None:
    make_waiting(bill)
    update = update_bill(bill=bill, reading=LAW)
    _, (finding,) = keep(update, LAW)
    assert keep(update, LAW)[1] == []
    dismiss_finding(finding=finding, reason="Not yet in force", reviewer=None, now=NOW)
    assert len(keep(update, LAW)[1]) == 1
