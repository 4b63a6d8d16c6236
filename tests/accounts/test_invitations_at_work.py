"""Invitations on their way by mail, and in the admin of who invites."""

import datetime as dt
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.message import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.errors import InvitationClosed
from accounts.models import Invitation
from accounts.services import (
    find_invitation,
    invite,
    revoke_invitation,
    send_mails,
)
from campaigns.models import Organization, Role
from config.demo.mail_sink import MailSink
from tests.accounts.inviting import GUEST, LIST, account, browser, invite_by_form, invited
from tests.accounts.people import (
    join_organization,
    later,
    links_in_mails,
    make_person,
)
from tests.factories import NOW, make_organization

pytestmark = pytest.mark.django_db


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
