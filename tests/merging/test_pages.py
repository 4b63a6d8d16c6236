"""Stewards merge two records in the admin; nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from campaigns.models import Document, Membership, Organization, Role
from companies.models import Company
from tests.factories import (
    make_campaign,
    make_company,
    make_document,
    make_organization,
    make_target,
)

pytestmark = pytest.mark.django_db

LISTS: dict[Any, tuple[str, Callable[[], Any]]] = {
    Company: ("/admin/companies/company/", make_company),
    Organization: ("/admin/campaigns/organization/", make_organization),
    Document: ("/admin/campaigns/document/", make_document),
}


def ask(client: Client, place: str, *rows: Any, **more: Any) -> Any:
    keys = [row.pk for row in rows]
    data = {"action": "merge_selected", "_selected_action": keys, **more}
    return client.post(place, data, follow=True)


def steward(*codenames: str) -> Client:
    user = User.objects.create_user("steward", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("model", LISTS)
def test_two_are_shown_side_by_side_and_merged_once_confirmed(
    admin_client: Client, model: Any
) -> None:
    place, make = LISTS[model]
    kept, duplicate = make(), make()
    page = ask(admin_client, place, kept, duplicate).content.decode()
    assert str(kept) in page
    assert str(duplicate) in page
    assert model.objects.count() == 2
    done = ask(admin_client, place, kept, duplicate, keep=kept.pk)
    assert model.objects.get() == kept
    assert done.redirect_chain[0][0] == f"{place}{kept.pk}/change/"


def test_the_page_says_what_moves_and_why_not(admin_client: Client) -> None:
    kept, duplicate = make_company("Argus"), make_company("Argus Inc")
    make_target(make_campaign(), duplicate)
    place = LISTS[Company][0]
    assert "targets: 1" in ask(admin_client, place, kept, duplicate).content.decode()
    campaign = make_campaign("Eyes off")
    for company in (kept, duplicate):
        make_target(campaign, company)
    refused = ask(admin_client, place, kept, duplicate).content.decode()
    assert "Argus: Eyes off: This company is a target of the campaign already." in refused
    assert 'name="keep"' not in refused
    still = ask(admin_client, place, kept, duplicate, keep=kept.pk).content.decode()
    assert "This company is a target of the campaign already." in still
    assert Company.objects.count() == 2


def test_one_or_three_are_not_merged(admin_client: Client) -> None:
    rows = [make_company() for _ in range(3)]
    for chosen in (rows[:1], rows):
        page = ask(admin_client, LISTS[Company][0], *chosen, keep=rows[0].pk)
        assert "Select exactly two" in page.content.decode()
    assert Company.objects.count() == 3


def test_only_stewards_who_may_delete_merge() -> None:
    place, (kept, duplicate) = LISTS[Company][0], (make_company(), make_company())
    for_members = Client()
    manager = User.objects.create_user("manager")
    Membership.objects.create(user=manager, organization=make_organization(), role=Role.MANAGER)
    for_members.force_login(manager)
    reader = steward("view_company", "change_company")
    for client in (for_members, reader):
        ask(client, place, kept, duplicate, keep=kept.pk)
        assert Company.objects.count() == 2
    User.objects.get(username="steward").user_permissions.add(
        Permission.objects.get(codename="delete_company")
    )
    ask(reader, place, kept, duplicate, keep=kept.pk)
    assert Company.objects.get() == kept
    assert Company.history.get(id=duplicate.pk, history_type="-").history_user is not None
