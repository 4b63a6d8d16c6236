"""Accepting an invitation: with an account, without one, with one that was closed."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from accounts.errors import InvitationClosed
from accounts.services import (
    accept_invitation,
    join,
)
from campaigns.models import Membership, Organization, Role
from tests.accounts.inviting import GUEST, account, browser, invited, token_of
from tests.accounts.people import (
    HOME,
    PASSWORD,
    give_password,
    give_second_factor,
    is_in,
    join_organization,
    make_person,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_who_is_signed_in_just_accepts_whatever_their_address(
    manager: User, ours: Organization
) -> None:
    user = make_person("grace")
    link = invited(manager, ours, "grace.at.home@example.org")
    client = browser(user)
    assert "Accept the invitation" in client.get(link).content.decode()
    assert client.post(link)["Location"] == HOME
    assert Membership.objects.get(user=user, organization=ours).role == Role.EDITOR
    assert is_in(client)


def test_a_known_address_just_accepts_and_signs_in_as_ever(
    manager: User, ours: Organization
) -> None:
    user = make_person("grace")
    user.memberships.all().delete()
    give_second_factor(user)
    link = invited(manager, ours, user.email)
    client = Client()
    page = client.get(link)
    assert "form" not in page.context
    client.post(link)
    assert not is_in(client)
    assert Membership.objects.filter(user=user, organization=ours).exists()
    assert give_password(client, "grace")["Location"] == "/admin/login/code/"


def test_an_address_of_several_accounts_chooses_by_signing_in(
    manager: User, ours: Organization
) -> None:
    for name in ("grace", "grace.at.work"):
        user = make_person(name)
        user.email = GUEST
        user.save()
    link = invited(manager, ours)
    page = Client().get(link).content.decode()
    assert f"/admin/login/?next={link}" in page
    client = Client()
    assert give_password(client, "grace", next=link)["Location"] == link
    client.post(link)
    assert Membership.objects.filter(user__username="grace", organization=ours).exists()


def test_a_closed_account_is_not_opened_again_by_an_invitation(
    manager: User, ours: Organization
) -> None:
    user = make_person("grace")
    user.is_active = False
    user.save()
    link = invited(manager, ours, user.email)
    assert Client().post(link, account()).status_code == 410
    assert not Membership.objects.filter(organization=ours).exclude(user=manager).exists()


def test_an_invitation_takes_no_higher_role_away(manager: User, ours: Organization) -> None:
    link = invited(manager, ours)
    user = make_person("grace")
    membership = join_organization(user, ours, Role.MANAGER)
    browser(user).post(link)
    membership.refresh_from_db()
    assert membership.role == Role.MANAGER


def test_an_invitation_by_who_does_not_manage_any_more_is_void(
    manager: User, ours: Organization
) -> None:
    link = invited(manager, ours)
    Membership.objects.filter(user=manager).update(role=Role.EDITOR)
    assert Client().post(link, account()).status_code == 410
    Membership.objects.filter(user=manager).update(role=Role.MANAGER)
    assert Client().get(link).status_code == 200
    manager.is_active = False
    manager.save()
    assert Client().get(link).status_code == 410
    manager.delete()
    assert Client().get(link).status_code == 410


@pytest.mark.parametrize(
    ("name", "password", "wrong"),
    [
        ("guest", "12345678", "too common"),
        ("guest", "short", "too short"),
        ("guest", "guest@example.org", "too similar"),
        ("MANAGER", "a fine password", "Somebody has this name already"),
        ("", "a fine password", "This field is required"),
    ],
)
def test_a_poor_name_or_password_is_refused_and_the_link_lives(
    name: str, password: str, wrong: str, manager: User, ours: Organization
) -> None:
    link = invited(manager, ours)
    page = Client().post(link, account(name, password))
    assert page.status_code == 200
    assert wrong in page.content.decode()
    assert Client().post(link, account()).status_code == 302


def test_of_two_who_use_a_link_at_once_one_gets_in(manager: User, ours: Organization) -> None:
    token = token_of(invited(manager, ours))
    accept_invitation(token=token, user=make_person("grace"), now=NOW)
    with pytest.raises(InvitationClosed):
        join(token=token, username="guest", password=PASSWORD, now=NOW)
    assert not User.objects.filter(username="guest").exists()


def test_where_a_second_factor_is_demanded_a_new_account_begins_with_it(
    manager: User, ours: Organization, settings: Settings
) -> None:
    settings.SECOND_FACTOR = "everyone"
    link = invited(manager, ours)
    client = Client()
    client.post(link, account())
    assert client.get(HOME)["Location"].startswith("/admin/second-factor/")
