"""Which bills are offered first for what a company conceded."""

from __future__ import annotations

import datetime as dt

import pytest

from campaigns.models import Bill, Position
from tests.factories import make_bill, make_change, make_outcome_draft, make_target

pytestmark = pytest.mark.django_db


def test_bills_of_the_campaign_come_first_then_the_newest() -> None:
    target = make_target()
    waited, taken, older, newer = (make_bill() for _ in range(4))
    make_change(target, "paused", outcome=make_outcome_draft(condition_bill=waited))
    for company, bill in ((target.company, taken), (make_target().company, older)):
        Position.objects.create(
            company=company, bill=bill, stance="supports", taken_on=dt.date(2020, 1, 1)
        )
    likely = list(Bill.objects.likely_for(target.campaign_id))
    assert likely == [taken, waited, newer, older]
