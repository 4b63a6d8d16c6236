"""What works once works once for many who try at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.errors import AccountError
from accounts.models import Invitation
from accounts.services import (
    accept_invitation,
    check_code,
    enrol,
    invite,
    join,
    new_secret,
    renew_recovery_codes,
    send_mails,
)
from campaigns.models import Membership, Role
from tests.accounts.people import (
    PASSWORD,
    code_at,
    code_of,
    give_second_factor,
    links_in_mails,
    make_person,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*actions: Callable[[], object]) -> int:
    """Run actions in threads that start together; return how many were not refused."""
    barrier = threading.Barrier(len(actions))

    def run(action: Callable[[], object]) -> bool:
        barrier.wait(timeout=30)
        try:
            action()
        except AccountError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(actions)) as pool:
        return sum(pool.map(run, actions))


def test_a_code_of_the_app_opens_one_session() -> None:
    user = make_person()
    give_second_factor(user)
    code = code_of(user)
    assert at_once(*[lambda: check_code(user=user, code=code, now=NOW)] * 4) == 1


def test_a_recovery_code_opens_one_session() -> None:
    user = make_person()
    give_second_factor(user)
    code = renew_recovery_codes(user=user)[0]
    assert at_once(*[lambda: check_code(user=user, code=code, now=NOW)] * 4) == 1


def test_two_enrolments_leave_one_device_and_its_recovery_codes() -> None:
    user = make_person()

    def set_up() -> None:
        secret = new_secret()
        code = code_at(secret, timezone.now())
        enrol(user=user, secret=secret, code=code, session=None, now=timezone.now())

    assert at_once(set_up, set_up) == 2
    assert TOTPDevice.objects.filter(user=user).count() == 1
    assert StaticDevice.objects.get(user=user).token_set.count() == 10


def test_an_invitation_makes_one_member() -> None:
    manager = make_person("manager", Role.MANAGER)
    organization = manager.memberships.get().organization
    invite(organization=organization, email="a@example.org", role=Role.EDITOR, by=manager, now=NOW)
    [link] = links_in_mails()
    token = link.rstrip("/").rpartition("/")[2]
    people = [make_person("ada"), make_person("grace")]
    accepts = [
        lambda user=user: accept_invitation(token=token, user=user, now=NOW) for user in people
    ]
    joins = lambda: join(token=token, username="guest", password=PASSWORD, now=NOW)  # noqa: E731
    assert at_once(*accepts, joins) == 1
    assert Membership.objects.filter(organization=organization).count() == 2


def test_two_clicks_invite_once_and_two_workers_send_once() -> None:
    manager = make_person("manager", Role.MANAGER)
    organization = manager.memberships.get().organization

    def click() -> None:
        invite(
            organization=organization, email="a@example.org", role=Role.EDITOR, by=manager, now=NOW
        )

    at_once(click, click)
    assert Invitation.objects.count() == 1
    at_once(*[lambda: send_mails(now=NOW)] * 3)
    assert len(mail.outbox) == 1
