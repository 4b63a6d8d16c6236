"""What ends a session, in browsers that were signed in before."""

import datetime as dt

import pytest
from axes.models import AccessLog
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Session
from accounts.services import forget_lapsed
from accounts.session_store import SessionStore
from campaigns.models import Membership, Role
from tests.accounts.people import (
    HOME,
    give_password,
    is_in,
    join_organization,
    later,
    make_person,
)
from tests.factories import make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    """A member of two organizations."""
    user = make_person()
    join_organization(user, make_organization())
    return user


def browser(name: str = "ada") -> Client:
    """A browser in which somebody signed in."""
    client = Client()
    give_password(client, name)
    assert is_in(client)
    return client


def first_membership(user: User) -> Membership:
    """One of the person's organizations."""
    return Membership.objects.filter(user=user).order_by("pk")[0]


def test_a_password_change_ends_all_other_sessions(user: User) -> None:
    here, elsewhere = browser(), browser()
    new = "another long password"
    form = {"old_password": "a long password", "new_password1": new, "new_password2": new}
    assert here.post("/admin/password_change/", form)["Location"] == "/admin/password_change/done/"
    assert is_in(here)
    assert not is_in(elsewhere)


def test_a_password_set_by_somebody_else_ends_all_sessions(user: User) -> None:
    here, elsewhere = browser(), browser()
    user.set_password("another long password")
    user.save()
    assert not is_in(here)
    assert not is_in(elsewhere)


def test_removal_from_one_of_several_organizations_ends_the_sessions_in_all_browsers(
    user: User,
) -> None:
    make_person("grace")
    here, elsewhere, other = browser(), browser(), browser("grace")
    first_membership(user).delete()
    assert not is_in(here)
    assert not is_in(elsewhere)
    assert is_in(other)
    assert is_in(browser())  # they still work for the other organization, and sign in again


def test_removal_from_the_last_organization_ends_the_sessions_and_lets_nobody_in(
    user: User,
) -> None:
    here = browser()
    Membership.objects.filter(user=user).delete()
    assert not is_in(here)
    assert give_password(Client()).status_code == 200


def test_a_manager_who_removes_somebody_in_the_admin_ends_their_sessions(user: User) -> None:
    organization = first_membership(user).organization
    join_organization(make_person("grace"), organization, Role.MANAGER)
    here, manager = browser(), browser("grace")
    row = first_membership(user)
    address = f"/admin/campaigns/membership/{row.pk}/delete/"
    assert manager.post(address, {"post": "yes"}).status_code == 302
    assert not is_in(here)
    assert is_in(manager)


def test_a_membership_that_is_moved_or_given_to_another_is_a_removal(user: User) -> None:
    here = browser()
    row = first_membership(user)
    row.organization = make_organization()
    row.save()
    assert not is_in(here)
    here = browser()
    row.user = make_person("grace")
    row.save()
    assert not is_in(here)


def test_another_role_ends_no_session_and_counts_at_once(user: User) -> None:
    here = browser()
    assert here.get("/admin/accounts/invitation/").status_code == 403
    row = first_membership(user)
    row.role = Role.MANAGER
    row.save()
    assert here.get("/admin/accounts/invitation/").status_code == 200


def test_a_closed_or_deleted_account_is_out_at_once(user: User) -> None:
    here = browser()
    user.is_active = False
    user.save()
    assert not Session.objects.filter(user_id=user.pk).exists()
    assert not is_in(here)
    make_person("grace")
    there = browser("grace")
    User.objects.get(username="grace").delete()
    assert not is_in(there)
    assert not Session.objects.filter(user_id__isnull=False).exists()


def test_an_account_that_is_opened_again_does_not_bring_a_session_back(user: User) -> None:
    here = browser()
    for is_active in (False, True):
        user.is_active = is_active
        user.save()
    assert not is_in(here)


def test_a_request_under_way_does_not_bring_an_ended_session_back(user: User) -> None:
    here = browser()
    store = SessionStore(here.session.session_key)
    store["something"] = "read before the end"
    first_membership(user).delete()
    with pytest.raises(UpdateError):  # which Django answers with "bad request"
        store.save()
    assert not is_in(here)


def test_a_session_ends_after_two_weeks(user: User) -> None:
    here = browser()
    with later(days=13):
        assert is_in(here)
    with later(days=15):
        assert not is_in(here)


def test_whose_a_session_is_costs_a_page_no_query(user: User) -> None:
    here = browser()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        here.get("/admin/campaigns/topic/")
    of_accounts = [query["sql"] for query in asked if "accounts_" in query["sql"]]
    assert len(of_accounts) == 1, of_accounts  # the session itself
    assert not [query for query in asked if "otp_" in query["sql"] or "axes_" in query["sql"]]


def test_an_anonymous_session_is_nobodys() -> None:
    client = Client()
    client.get(HOME)
    store = SessionStore()
    store["a"] = 1
    store.save()
    assert Session.objects.get(session_key=store.session_key).user_id is None


def test_what_lapsed_is_forgotten_and_nothing_else(user: User) -> None:
    here = browser()
    moment = timezone.now()
    login = {"username": "ada", "ip_address": "192.0.2.1", "user_agent": "", "path_info": "/"}
    for days in (89, 91):
        row = AccessLog.objects.create(**login, session_hash="x")
        AccessLog.objects.filter(pk=row.pk).update(attempt_time=moment - dt.timedelta(days=days))
    Session.objects.create(session_key="old", expire_date=moment - dt.timedelta(minutes=1))
    before = AccessLog.objects.count()

    assert forget_lapsed(now=moment) == 2

    assert is_in(here)
    assert not Session.objects.filter(session_key="old").exists()
    assert AccessLog.objects.count() == before - 1
