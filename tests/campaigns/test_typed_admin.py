"""Forms of the admin take dates as people type them, and show them back in words."""

import datetime as dt

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from campaigns.models import Action, StatusChange
from tests.campaigns.reading import errors
from tests.campaigns.test_admin import ADD, filled_in
from tests.campaigns.test_records_admin import action_form
from tests.factories import make_action, make_change, make_target

pytestmark = pytest.mark.django_db


def shown(page: bytes, name: str) -> str | None:
    """The value that the page shows in the field."""
    node = LexborHTMLParser(page).css_first(f"[name={name}]")
    return node.attributes.get("value") if node else None


def test_a_status_change_is_recorded_with_dates_as_they_were_typed(admin_client: Client) -> None:
    data = filled_in(make_target(), effective_on="June 2020", outcome_expires_on="2021")
    del data["effective_precision"], data["outcome_expires_precision"]

    admin_client.post(ADD, data)

    change = StatusChange.objects.get()
    assert (change.effective_on, change.effective_precision) == (dt.date(2020, 6, 1), "month")
    assert change.outcome is not None
    assert change.outcome.expires_on == dt.date(2021, 1, 1)
    assert change.outcome.expires_precision == "year"


def test_a_day_with_two_readings_is_refused_at_its_field(admin_client: Client) -> None:
    response = admin_client.post(ADD, filled_in(make_target(), effective_on="06/07/2020"))

    assert "6 July 2020 or 7 June 2020" in errors(response)["effective_on"]
    assert shown(response.content, "effective_on") == "06/07/2020"
    assert not StatusChange.objects.exists()


def test_a_correction_begins_with_the_date_in_words_and_can_make_it_exact(
    admin_client: Client,
) -> None:
    wrong = make_change(
        effective_on=dt.date(2020, 6, 1), effective_precision="month", summary="Asked."
    )
    address = f"/admin/campaigns/statuschange/{wrong.pk}/correct/"
    page = admin_client.get(f"{address}?write=1").content
    same = {"to_status": wrong.to_status, "summary": wrong.summary}

    unchanged = admin_client.post(address, same | {"effective_on": "June 2020"})
    exact = admin_client.post(address, same | {"effective_on": "1 June 2020"})

    assert shown(page, "effective_on") == "June 2020"
    assert exact.status_code == 302, errors(exact)
    assert b"Nothing is different" in unchanged.content
    assert StatusChange.objects.get(corrects=wrong).effective_precision == "day"


def test_an_action_edited_in_words_loses_its_old_precision(admin_client: Client) -> None:
    target = make_target()
    action = make_action(
        target.campaign, happened_on=dt.date(2018, 5, 1), happened_precision="month"
    )
    address = f"/admin/campaigns/action/{action.pk}/change/"
    data = action_form(target.campaign) | {"happened_on": "May 22, 2018"}
    del data["happened_precision"]
    page = admin_client.get(f"{address}?write=1").content

    admin_client.post(address, data)

    assert shown(page, "happened_on") == "May 2018"
    assert shown(page, "happened_precision") is None
    action = Action.objects.get()
    assert (action.happened_on, action.happened_precision) == (dt.date(2018, 5, 22), "day")


def test_a_day_posted_with_its_precision_is_read_as_before(admin_client: Client) -> None:
    data = action_form(make_target().campaign) | {"happened_precision": "year"}

    admin_client.post("/admin/campaigns/action/add/", data)

    action = Action.objects.get()
    assert (action.happened_on, action.happened_precision) == (dt.date(2018, 1, 1), "year")
    assert action.title == "Letter"


def test_the_bill_an_outcome_waits_for_is_looked_up_not_listed(admin_client: Client) -> None:
    page = LexborHTMLParser(admin_client.get(ADD).content)

    field = page.css_first("select[name=outcome_condition_bill]")
    assert "admin-autocomplete" in (field.attributes["class"] or "")
