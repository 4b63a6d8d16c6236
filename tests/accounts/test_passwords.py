"""Signing in by a password, and being locked out."""

import pytest
from axes.models import AccessAttempt, AccessLog
from django.test import Client
from pytest_django import Settings

from tests.accounts.people import LOGIN, give_password, is_in, later, make_person

pytestmark = pytest.mark.django_db


def fail(client: Client, times: int, name: str = "ada") -> int:
    """Give wrong passwords, and return the status of the last answer."""
    data = {"username": name, "password": "wrong"}
    return [client.post(LOGIN, data).status_code for _ in range(times)][-1]


def test_a_member_signs_in_by_password_where_no_second_factor_is_set_up() -> None:
    make_person()
    client = Client()
    assert (
        give_password(client, next="/admin/campaigns/action/")["Location"]
        == "/admin/campaigns/action/"
    )
    assert is_in(client)


def test_the_fifth_wrong_password_locks_the_name_and_the_page_says_for_how_long() -> None:
    make_person()
    client = Client()
    assert fail(client, 4) == 200
    answer = give_password(client, password="wrong")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "Try again in 15 minutes" in answer.content.decode()
    assert "Content-Security-Policy" in answer.headers


def test_while_locked_the_right_password_does_not_help_and_after_the_pause_it_does() -> None:
    make_person()
    client = Client()
    fail(client, 5)
    assert give_password(client).status_code == 429
    assert not is_in(client)
    with later(minutes=14):
        assert give_password(client).status_code == 429
    with later(minutes=16):
        assert give_password(client).status_code == 302
        assert is_in(client)


def test_who_goes_on_trying_while_locked_does_not_lock_the_owner_out_for_longer() -> None:
    make_person()
    client = Client()
    fail(client, 5)
    with later(minutes=10):
        assert fail(client, 20) == 429
    with later(minutes=16):
        assert give_password(client).status_code == 302


def test_a_name_is_locked_in_one_network_only() -> None:
    make_person()
    fail(Client(REMOTE_ADDR="198.51.100.7"), 5)
    assert give_password(Client(REMOTE_ADDR="198.51.100.7")).status_code == 429
    assert give_password(Client(REMOTE_ADDR="198.51.100.8")).status_code == 302


def test_addresses_of_one_ipv6_network_are_one_client() -> None:
    make_person()
    for last in range(5):
        fail(Client(REMOTE_ADDR=f"2001:db8:1:2::{last}"), 1)
    assert give_password(Client(REMOTE_ADDR="2001:db8:1:2::ffff")).status_code == 429
    assert give_password(Client(REMOTE_ADDR="2001:db8:1:3::1")).status_code == 302


def test_another_browser_of_the_network_is_locked_as_well() -> None:
    make_person()
    for number in range(5):
        fail(Client(HTTP_USER_AGENT=f"browser {number}"), 1)
    assert give_password(Client(HTTP_USER_AGENT="another")).status_code == 429


def test_a_forwarded_address_that_no_proxy_of_ours_wrote_opens_no_lock() -> None:
    make_person()
    for number in range(5):
        fail(Client(HTTP_X_FORWARDED_FOR=f"203.0.113.{number}"), 1)
    assert give_password(Client(HTTP_X_FORWARDED_FOR="203.0.113.99")).status_code == 429


def test_behind_a_proxy_of_ours_each_client_has_a_count_of_its_own(settings: Settings) -> None:
    settings.TRUSTED_PROXIES_COUNT = 1
    make_person()
    for number in range(5):  # what the client wrote itself stands before what the proxy wrote
        fail(Client(HTTP_X_FORWARDED_FOR=f"192.0.2.{number}, 203.0.113.1"), 1)
    assert give_password(Client(HTTP_X_FORWARDED_FOR="203.0.113.1")).status_code == 429
    assert give_password(Client(HTTP_X_FORWARDED_FOR="203.0.113.2")).status_code == 302


def test_clients_without_a_known_address_share_one_count() -> None:
    make_person()
    fail(Client(REMOTE_ADDR=""), 5)
    assert give_password(Client(REMOTE_ADDR="")).status_code == 429


def test_a_network_that_tries_many_names_is_locked_as_a_whole() -> None:
    make_person()
    client = Client()
    for number in range(49):
        assert fail(client, 1, f"name{number}") == 200
    assert fail(client, 1, "name49") == 429
    assert give_password(client).status_code == 429
    assert give_password(Client(REMOTE_ADDR="198.51.100.8")).status_code == 302


def test_signing_in_forgets_the_failures_before_it() -> None:
    make_person()
    fail(Client(), 4)
    give_password(Client())
    assert fail(Client(), 4) == 200


def test_the_limit_and_the_pause_are_settings(settings: Settings) -> None:
    settings.SIGN_IN_ATTEMPTS, settings.SIGN_IN_LOCK_MINUTES = 2, 60
    make_person()
    client = Client()
    assert fail(client, 1) == 200
    assert fail(client, 1) == 429
    with later(minutes=59):
        assert give_password(client)["Retry-After"] == "3600"


def test_no_password_and_no_sign_in_is_kept_in_the_database() -> None:
    make_person()
    give_password(Client(), password="nearly right")
    give_password(Client())
    fail(Client(), 1)
    kept = str(list(AccessAttempt.objects.values()))
    assert "nearly right" not in kept
    assert "wrong" not in kept
    assert not AccessLog.objects.exists()


def test_who_has_no_work_here_is_refused_in_the_words_for_a_wrong_password() -> None:
    user = make_person()
    user.memberships.all().delete()
    right, wrong = give_password(Client()), give_password(Client(), password="wrong")
    assert right.status_code == wrong.status_code == 200
    assert right.context["form"].errors == wrong.context["form"].errors


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_the_login_leads_to_no_other_site(address: str) -> None:
    make_person()
    assert give_password(Client(), next=address)["Location"] == "/admin/"
