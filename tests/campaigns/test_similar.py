"""Whoever types something that is on record already is told before they save it again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campaigns.models import Action, Membership, Organization, Role
from companies.models import Alias, Company
from tests.access.forms import filled_form
from tests.access.worlds import SECRET, make_world
from tests.factories import (
    make_action,
    make_campaign,
    make_company,
    make_organization,
    make_target,
)

pytestmark = pytest.mark.django_db

COMPANIES = "/admin/companies/company/"


def similar(client: Client, model: str, **typed: str) -> list[tuple[str, str]]:
    """What the script of the form is told."""
    answer = client.get(f"/admin/{model}/similar/", typed)
    assert answer.status_code == 200
    return [(row["text"], row["why"]) for row in answer.json()["similar"]]


def save(client: Client, address: str, **typed: Any) -> Any:
    return client.post(f"{address}add/", filled_form(client, f"{address}add/") | typed)


def test_a_company_is_found_by_name_alias_and_misspelling(admin_client: Client) -> None:
    facebook = make_company("Facebook")
    Alias.objects.create(company=facebook, name="Meta Platforms")
    make_company("Amgen")
    expected = [("Facebook", "Facebook")]
    assert similar(admin_client, "companies/company", name="facebook inc") == expected
    assert similar(admin_client, "companies/company", name="Facebok") == expected
    assert similar(admin_client, "companies/company", name="Meta") == [
        ("Facebook", "Meta Platforms")
    ]
    assert similar(admin_client, "companies/company", name="Amazon") == []
    assert similar(admin_client, "companies/company", name="") == []


def test_saving_asks_once_and_saves_anyway(admin_client: Client) -> None:
    make_company("Amazon")
    typed = {"name": "Amazon.com", "slug": "amazon-com"}

    asked = save(admin_client, COMPANIES, **typed)
    page = asked.content.decode()
    assert asked.status_code == 200
    assert "Already on record?" in page
    assert 'value="Amazon.com"' in page
    mark = asked.context["adminform"].form.errors["__all__"][0].split('value="')[1].split('"')[0]
    elsewhere = save(admin_client, COMPANIES, **typed, _anyway="0")
    saved = save(admin_client, COMPANIES, **typed, _anyway=mark)

    assert elsewhere.status_code == 200
    assert saved.status_code == 302
    assert Company.objects.filter(name="Amazon.com").exists()


def test_who_edits_a_record_is_not_asked(admin_client: Client) -> None:
    make_company("Amazon")
    other = make_company("Amazon.com")
    address = f"{COMPANIES}{other.pk}/change/"
    data = filled_form(admin_client, address) | {"website": "https://amazon.example"}
    assert admin_client.post(address, data).status_code == 302


def test_organizations_and_campaigns_are_found_by_their_names(admin_client: Client) -> None:
    make_organization("American Civil Liberties Union")
    make_campaign("Stop selling face recognition to police")
    found = similar(admin_client, "campaigns/organization", name="The American Civil Liberty Union")
    assert [text for text, _why in found] == ["American Civil Liberties Union"]
    found = similar(
        admin_client, "campaigns/campaign", title="Stop selling face recognition to the police"
    )
    assert [text for text, _why in found] == ["Stop selling face recognition to police"]


def test_actions_within_a_week_are_shown_and_the_likely_ones_first(admin_client: Client) -> None:
    campaign = make_campaign()
    day = dt.date(2020, 6, 10)
    for title, days in (("Rally", 3), ("Letter", 0), ("Strike", 7), ("Too late", 8)):
        make_action(campaign, title=title, happened_on=day + dt.timedelta(days=days))
    make_action(make_campaign(), title="Elsewhere", happened_on=day)
    typed = {"campaign": str(campaign.pk), "happened_on": "10 June 2020", "title": "strike"}
    found = similar(admin_client, "campaigns/action", **typed)
    assert [text.split(" (")[0] for text, _why in found] == ["Strike", "Letter", "Rally"]
    assert found[0][1].startswith("17 June 2020, ")
    assert similar(admin_client, "campaigns/action", **typed | {"happened_on": "06/07/20"}) == []
    assert similar(admin_client, "campaigns/action", **typed | {"campaign": "²"}) == []


def test_only_a_likely_action_is_asked_about(admin_client: Client) -> None:
    campaign = make_campaign()
    first = make_action(campaign, title="Letter", happened_on=dt.date(2020, 6, 10))
    address = "/admin/campaigns/action/"
    typed = {
        "campaign": campaign.pk,
        "kind": first.kind,
        "title": "A second, quite unlike",
        "happened_on": "10 June 2020",
    }
    assert save(admin_client, address, **typed).status_code == 200
    assert save(admin_client, address, **typed | {"happened_on": "12 June 2020"}).status_code == 302
    assert Action.objects.count() == 2


def test_nobody_is_shown_what_they_may_not_see() -> None:
    world = make_world()
    hidden = world.hidden.rows["action"]
    assert isinstance(hidden, Action)
    editor = world.client("editor")
    title = world.hidden.campaign.title
    assert SECRET in title
    assert similar(editor, "campaigns/campaign", title=title) == []
    typed = {
        "campaign": str(hidden.campaign_id),
        "happened_on": hidden.happened_on.isoformat(),
        "title": hidden.title,
    }
    assert similar(editor, "campaigns/action", **typed) == []
    stranger = world.client("stranger").get("/admin/companies/company/similar/?name=Amazon")
    assert stranger.status_code in (302, 403)


def test_it_costs_few_queries_however_many_are_alike(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    organization = Organization.objects.create(name="Ours", slug="ours")
    user = User.objects.create_user("ada")
    Membership.objects.create(user=user, organization=organization, role=Role.EDITOR)
    client.force_login(user)
    for number in range(12):
        company = make_company(f"Amazon {number}")
        Alias.objects.create(company=company, name=f"Amazon Alias {number}")
    with django_assert_max_num_queries(12):
        assert len(similar(client, "companies/company", name="Amazon")) == 5


def test_a_response_answers_an_action_of_its_own_campaign(admin_client: Client) -> None:
    target, stray = make_target(), make_action(make_campaign())
    typed = {
        "target": target.pk,
        "kind": "refusal",
        "happened_on": "2020-06-11",
        "summary": "No.",
        "answers": stray.pk,
    }
    response = save(admin_client, "/admin/campaigns/response/", **typed)
    assert "action of another campaign" in response.content.decode()
    ours = make_action(target.campaign)
    typed["answers"] = ours.pk
    assert save(admin_client, "/admin/campaigns/response/", **typed).status_code == 302
