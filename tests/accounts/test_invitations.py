"""Being invited, and accepting it."""

import datetime as dt
import re
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.message import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.errors import AlreadyMember, InvitationClosed
from accounts.models import Invitation
from accounts.services import (
    accept_invitation,
    find_invitation,
    invite,
    join,
    revoke_invitation,
    send_mails,
)
from campaigns.models import Membership, Organization, Role
from config.demo.mail_sink import MailSink
from tests.accounts.people import (
    HOME,
    PASSWORD,
    give_password,
    give_second_factor,
    is_in,
    join_organization,
    later,
    links_in_mails,
    make_person,
)
from tests.factories import NOW, make_organization

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/invitation/"
GUEST = "guest@example.org"


@pytest.fixture
def manager() -> User:
    """Somebody who manages an organization."""
    return make_person("manager", Role.MANAGER)


@pytest.fixture
def ours(manager: User) -> Organization:
    """The organization that they manage."""
    return Organization.objects.get(memberships__user=manager)


def browser(user: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(user)
    return client


def invite_by_form(manager: User, organization: Organization, email: str = GUEST) -> Any:
    """Send the form of the admin."""
    data = {"email": email, "organization": organization.pk, "role": "editor"}
    return browser(manager).post(f"{LIST}add/", data)


def invited(manager: User, organization: Organization, email: str = GUEST) -> str:
    """Invite by service, and return the path in the mail."""
    mail.outbox.clear()
    invite(organization=organization, email=email, role=Role.EDITOR, by=manager, now=NOW)
    [link] = links_in_mails()
    return link


def token_of(link: str) -> str:
    """The token in the path."""
    return link.rstrip("/").rpartition("/")[2]


def account(name: str = "guest", password: str = "a fine password") -> dict[str, str]:
    """What the form for a new account is sent."""
    return {"username": name, "password1": password, "password2": password}


# --- inviting ------------------------------------------------------------------------------


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


# --- accepting -----------------------------------------------------------------------------


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


# --- sending -------------------------------------------------------------------------------


def test_a_mail_that_fails_is_tried_again_and_the_row_says_why(
    manager: User, ours: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(message: EmailMessage) -> int:
        raise SMTPServerDisconnected("Connection unexpectedly closed")

    invitation = invite(organization=ours, email=GUEST, role=Role.MEMBER, by=manager, now=NOW)
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", fail)
        assert send_mails(now=NOW) == 0
    invitation.refresh_from_db()
    assert "closed" in invitation.last_error
    assert invitation.sent_at is None
    assert send_mails(now=NOW + dt.timedelta(minutes=1)) == 0
    assert send_mails(now=NOW + dt.timedelta(minutes=3)) == 1
    assert send_mails(now=NOW + dt.timedelta(minutes=9)) == 0
    invitation.refresh_from_db()
    assert (invitation.last_error, invitation.attempts_count) == ("", 2)


def test_after_eight_failures_a_mail_is_given_up(
    manager: User, ours: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[EmailMessage] = []

    def fail(message: EmailMessage) -> int:
        tries.append(message)
        raise OSError("no route")

    monkeypatch.setattr(EmailMessage, "send", fail)
    invite(organization=ours, email=GUEST, role=Role.MEMBER, by=manager, now=NOW)
    for hours in range(60):
        send_mails(now=NOW + dt.timedelta(hours=hours))
    assert len(tries) == 8


def test_a_withdrawn_invitation_is_not_mailed(manager: User, ours: Organization) -> None:
    invitation = invite(organization=ours, email=GUEST, role=Role.MEMBER, by=manager, now=NOW)
    assert revoke_invitation(invitation=invitation, now=NOW)
    assert not revoke_invitation(invitation=invitation, now=NOW)
    assert send_mails(now=NOW) == 0


def test_the_mail_goes_through_the_mail_server_of_the_service(
    manager: User, ours: Organization, mail_sink: MailSink
) -> None:
    invite(organization=ours, email=GUEST, role=Role.MEMBER, by=manager, now=NOW)
    send_mails(now=NOW)
    [received] = mail_sink.mails()
    assert received.message["Auto-Submitted"] == "auto-generated"
    assert received.message["From"] == "Followthrough <alerts@localhost>"


# --- in the admin --------------------------------------------------------------------------


def act(manager: User, action: str, *rows: Invitation) -> Any:
    """Choose rows in the list, and an action."""
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return browser(manager).post(LIST, data)


def test_withdrawing_kills_the_link(manager: User, ours: Organization) -> None:
    link = invited(manager, ours)
    act(manager, "revoke", Invitation.objects.get())
    assert Client().get(link).status_code == 410
    assert "withdrawn" in browser(manager).get(LIST).content.decode()


def test_sending_again_makes_a_new_link_that_lasts_its_full_time(
    manager: User, ours: Organization
) -> None:
    first = invited(manager, ours)
    mail.outbox.clear()
    with later(days=8):
        act(manager, "resend", Invitation.objects.get())
        [second] = links_in_mails()
        assert Client().get(first).status_code == 410
    with later(days=14):
        assert Client().post(second, account()).status_code == 302
    mail.outbox.clear()
    act(manager, "resend", Invitation.objects.get())
    assert links_in_mails() == []


def test_managers_see_and_act_on_invitations_of_their_organizations_only(
    manager: User, ours: Organization
) -> None:
    other = make_person("other", Role.MANAGER)
    theirs = Organization.objects.get(memberships__user=other)
    invited(manager, ours)
    link = invited(other, theirs, "zebra@example.org")
    row = Invitation.objects.get(email="zebra@example.org")
    page = browser(manager).get(LIST).content.decode()
    assert GUEST in page
    assert "zebra" not in page
    assert "zebra" not in browser(manager).get(f"{LIST}{row.pk}/change/").content.decode()
    act(manager, "revoke", row)
    act(manager, "resend", row)
    assert Client().get(link).status_code == 200


def test_nobody_is_invited_to_an_organization_that_one_does_not_manage(
    manager: User, ours: Organization
) -> None:
    theirs = make_organization("Zebra")
    join_organization(manager, theirs, Role.EDITOR)
    assert "Zebra" not in browser(manager).get(f"{LIST}add/").content.decode()
    assert invite_by_form(manager, theirs).status_code == 200
    assert not Invitation.objects.exists()


def test_the_right_to_invite_comes_with_the_organization(manager: User, ours: Organization) -> None:
    theirs = make_organization()
    join_organization(manager, theirs, Role.EDITOR)
    user = User.objects.get(pk=manager.pk)
    for verb in ("view", "add", "change"):
        permission = f"accounts.{verb}_invitation"
        assert user.has_perm(permission, Invitation(organization=ours))
        assert not user.has_perm(permission, Invitation(organization=theirs))


@pytest.mark.parametrize("role", [Role.MEMBER, Role.EDITOR])
def test_members_and_editors_neither_see_nor_write_invitations(
    role: Role, manager: User, ours: Organization
) -> None:
    user = make_person("grace")
    join_organization(user, ours, role)
    invited(manager, ours)
    assert browser(user).get(LIST).status_code == 403
    assert invite_by_form(user, ours, "x@example.org").status_code == 403
    assert Invitation.objects.count() == 1


def test_a_superuser_invites_to_any_organization(ours: Organization) -> None:
    root = User.objects.create_superuser("root")
    assert invite_by_form(root, ours).status_code == 302
    [link] = links_in_mails()
    assert Client().get(link).status_code == 200


def test_the_list_asks_no_more_for_many_than_for_one(manager: User, ours: Organization) -> None:
    client = browser(manager)
    counts = []
    for number in range(12):
        email = f"guest{number}@example.org"
        invite(organization=ours, email=email, role=Role.MEMBER, by=manager, now=NOW)
        if number in (0, 11):
            with CaptureQueriesContext(connection) as asked:
                client.get(LIST)
            counts.append(len(asked))
    assert counts[0] == counts[1] <= 15


def test_a_link_is_found_by_its_token_only(manager: User, ours: Organization) -> None:
    invite(organization=ours, email=GUEST, role=Role.MEMBER, by=manager, now=NOW)
    for token in ("", "None"):  # its mail is not sent yet: it has no token
        with pytest.raises(InvitationClosed):
            find_invitation(token=token, now=NOW)
