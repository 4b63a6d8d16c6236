"""Dates as people type them, and all that an outcome can have, on the page of a finding."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.models import StatusChange
from campaigns.statuses import Status
from sources.models import Finding
from tests.factories import make_bill
from tests.sources.admin.desk import address, errors_of, form_of

pytestmark = pytest.mark.django_db


def test_a_finding_is_accepted_with_dates_as_they_were_typed(
    admin_client: Client, finding: Finding
) -> None:
    bill = make_bill()
    data = form_of(admin_client, finding, "accept")
    assert (data["effective_on"], data["expires_on"]) == ("10 June 2020", "10 June 2021")

    typed = {"effective_on": "June 2020", "expires_on": "2022", "review_on": "1.3.2021"}
    admin_client.post(address(finding), data | typed | {"condition_bill": bill.pk})

    change = StatusChange.objects.get(to_status=Status.PAUSED)
    assert (change.effective_on, change.effective_precision) == (dt.date(2020, 6, 1), "month")
    outcome = change.outcome
    assert outcome is not None
    assert (outcome.expires_on, outcome.expires_precision) == (dt.date(2022, 1, 1), "year")
    assert (outcome.review_on, outcome.condition_bill) == (dt.date(2021, 3, 1), bill)


def test_a_review_in_a_month_is_refused_with_the_reason_and_kept_to_be_mended(
    admin_client: Client, finding: Finding
) -> None:
    data = form_of(admin_client, finding, "accept") | {"review_on": "March 2021"}

    response = admin_client.post(address(finding), data)

    assert errors_of(response) == {
        "review_on": [
            "“March 2021” leaves the day open, and this date is kept by the day: write one."
        ]
    }
    assert 'value="March 2021"' in response.content.decode()


def test_a_bill_that_cannot_be_one_is_refused(admin_client: Client, finding: Finding) -> None:
    data = form_of(admin_client, finding, "accept") | {"condition_bill": "HR 7356"}

    assert "condition_bill" in errors_of(admin_client.post(address(finding), data))


def test_a_review_is_refused_where_nothing_was_conceded(
    admin_client: Client, finding: Finding
) -> None:
    nothing = dict.fromkeys(["kind", "terms", "exemptions", "condition", "expires_on"], "")
    data = form_of(admin_client, finding, "accept") | nothing
    data |= {"status": Status.REFUSED, "review_on": "1 March 2021"}

    assert "review_on" in errors_of(admin_client.post(address(finding), data))
    assert not StatusChange.objects.filter(to_status=Status.REFUSED).exists()


def test_a_finding_is_put_off_in_words(admin_client: Client, finding: Finding) -> None:
    admin_client.post(address(finding), {"action": "defer", "until": "in 2 weeks"})

    finding.refresh_from_db()
    assert finding.deferred_until == timezone.localdate() + dt.timedelta(weeks=2)
