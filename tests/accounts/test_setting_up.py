"""Setting up a second factor, having to, and losing it."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from accounts.services import remove_second_factor
from accounts.services.second_factor import secret_address
from tests.accounts.people import (
    CODE,
    HOME,
    LOGIN,
    SECOND_FACTOR,
    code_at,
    code_of,
    give_password,
    is_in,
    later,
    make_person,
    secret_shown,
    signed_in,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_setting_up_shows_picture_and_secret_and_then_the_recovery_codes() -> None:
    user = make_person()
    client = Client()
    give_password(client)
    page = client.get(SECOND_FACTOR)
    body = page.content.decode()
    assert "<svg" in body
    assert "style=" not in body.split("<svg")[1].split("</svg>")[0]
    assert "no-store" in page["Cache-Control"]
    code = code_at(secret_shown(client), NOW)
    page = client.post(SECOND_FACTOR, {"code": code})
    assert len(page.context["codes"]) == 10
    assert is_in(client)
    assert client.get(SECOND_FACTOR).context["codes_left"] == 10
    device = TOTPDevice.objects.get(user=user)
    assert device.key not in client.get(SECOND_FACTOR).content.decode()


def test_the_code_that_set_it_up_does_not_sign_in() -> None:
    user = make_person()
    client = Client()
    give_password(client)
    code = code_at(secret_shown(client), NOW)
    client.post(SECOND_FACTOR, {"code": code})
    second = Client()
    give_password(second)
    assert second.post(CODE, {"code": code}).status_code == 200
    with later(minutes=1):
        assert second.post(CODE, {"code": code_of(user)}).status_code == 302


def test_a_wrong_code_sets_nothing_up_and_keeps_the_picture() -> None:
    user = make_person()
    client = Client()
    give_password(client)
    secret = secret_shown(client)
    near = {code_at(secret, NOW)}
    page = client.post(SECOND_FACTOR, {"code": "000000" if "000000" not in near else "000001"})
    assert "This is not the code" in page.content.decode()
    assert secret_shown(client) == secret
    assert not TOTPDevice.objects.filter(user=user).exists()


def test_setting_up_ends_the_other_sessions_and_keeps_this_one() -> None:
    make_person()
    here, elsewhere = Client(), Client()
    give_password(here)
    give_password(elsewhere)
    here.post(SECOND_FACTOR, {"code": code_at(secret_shown(here), NOW)})
    assert is_in(here)
    assert not is_in(elsewhere)


def test_who_has_one_cannot_be_given_another_without_a_code(user: User) -> None:
    client = signed_in(user)
    key = TOTPDevice.objects.get(user=user).key
    page = client.get(SECOND_FACTOR).content.decode()
    assert 'id="secret"' not in page
    client.post(SECOND_FACTOR, {"code": "000000", "remove": ""})
    assert TOTPDevice.objects.get(user=user).key == key


def test_removing_it_needs_a_code_and_ends_the_other_sessions(user: User) -> None:
    here = signed_in(user)
    with later(minutes=1):
        elsewhere = signed_in(user)
    with later(minutes=2):
        here.post(SECOND_FACTOR, {"code": code_of(user), "remove": ""})
        assert is_in(here)
        assert not is_in(elsewhere)
        assert give_password(Client())["Location"] == HOME


def test_the_address_in_the_picture_is_what_apps_read() -> None:
    user = User(username="ada lovelace")
    address = urlsplit(secret_address("00" * 20, user))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert address.path == "/Followthrough%3Aada%20lovelace"
    assert parse_qs(address.query) == {"secret": ["A" * 32], "issuer": ["Followthrough"]}


def test_if_demanded_of_everyone_nothing_can_be_done_before_it_is_set_up(
    settings: Settings,
) -> None:
    settings.SECOND_FACTOR = "everyone"
    make_person()
    client = Client()
    give_password(client)
    answer = client.get("/admin/campaigns/action/?q=a")
    assert urlsplit(answer["Location"]).path == SECOND_FACTOR
    for address in (HOME, "/admin/campaigns/action/add/", "/admin/password_change/"):
        assert urlsplit(client.post(address, {})["Location"]).path == SECOND_FACTOR
    client.get(answer["Location"])
    page = client.post(answer["Location"], {"code": code_at(secret_shown(client), NOW)})
    assert page.context["onward"] == "/admin/campaigns/action/?q=a"
    assert is_in(client)


@pytest.mark.parametrize(
    ("demand", "is_staff", "is_held_up"),
    [
        ("optional", False, False),
        ("optional", True, False),
        ("stewards", False, False),
        ("stewards", True, True),
        ("everyone", False, True),
        ("everyone", True, True),
    ],
)
def test_it_is_demanded_of_whom_the_setting_says(
    demand: str, is_staff: bool, is_held_up: bool, settings: Settings
) -> None:
    settings.SECOND_FACTOR = demand
    make_person(is_staff=is_staff)
    client = Client()
    give_password(client)
    assert is_in(client) != is_held_up


def test_who_removes_it_where_it_is_demanded_is_held_up_again(
    user: User, settings: Settings
) -> None:
    settings.SECOND_FACTOR = "everyone"
    client = signed_in(user)
    assert is_in(client)
    with later(minutes=1):
        client.post(SECOND_FACTOR, {"code": code_of(user), "remove": ""})
        assert not is_in(client)


def test_who_is_held_up_can_still_leave(settings: Settings) -> None:
    settings.SECOND_FACTOR = "everyone"
    make_person()
    client = Client()
    give_password(client)
    assert client.post("/admin/logout/").status_code == 200
    assert client.get(SECOND_FACTOR)["Location"].startswith(LOGIN)


def test_the_public_site_is_not_held_up(settings: Settings) -> None:
    settings.SECOND_FACTOR = "everyone"
    make_person()
    client = Client()
    give_password(client)
    assert client.get("/").status_code == 200


def steward(*permissions: str) -> Client:
    """The browser of a steward with these permissions."""
    user = User.objects.create_user("steward", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def reset(client: Client, user: User) -> int:
    """Delete somebody's second factor in the admin."""
    key = TOTPDevice.objects.get(user=user).pk
    return client.post(f"/admin/accounts/secondfactor/{key}/delete/", {"post": "yes"}).status_code


