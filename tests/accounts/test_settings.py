"""Settings that cannot be followed, and the job that sends."""

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from pytest_django import Settings

from accounts.services import invite
from accounts.tasks import send_mails
from campaigns.models import Role
from config.beat import JOBS
from tests.accounts.people import make_person
from tests.factories import NOW


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECOND_FACTOR", "always"),
        ("SIGN_IN_ATTEMPTS", 0),
        ("SIGN_IN_LOCK_MINUTES", 0),
        ("INVITATION_DAYS", -1),
    ],
)
def test_a_setting_that_is_not_understood_stops_the_start(
    name: str, value: object, settings: Settings
) -> None:
    setattr(settings, name, value)
    [error] = [found for found in run_checks() if str(found.id).startswith("accounts.")]
    assert name in error.msg


def test_the_settings_as_they_are_can_be_followed() -> None:
    assert [
        found for found in run_checks() if str(found.id).startswith(("accounts.", "axes."))
    ] == []


@pytest.mark.django_db
def test_the_clock_sends_what_is_owed(mailoutbox: list[object]) -> None:
    manager = make_person("manager", Role.MANAGER)
    organization = manager.memberships.get().organization
    invite(organization=organization, email="a@example.org", role=Role.MEMBER, by=manager, now=NOW)
    assert send_mails.name in {job["task"] for job in JOBS.values()}
    send_mails()
    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_lapsed_sessions_are_cleared_by_djangos_command() -> None:
    call_command("clearsessions")
