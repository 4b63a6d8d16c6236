"""A bill's record follows its tracker; what waits for the bill is put before a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import Combinable
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.models import Bill, Outcome, Target
from campaigns.statuses import CONCEDED, Status, is_step
from sources.events import announce
from sources.extraction.bills import BillReading, has_ended, passage_of_bill
from sources.extraction.tidying import tidy_line
from sources.models import Finding, Snapshot
from sources.services.bill_records import follow_tracker

_SCORES = {Bill.Status.ENACTED: 0.9, Bill.Status.PASSED: 0.6}
_SCORE_OF_AN_END = 0.7
_URL_LENGTH = 500
_TITLE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class BillProposal:
    """What to propose for a target whose outcome in force waited for a bill.

    Attributes:
        target: whose status it is about.
        outcome: what waited.
        status: proposed; with ``extends`` the one that the target has.
        extends: the halt stays, and needs new terms, for its condition will not come about.
        reasons: why, in sentences for people.
    """

    target: Target
    outcome: Outcome
    status: str
    extends: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BillUpdate:
    """What a reading meant for a bill on record.

    Attributes:
        bill: as it is on record now.
        is_changed: whether its status is another one than before.
        proposals: what to propose, if the bill passed or died with this, or had before an outcome
            was made to wait for it.
    """

    bill: Bill
    is_changed: bool
    proposals: tuple[BillProposal, ...] = ()


@transaction.atomic
def update_bill(*, bill: Bill, reading: BillReading) -> BillUpdate:
    """Bring a bill on record up to a reading, and say what to propose if it passed or died so.

    Nothing but the bill is written; see :func:`sources.services.bill_records.follow_tracker`.

    Raises:
        WrongBill: the reading is of another bill; nothing was written.
    """
    bill, is_changed = follow_tracker(bill=bill, reading=reading)
    if not is_changed:
        return look_again(bill=bill, reading=reading)
    return BillUpdate(bill, True, tuple(_proposals(bill, reading)) if has_ended(reading) else ())


def look_again(*, bill: Bill, reading: BillReading) -> BillUpdate:
    """Say what to propose for outcomes that were made to wait for a bill after it passed or died.

    Nothing for a target about which a finding told of the bill's end, or was reviewed, since its
    outcome was recorded. Nothing is written.

    Args:
        bill: as it is on record.
        reading: what its tracker says, as it did before.
    """
    if not has_ended(reading) or reading.status != bill.status:
        return BillUpdate(bill, False)
    told = Finding.objects.filter(snapshot__source__bill=bill, target=OuterRef("pk")).filter(
        Q(created_at__gte=OuterRef("outcome__recorded_at"))
        | Q(review__reviewed_at__gte=OuterRef("outcome__recorded_at"))
    )
    return BillUpdate(bill, False, tuple(_proposals(bill, reading, ~Exists(told))))


@transaction.atomic
def keep_bill_findings(
    *, snapshot: Snapshot, update: BillUpdate, reading: BillReading, now: dt.datetime
) -> list[Finding]:
    """Write a finding for each proposal, but for those that were made of this snapshot already.

    One that waits in the same words is not repeated either.

    They wait for a person even if the watch is trusted: what a law means for a promise is not for
    a machine to say.

    Args:
        snapshot: the one that holds :func:`sources.extraction.bills.text_of_bill` of the reading.
        update: what the reading meant.
        reading: what was read.
        now: the moment.
    """
    passage, start = passage_of_bill(reading)
    findings = []
    for proposal in update.proposals:
        if _is_known(proposal, snapshot, passage):
            continue
        finding = Finding.objects.create(
            snapshot=snapshot,
            target=proposal.target,
            url=reading.url or snapshot.final_url[:_URL_LENGTH],
            title=tidy_line(f"{update.bill}: {update.bill.title}", _TITLE_LENGTH),
            publisher="",
            passage=passage,
            passage_start=start,
            passage_end=start + len(passage),
            proposed_status=proposal.status,
            extends=proposal.extends,
            effective_on=reading.status_on,
            score=_SCORES.get(Bill.Status(update.bill.status), _SCORE_OF_AN_END),
            reasons=list(proposal.reasons),
            created_at=now,
        )
        findings.append(finding)
        announce(finding.pk)
    return findings


def _is_known(proposal: BillProposal, snapshot: Snapshot, passage: str) -> bool:
    """Whether this was proposed of this snapshot already, or waits in the same words."""
    same = Finding.objects.filter(target=proposal.target, proposed_status=proposal.status)
    return same.filter(Q(review=None, passage=passage) | Q(snapshot=snapshot)).exists()


def _proposals(bill: Bill, reading: BillReading, *conditions: Combinable) -> Iterator[BillProposal]:
    waiting = (
        Target.objects.filter(*conditions, outcome__condition_bill=bill)
        .select_related("outcome", "campaign", "company", "product")
        .order_by("pk")
    )
    for target in waiting:
        assert target.outcome is not None
        proposed = _proposed(bill, target)
        if proposed:
            status, extends = proposed
            reasons = _reasons(bill, reading, target.outcome)
            yield BillProposal(target, target.outcome, status, extends, reasons)


def _proposed(bill: Bill, target: Target) -> tuple[str, bool] | None:
    """Return the status to propose, and whether it is the same under new terms.

    A law that a company waited for is likely to require what was asked: ``mandated``. If it does
    not, the person says so. Of a bill that died nothing follows for what was promised until there
    is a law, but its terms need another look: the same status, extended. What is under review or
    in court cannot be extended: there the promise lapsed.
    """
    recorded = Status(target.status) if target.status else None
    if bill.status in (Bill.Status.PASSED, Bill.Status.ENACTED):
        return (Status.MANDATED, False) if is_step(recorded, Status.MANDATED) else None
    if recorded in CONCEDED:
        return recorded, True
    return (Status.EXPIRED, False) if is_step(recorded, Status.EXPIRED) else None


def _reasons(bill: Bill, reading: BillReading, outcome: Outcome) -> tuple[str, ...]:
    day = date_format(reading.status_on, "j F Y") if reading.status_on else _("an unknown day")
    facts = {"bill": bill, "day": day, "kind": outcome.get_kind_display()}
    told = {
        Bill.Status.ENACTED: _("%(bill)s became law on %(day)s."),
        Bill.Status.PASSED: _("%(bill)s was passed on %(day)s; it may still have to be signed."),
        Bill.Status.VETOED: _("%(bill)s was vetoed on %(day)s."),
        Bill.Status.DIED: _("%(bill)s died on %(day)s."),
    }[Bill.Status(bill.status)]
    if bill.status == Bill.Status.DIED and reading.decided_by is None:
        told = _("%(bill)s died with its session, which ended on %(day)s.")
    waited = _("The outcome in force (%(kind)s) waited for this bill.")
    condition = _("Its condition: “%(words)s”.") % {"words": outcome.condition}
    return (told % facts, waited % facts, *([condition] if outcome.condition else []))