def test_a_steward_resets_a_lost_device_and_its_owners_sessions_end(user: User) -> None:
    theirs = signed_in(user)
    client = steward("view_secondfactor", "delete_secondfactor")
    page = client.get("/admin/accounts/secondfactor/")
    assert TOTPDevice.objects.get(user=user).key not in page.content.decode()
    assert reset(client, user) == 302
    assert not is_in(theirs)
    assert give_password(Client())["Location"] == HOME


def test_many_can_be_reset_from_the_list(user: User) -> None:
    client = steward("view_secondfactor", "delete_secondfactor")
    key = TOTPDevice.objects.get(user=user).pk
    data = {"action": "delete_selected", "_selected_action": key, "post": "yes"}
    client.post("/admin/accounts/secondfactor/", data)
    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()


def test_a_steward_does_not_reset_a_superuser(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    client = steward("view_secondfactor", "delete_secondfactor")
    assert reset(client, user) == 403
    key = TOTPDevice.objects.get(user=user).pk
    data = {"action": "delete_selected", "_selected_action": key, "post": "yes"}
    client.post("/admin/accounts/secondfactor/", data)
    assert TOTPDevice.objects.exists()


def test_members_and_stewards_without_the_permission_reset_nobody(user: User) -> None:
    assert reset(steward("view_secondfactor"), user) == 403
    client = Client()
    client.force_login(make_person("grace"))
    assert reset(client, user) == 403
    assert client.get("/admin/accounts/secondfactor/").status_code == 403


def test_the_pages_of_the_library_which_show_secrets_are_not_there(user: User) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    for name in ("otp_totp/totpdevice", "otp_static/staticdevice", "axes/accessattempt"):
        assert client.get(f"/admin/{name}/").status_code == 404


def test_removing_it_by_service_leaves_no_device(user: User) -> None:
    remove_second_factor(user=user)
    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()
