"""The history of a record says who changed what, from what to what, and why; and brings it back."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from selectolax.lexbor import LexborHTMLParser

from campaigns.models import Action, Campaign, Citation, Target
from companies.histories import Part, read_history
from companies.models import Alias, Company
from companies.tracking import because
from tests.factories import (
    make_action,
    make_campaign,
    make_company,
    make_document,
    make_organization,
    make_target,
)

pytestmark = pytest.mark.django_db


def address(row: Any, page: str) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/{page}"


def words(client: Client, row: Any) -> str:
    """What the page of the history says, on one line."""
    response = client.get(address(row, "history/"))
    assert response.status_code == 200
    body = LexborHTMLParser(response.content).css_first("#content-main")
    return " ".join(body.text().split())


def version_of(row: Any, kind: str = "+") -> int:
    rows = type(row).history.filter(id=row.pk, history_type=kind)
    return int(rows.earliest("history_date").history_id)


def test_each_field_is_told_in_words_with_its_value_before_and_after(admin_client: Client) -> None:
    parent = make_company("Alphabet")
    company = make_company("Gogle")
    company.name, company.parent = "Google", parent
    company.save()

    said = words(admin_client, company)

    assert "Name Gogle → Google" in said
    assert "Parent company empty → Alphabet" in said


def test_members_of_a_relation_and_choices_go_by_their_names(admin_client: Client) -> None:
    action = make_action(kind="petition")
    action.organizations.add(make_organization("Eyes"))
    action.kind = "strike"
    action.save()

    said = words(admin_client, action)

    assert "Kind petition → strike" in said
    assert "Organizations empty → Eyes" in said


def test_what_belongs_to_it_is_told_with_it_even_once_it_is_deleted(admin_client: Client) -> None:
    company = make_company("Google", aliases=("Googel",))
    company.aliases.get().delete()

    said = words(admin_client, company)

    assert "Deleted: alias" in said
    assert "Name Googel → empty" in said


def test_the_message_of_the_form_stands_with_what_was_saved(admin_client: Client) -> None:
    company = make_company("Gogle")
    rows = {
        f"{name}-{kind}_FORMS": 0
        for name in ("aliases", "products")
        for kind in ("TOTAL", "INITIAL")
    }
    data = {"name": "Google", "slug": company.slug, "_change_message": "A slip of the pen", **rows}

    response = admin_client.post(address(company, "change/"), data)

    assert response.status_code == 302
    last = Company.history.filter(id=company.pk).latest("history_date", "history_id")
    assert last.history_change_reason == "A slip of the pen"
    assert last.history_user == User.objects.get()
    assert "A slip of the pen" in words(admin_client, company)


def test_a_message_ends_with_what_it_is_about() -> None:
    company = make_company()
    with because("Once"):
        company.name = "First"
        company.save()
    company.name = "Second"
    company.save()

    reasons = company.history.order_by("history_id").values_list("history_change_reason", flat=True)
    assert list(reasons) == [None, "Once", None]


def test_a_restored_version_is_a_new_version_that_says_so(admin_client: Client) -> None:
    organization = make_organization("Eyes")
    campaign = make_campaign("Eyes off", organizations=(organization,))
    kept = campaign.history.latest("history_date", "history_id")
    campaign.title = "Eyes on"
    campaign.save()
    campaign.organizations.clear()
    page = address(campaign, f"history/{kept.pk}/")

    asked = admin_client.get(page).content.decode()
    assert "Eyes on" in asked
    assert Campaign.objects.get().title == "Eyes on"
    assert admin_client.post(page).status_code == 302

    campaign = Campaign.objects.get()
    assert campaign.title == "Eyes off"
    assert list(campaign.organizations.all()) == [organization]
    last = campaign.history.latest("history_date", "history_id")
    assert last.history_change_reason.startswith("Restored the version of")


def test_restoring_neither_publishes_nor_withdraws(admin_client: Client) -> None:
    campaign = make_campaign(is_public=False)
    draft = version_of(campaign)
    published = make_campaign().published_at
    campaign.published_at, campaign.title = published, "Another"
    campaign.save(update_fields=["published_at", "title"])

    admin_client.post(address(campaign, f"history/{draft}/"))

    campaign.refresh_from_db()
    assert campaign.published_at == published
    assert campaign.title != "Another"


def test_a_version_that_is_not_valid_any_more_is_refused_and_says_why(
    admin_client: Client,
) -> None:
    company = make_company("Google")
    kept = version_of(company)
    company.name = "Alphabet"
    company.save()
    make_company("Google")

    response = admin_client.post(address(company, f"history/{kept}/"))

    assert response.status_code == 200
    assert "cannot be restored" in response.content.decode()
    company.refresh_from_db()
    assert company.name == "Alphabet"


def test_a_deleted_action_comes_back_with_its_citations(admin_client: Client) -> None:
    action = make_action(title="Letter")
    action.organizations.add(make_organization("Eyes"))
    Citation.objects.create(action=action, document=make_document(), quote="Signed.")
    key = action.pk
    kept = Action.history.filter(id=key, history_type="~").latest("history_date", "history_id").pk
    assert admin_client.post(address(action, "delete/"), {"post": "yes"}).status_code == 302
    campaign = Campaign.objects.get()
    assert f"/admin/campaigns/action/{key}/history/" in (
        admin_client.get(address(campaign, "history/")).content.decode()
    )

    response = admin_client.post(f"/admin/campaigns/action/{key}/history/{kept}/")

    assert response.status_code == 302
    again = Action.objects.get(pk=key)
    assert (again.title, again.organizations.get().name) == ("Letter", "Eyes")
    assert again.citations.get().quote == "Signed."


def test_a_deleted_alias_comes_back_from_the_page_of_its_company(admin_client: Client) -> None:
    company = make_company("Google", aliases=("Googel",))
    company.aliases.get().delete()
    kept = Alias.history.get(history_type="-")
    page = address(company, f"history/alias/{kept.pk}/")
    assert page in admin_client.get(address(company, "history/")).content.decode()

    assert admin_client.post(page).status_code == 302
    assert company.aliases.get().name == "Googel"
    assert admin_client.post(page).status_code == 302
    assert company.aliases.count() == 1


def test_a_version_of_another_record_is_not_restored_here(admin_client: Client) -> None:
    ours, theirs = make_company(), make_company()

    response = admin_client.post(address(ours, f"history/{version_of(theirs)}/"))

    assert response.status_code == 404


def test_a_target_comes_from_no_other_campaign(admin_client: Client) -> None:
    target = make_target()
    kept = version_of(target)
    target.demand = "Another"
    target.save()

    assert admin_client.post(address(target, f"history/{kept}/")).status_code == 302
    assert Target.objects.get().demand == "Stop selling face recognition to police"


@pytest.mark.parametrize("count", [2, 30])
def test_a_history_of_any_length_takes_the_same_queries(
    count: int, admin_user: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    company = make_company()
    for number in range(count):
        company.name, company.parent = f"Name {number}", make_company()
        company.save()
        Alias.objects.create(company=company, name=f"Alias {number}")
    read_history(model=Company, key=company.pk, parts=[], person=admin_user)
    # The log; two for each table of versions; the parent companies.
    with django_assert_num_queries(5):
        page = read_history(
            model=Company, key=company.pk, parts=[Part(Alias, "company")], person=admin_user
        )
    assert page.has_more is (count == 30)
