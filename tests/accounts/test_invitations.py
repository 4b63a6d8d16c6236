"""Being invited, and accepting it."""

import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.errors import AlreadyMember
from accounts.models import Invitation
from accounts.services import (
    invite,
)
from campaigns.models import Membership, Organization, Role
from tests.accounts.inviting import GUEST, account, invite_by_form, invited, token_of
from tests.accounts.people import (
    HOME,
    is_in,
    join_organization,
    later,
    links_in_mails,
    make_person,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_a_manager_invites_and_the_guest_opens_an_account_and_works(
    manager: User, ours: Organization, settings: Settings
) -> None:
    assert invite_by_form(manager, ours).status_code == 302
    [link] = links_in_mails()
    [message] = mail.outbox
    assert message.to == [GUEST]
    assert "manager invites you" in message.body
    assert "as editor" in message.body
    assert f"{settings.BASE_URL}{link}" in message.body
    client = Client()
    page = client.get(link)
    assert str(ours) in page.content.decode()
    assert client.post(link, account())["Location"] == HOME
    assert is_in(client)
    guest = User.objects.get(username="guest")
    assert (guest.email, guest.is_staff, guest.is_superuser) == (GUEST, False, False)
    assert Membership.objects.get(user=guest).role == Role.EDITOR
    assert Membership.objects.get(user=guest).organization == ours


def test_the_token_is_kept_as_a_hash_only(manager: User, ours: Organization) -> None:
    token = token_of(invited(manager, ours))
    assert len(token) >= 43
    assert token not in str(list(Invitation.objects.values()))


def test_a_link_works_once(manager: User, ours: Organization) -> None:
    link = invited(manager, ours)
    assert Client().post(link, account()).status_code == 302
    assert Client().get(link).status_code == 410
    assert Client().post(link, account("second")).status_code == 410
    assert not User.objects.filter(username="second").exists()


def test_to_look_at_a_link_accepts_nothing(manager: User, ours: Organization) -> None:
    known = make_person("grace")
    link = invited(manager, ours, known.email)
    Client().get(link)
    Client().head(link)
    assert not Membership.objects.filter(user=known, organization=ours).exists()


def test_a_link_lapses_after_seven_days(manager: User, ours: Organization) -> None:
    link = invited(manager, ours)
    with later(days=6, hours=23):
        assert Client().get(link).status_code == 200
    with later(days=7):
        assert Client().get(link).status_code == 410
        assert Client().post(link, account()).status_code == 410


def test_what_never_was_is_answered_as_what_is_over(manager: User, ours: Organization) -> None:
    link = invited(manager, ours)
    with later(days=8):
        over = Client().get(link)
    never = Client().get("/admin/invitation/never-was/")
    assert never.status_code == over.status_code == 410
    assert never.context["reason"] == over.context["reason"]


def test_to_invite_again_sends_a_new_link_in_the_new_role_and_the_old_one_is_dead(
    manager: User, ours: Organization
) -> None:
    first = invited(manager, ours)
    mail.outbox.clear()
    with later(days=3):
        now = timezone.now()
        invite(organization=ours, email=GUEST.upper(), role=Role.MEMBER, by=manager, now=now)
        assert Client().get(first).status_code == 410
        [second] = links_in_mails()
    with later(days=9):
        Client().post(second, account())
    assert Invitation.objects.count() == 1
    assert Membership.objects.get(user__username="guest").role == Role.MEMBER


def test_who_is_a_member_already_is_not_invited(manager: User, ours: Organization) -> None:
    member = make_person("grace")
    join_organization(member, ours)
    page = invite_by_form(manager, ours, member.email.upper())
    assert "is a member already" in page.content.decode()
    with pytest.raises(AlreadyMember):
        invite(organization=ours, email=member.email, role=Role.MEMBER, by=manager, now=NOW)
    assert not Invitation.objects.exists()


def test_whether_an_address_has_an_account_shows_nowhere_to_who_invites(
    manager: User, ours: Organization
) -> None:
    make_person("grace")
    answers = [
        re.sub(r"grace|nobody|/\d+/", "X", page.content.decode() + page.headers["Location"])
        for page in (
            invite_by_form(manager, ours, "grace@example.org"),
            invite_by_form(manager, ours, "nobody@example.org"),
        )
    ]
    assert answers[0] == answers[1]
    links_in_mails()
    bodies = {re.sub(r"http\S+", "", str(message.body)) for message in mail.outbox}
    assert len(bodies) == 1
