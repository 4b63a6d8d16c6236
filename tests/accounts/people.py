"""People who sign in, their browsers, and the apps on their telephones."""

from __future__ import annotations

import datetime as dt
import re
from base64 import b32decode
from typing import Any

import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.services import enrol, new_secret, send_mails
from campaigns.models import Membership, Organization, Role
from tests.factories import NOW, make_organization

PASSWORD = "a long password"
LOGIN = "/admin/login/"
CODE = "/admin/login/code/"
SECOND_FACTOR = "/admin/second-factor/"
HOME = "/admin/"


def make_person(name: str = "ada", role: Role = Role.MEMBER, **fields: Any) -> User:
    """A member of an organization of their own, who knows their password."""
    user = User.objects.create_user(name, f"{name}@example.org", PASSWORD, **fields)
    join_organization(user, make_organization(), role)
    return user


def join_organization(
    user: User, organization: Organization, role: Role = Role.MEMBER
) -> Membership:
    """Let somebody work for an organization."""
    return Membership.objects.create(user=user, organization=organization, role=role)


def code_at(secret: str, moment: dt.datetime) -> str:
    """What an app with this secret shows."""
    totp = TOTP(bytes.fromhex(secret))
    totp.time = moment.timestamp()
    return f"{totp.token():06}"


def give_second_factor(user: User) -> list[str]:
    """Set a second factor up, ten minutes ago, and return the recovery codes."""
    secret, before = new_secret(), timezone.now() - dt.timedelta(minutes=10)
    code = code_at(secret, before)
    return enrol(user=user, secret=secret, code=code, session=None, now=before)


def code_of(user: User) -> str:
    """What the person's app shows now."""
    return code_at(TOTPDevice.objects.get(user=user).key, timezone.now())


def wrong_code_of(user: User) -> str:
    """Six digits that the app does not show in these minutes."""
    key, now = TOTPDevice.objects.get(user=user).key, timezone.now()
    near = {code_at(key, now + dt.timedelta(seconds=30 * step)) for step in range(-3, 4)}
    return next(code for code in ("000000", *map(str, range(100_000, 100_010))) if code not in near)


def give_password(client: Client, name: str = "ada", password: str = PASSWORD, **more: str) -> Any:
    """Send the login form."""
    return client.post(LOGIN, {"username": name, "password": password, **more})


def is_in(client: Client) -> bool:
    """Whether the browser shows the start page of the admin."""
    return client.get(HOME).status_code == 200


def links_in_mails() -> list[str]:
    """Send what is owed, and return the paths of all links in the mails."""
    send_mails(now=timezone.now())
    lines = [line for message in mail.outbox for line in str(message.body).splitlines()]
    found = [line for line in lines if line.startswith("http") and "/admin/" in line]
    return [line[line.index("/admin/") :] for line in found]


def later(**time: float) -> Any:
    """Travel to some time after the present of the tests."""
    return time_machine.travel(NOW + dt.timedelta(**time), tick=False)


def signed_in(user: User) -> Client:
    """A browser in which both steps were taken."""
    client = Client()
    give_password(client, user.username)
    client.post(CODE, {"code": code_of(user)})
    return client


def secret_shown(client: Client) -> str:
    """The secret that the page gives, as an app would take it, in hexadecimal digits."""
    page = client.get(SECOND_FACTOR).content.decode()
    spelt = re.search(r'id="secret">([A-Z2-7 ]+)<', page)
    assert spelt
    return b32decode(spelt[1].replace(" ", "")).hex()
