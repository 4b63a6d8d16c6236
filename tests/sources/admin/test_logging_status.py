"""A status change that is logged from a link is previewed, and carries all that the form does."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campaigns.models import Bill, StatusChange, Target
from config.demo.site import Site
from tests.alerts.factories import make_subscription
from tests.factories import make_bill
from tests.sources.admin.logs import LOG, PAUSE, buttons, errors, read, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

PREVIEW = {"preview": "status_change"}
SAVE = {"save": "status_change"}


def test_it_is_previewed_and_nothing_else_is_recorded(
    admin_client: Client, site: Site, pinemart: Target
) -> None:
    make_subscription()
    values = sent(read(admin_client, site.set("/pause", PAUSE)))

    page = admin_client.post(LOG, values | PREVIEW)

    shown = page.content.decode()
    assert "Nothing is recorded yet" in shown
    assert "Nothing was saved" not in shown
    assert "<strong>1</strong> person by mail, at once" in shown
    assert StatusChange.objects.count() == 1
    assert buttons(page)[0] == "status_change"

    other = sent(page) | SAVE | {"status-summary": "Never previewed."}
    assert "Nothing is recorded yet" in admin_client.post(LOG, other).content.decode()
    assert StatusChange.objects.count() == 1
    assert admin_client.post(LOG, sent(page) | SAVE).status_code == 302
    assert StatusChange.objects.latest("sequence").summary == values["status-summary"]


def test_the_bill_and_the_day_of_review_are_recorded(
    admin_client: Client, site: Site, pinemart: Target
) -> None:
    bill: Bill = make_bill()
    values = sent(read(admin_client, site.set("/pause", PAUSE)))
    more = {"status-condition_bill": str(bill.pk), "status-review_on": "10 March 2025"}
    admin_client.post(LOG, values | SAVE | more)
    outcome = StatusChange.objects.latest("sequence").outcome
    assert outcome is not None
    assert (outcome.condition_bill, outcome.review_on) == (bill, dt.date(2025, 3, 10))


def test_what_would_be_refused_is_refused_in_the_preview(
    admin_client: Client, site: Site, pinemart: Target
) -> None:
    values = sent(read(admin_client, site.set("/pause", PAUSE)))
    page = admin_client.post(LOG, values | PREVIEW | {"status-review_on": "March 2025"})
    assert "leaves the day open" in errors(page)
    assert "Nothing is recorded yet" not in page.content.decode()
    assert sent(page)["status-review_on"] == "March 2025"


def test_only_a_status_change_is_previewed(
    admin_client: Client, site: Site, pinemart: Target
) -> None:
    values = sent(read(admin_client, site.set("/pause", PAUSE)))
    assert admin_client.post(LOG, values | {"preview": "action"}).status_code == 302
    assert StatusChange.objects.count() == 1


def test_a_preview_costs_a_bounded_number_of_queries(
    admin_client: Client,
    site: Site,
    pinemart: Target,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    values = sent(read(admin_client, site.set("/pause", PAUSE)))
    with django_assert_max_num_queries(90):
        admin_client.post(LOG, values | PREVIEW)
