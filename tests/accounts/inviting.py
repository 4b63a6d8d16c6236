"""Inviting somebody by the form, as a manager does, and the link of the mail."""

from typing import Any

from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from accounts.services import (
    invite,
)
from campaigns.models import Organization, Role
from tests.accounts.people import (
    links_in_mails,
)
from tests.factories import NOW

LIST = "/admin/accounts/invitation/"
GUEST = "guest@example.org"


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
