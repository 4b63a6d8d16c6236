"""Ordinary records are logged in the admin: each error at its row, and nothing half-written."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from campaigns.models import Action, Bill, Campaign, Organization, Position, Target
from tests.factories import (
    make_action,
    make_bill,
    make_campaign,
    make_company,
    make_organization,
    make_product,
    make_target,
)

pytestmark = pytest.mark.django_db


def with_rows(data: dict[str, Any], prefix: str, *rows: dict[str, Any]) -> dict[str, Any]:
    """The form with these rows below it; those that carry an id are on record."""
    total = {f"{prefix}-TOTAL_FORMS": len(rows)}
    initial = {f"{prefix}-INITIAL_FORMS": sum("id" in row for row in rows)}
    fields = {
        f"{prefix}-{number}-{name}": value
        for number, row in enumerate(rows)
        for name, value in row.items()
    }
    return data | total | initial | fields


def errors(response: Any) -> dict[str, str]:
    """The errors that the page shows, by field."""
    assert response.status_code == 200
    page = LexborHTMLParser(response.content)
    return {
        (node.attributes.get("id") or "").removeprefix("id_").removesuffix("_error"): node.text()
        for node in page.css("ul.errorlist")
    }


def test_one_company_twice_in_a_campaign_is_marked_at_its_row(admin_client: Client) -> None:
    row = {"company": make_company().pk, "demand": "Stop"}
    data = with_rows({"title": "Push", "slug": "push"}, "targets", row, row)

    response = admin_client.post("/admin/campaigns/campaign/add/", data)

    assert errors(response) == {"targets-1-company": "This is listed above already."}
    assert not Campaign.objects.exists()


def test_one_product_twice_in_a_campaign_is_marked_at_its_row(admin_client: Client) -> None:
    product = make_product(make_company())
    row = {"company": product.company.pk, "product": product.pk, "demand": "Stop"}
    data = with_rows({"title": "Push", "slug": "push"}, "targets", row, row)

    response = admin_client.post("/admin/campaigns/campaign/add/", data)

    assert errors(response) == {"targets-1-company": "This is listed above already."}
    assert not Campaign.objects.exists()


def test_a_company_and_its_products_are_targets_of_one_campaign(admin_client: Client) -> None:
    company = make_company()
    rows = [
        {"company": company.pk, "product": product, "demand": "Stop"}
        for product in ("", make_product(company).pk, make_product(company).pk)
    ]
    data = with_rows({"title": "Push", "slug": "push"}, "targets", *rows)

    assert admin_client.post("/admin/campaigns/campaign/add/", data).status_code == 302
    assert Target.objects.count() == 3


def test_empty_and_deleted_rows_repeat_nothing(admin_client: Client) -> None:
    target = make_target()
    data = with_rows(
        {"title": "Push", "slug": target.campaign.slug},
        "targets",
        {"id": target.pk, "company": target.company.pk, "demand": "Stop", "DELETE": "on"},
        {"company": make_company().pk, "demand": "Stop"},
        {"company": "", "demand": ""},
        {"company": "", "demand": ""},
    )

    response = admin_client.post(f"/admin/campaigns/campaign/{target.campaign.pk}/change/", data)

    assert response.status_code == 302, errors(response)
    assert target.campaign.targets.get() != target


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("2019-03-20", "month"), ("2019-03-04", "month")),
        (("2019-03-20", "year"), ("2019-11-04", "year")),
        (("2019-03-20", "day"), ("2019-03-20", "day")),
    ],
)
def test_two_positions_of_one_time_are_marked_at_the_second(
    admin_client: Client, first: tuple[str, str], second: tuple[str, str]
) -> None:
    company = make_company()
    rows = [
        {"company": company.pk, "stance": "supports", "taken_on": day, "taken_precision": precision}
        for day, precision in (first, second)
    ]
    bill = {"jurisdiction": "California", "session": "2019", "identifier": "AB 1", "title": "Act"}
    bill |= {"status": "introduced", "status_precision": "day"}

    response = admin_client.post("/admin/campaigns/bill/add/", with_rows(bill, "positions", *rows))

    assert set(errors(response)) == {"positions-1-taken_on"}
    assert "listed above" in errors(response)["positions-1-taken_on"]
    assert not Bill.objects.exists()


def test_a_position_of_a_month_on_record_is_refused(admin_client: Client) -> None:
    bill, company = make_bill(), make_company()
    row = {"stance": "supports", "taken_on": dt.date(2019, 3, 1), "taken_precision": "month"}
    Position.objects.create(company=company, bill=bill, **row)

    response = admin_client.post(
        "/admin/campaigns/position/add/",
        with_rows(
            row | {"company": company.pk, "bill": bill.pk, "taken_on": "2019-03-20"}, "citations"
        ),
    )

    assert "on record" in " ".join(errors(response).values())
    assert Position.objects.count() == 1


def action_form(campaign: Campaign, *targets: Target) -> dict[str, Any]:
    """An action as an advocate fills it in."""
    data = {
        "campaign": campaign.pk,
        "kind": "open_letter",
        "title": "Letter",
        "happened_on": "2018-05-22",
        "happened_precision": "day",
        "targets": [target.pk for target in targets],
    }
    return with_rows(data, "citations")


def test_an_action_is_aimed_at_targets_of_its_own_campaign(admin_client: Client) -> None:
    own = make_target()
    others = [make_target(company=make_company(name)) for name in ("Acme", "Umbrella")]

    response = admin_client.post(
        "/admin/campaigns/action/add/", action_form(own.campaign, own, *others)
    )

    message = errors(response)["targets"]
    assert "Not targeted by this campaign" in message
    assert ("Acme" in message, "Umbrella" in message) == (True, True)
    assert own.company.name not in message
    assert not Action.objects.exists()


def test_an_action_cannot_leave_its_targets_behind(admin_client: Client) -> None:
    target = make_target()
    action = make_action(target.campaign)
    action.targets.add(target)

    response = admin_client.post(
        f"/admin/campaigns/action/{action.pk}/change/", action_form(make_campaign(), target)
    )

    assert set(errors(response)) == {"targets"}
    action.refresh_from_db()
    assert action.campaign == target.campaign


def test_an_action_with_targets_of_its_campaign_is_saved(admin_client: Client) -> None:
    target = make_target()

    admin_client.post("/admin/campaigns/action/add/", action_form(target.campaign, target))

    assert Action.objects.get().targets.get() == target


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"happened_on": "2999-01-01"}, "happened_on"),
        ({"participants_count": str(10**12)}, "participants_count"),
        ({"campaign": ""}, "campaign"),
    ],
)
def test_an_action_that_cannot_be_is_refused_at_its_field(
    admin_client: Client, fields: dict[str, str], field: str
) -> None:
    target = make_target()

    response = admin_client.post(
        "/admin/campaigns/action/add/", action_form(target.campaign, target) | fields
    )

    assert set(errors(response)) == {field}
    assert not Action.objects.exists()


def test_an_organization_in_a_circle_or_of_a_name_on_record_is_refused(
    admin_client: Client,
) -> None:
    parent = make_organization("Écologistes")
    child = make_organization(parent=parent)
    address = f"/admin/campaigns/organization/{parent.pk}/change/"
    data = {"name": parent.name, "slug": parent.slug, "kind": "nonprofit", "parent": child.pk}

    assert set(errors(admin_client.post(address, data))) == {"parent"}
    data = {"name": "ÉCOLOGISTES", "slug": "other", "kind": "union"}
    response = admin_client.post("/admin/campaigns/organization/add/", data)
    assert "exists already" in errors(response)["name"]
    assert Organization.objects.count() == 2


def test_an_address_typed_without_its_scheme_is_completed_to_https(admin_client: Client) -> None:
    data = {"name": "Fight", "slug": "fight", "kind": "union", "website": "fight.example"}

    admin_client.post("/admin/campaigns/organization/add/", data)

    assert Organization.objects.get().website == "https://fight.example"


@pytest.mark.parametrize("year", ["abc", "99999", "-1", "0", "²"])
def test_a_year_that_is_none_is_no_filter(admin_client: Client, year: str) -> None:
    make_action()
    page = admin_client.get(f"/admin/campaigns/action/?year={year}")
    assert page.status_code == 200
    assert page.context["cl"].result_count == 1
