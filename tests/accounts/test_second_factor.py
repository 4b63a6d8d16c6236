"""The code after the password."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken

from accounts.errors import WrongCode
from accounts.services import check_code, renew_recovery_codes
from tests.accounts.people import (
    CODE,
    HOME,
    LOGIN,
    SECOND_FACTOR,
    code_of,
    give_password,
    give_second_factor,
    is_in,
    later,
    make_person,
    signed_in,
    wrong_code_of,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_the_password_alone_lets_nobody_in_who_has_a_second_factor(user: User) -> None:
    client = Client()
    answer = give_password(client)
    assert answer["Location"] == CODE
    assert not is_in(client)
    assert client.get("/admin/campaigns/action/").status_code == 302
    assert client.post("/admin/password_change/", {}).status_code == 302
    assert client.get(SECOND_FACTOR)["Location"].startswith(LOGIN)


def test_the_code_lets_in_and_leads_where_one_wanted_to_go(user: User) -> None:
    client = Client()
    answer = give_password(client, next="/admin/campaigns/action/?q=a")
    assert parse_qs(urlsplit(answer["Location"]).query) == {
        "next": ["/admin/campaigns/action/?q=a"]
    }
    page = client.get(answer["Location"])
    assert page.context["next"] == "/admin/campaigns/action/?q=a"
    done = client.post(CODE, {"code": code_of(user), "next": page.context["next"]})
    assert done["Location"] == "/admin/campaigns/action/?q=a"
    assert is_in(client)


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_the_code_leads_to_no_other_site(address: str, user: User) -> None:
    client = Client()
    give_password(client)
    done = client.post(f"{CODE}?next={address}", {"code": code_of(user), "next": address})
    assert done["Location"] == HOME


def test_a_code_may_be_typed_with_a_space(user: User) -> None:
    client = Client()
    give_password(client)
    code = code_of(user)
    assert client.post(CODE, {"code": f" {code[:3]} {code[3:]}"}).status_code == 302


def test_a_code_works_once(user: User) -> None:
    code = code_of(user)
    assert is_in(signed_in(user))
    second = Client()
    give_password(second)
    assert second.post(CODE, {"code": code}).status_code == 200
    assert not is_in(second)


def test_a_code_without_a_password_is_not_looked_at(user: User) -> None:
    client = Client()
    assert client.post(CODE, {"code": code_of(user)})["Location"] == LOGIN
    assert not is_in(client)


def test_after_ten_minutes_the_password_is_asked_for_again(user: User) -> None:
    client = Client()
    give_password(client)
    with later(minutes=11):
        assert client.post(CODE, {"code": code_of(user)})["Location"] == LOGIN
        assert not is_in(client)


def test_who_changes_the_password_meanwhile_stops_who_waits_with_the_old_one(user: User) -> None:
    client = Client()
    give_password(client)
    user.set_password("another long password")
    user.save()
    assert client.post(CODE, {"code": code_of(user)})["Location"] == LOGIN


def test_a_closed_account_is_not_let_in_by_its_code(user: User) -> None:
    client = Client()
    give_password(client)
    user.is_active = False
    user.save()
    assert client.post(CODE, {"code": code_of(user)})["Location"] == LOGIN


def test_somebody_elses_code_is_no_good(user: User) -> None:
    other = make_person("grace")
    give_second_factor(other)
    client = Client()
    give_password(client)
    client.post(CODE, {"code": code_of(other)})
    assert not is_in(client)


@pytest.mark.parametrize("code", ["", "abc", "12345", "1234567", "１２３４５６", "x" * 41])
def test_what_is_no_code_is_refused_with_a_word(code: str, user: User) -> None:
    client = Client()
    give_password(client)
    page = client.post(CODE, {"code": code})
    assert page.status_code == 200
    assert page.context["form"].errors["code"]


def test_wrong_codes_make_one_wait_longer_and_longer(user: User) -> None:
    with pytest.raises(WrongCode, match="not valid"):
        check_code(user=user, code=wrong_code_of(user), now=NOW)
    with pytest.raises(WrongCode, match="Too many wrong codes"):
        check_code(user=user, code=code_of(user), now=NOW)
    with later(seconds=3):
        check_code(user=user, code=code_of(user), now=NOW)


def test_wrong_codes_lock_the_name_as_wrong_passwords_do(user: User) -> None:
    client = Client()
    give_password(client)
    answers = []
    for minute in range(5):
        with later(seconds=60 * minute):
            answers.append(client.post(CODE, {"code": wrong_code_of(user)}).status_code)
    assert answers == [200, 200, 200, 200, 429]
    with later(minutes=5):
        assert client.post(CODE, {"code": code_of(user)}).status_code == 429
        assert give_password(client).status_code == 429


def test_giving_the_password_again_does_not_forget_wrong_codes(user: User) -> None:
    answers = []
    for minute in range(5):
        with later(seconds=60 * minute):
            client = Client()
            give_password(client)
            answers.append(client.post(CODE, {"code": wrong_code_of(user)}).status_code)
    assert answers[-1] == 429


def test_a_recovery_code_lets_in_once_and_is_kept_as_a_hash_only(user: User) -> None:
    [code, *_rest] = renew_recovery_codes(user=user)
    assert code not in set(StaticToken.objects.values_list("token", flat=True))
    client = Client()
    give_password(client)
    assert client.post(CODE, {"code": f"{code[:5]}-{code[5:]}".upper()}).status_code == 302
    assert is_in(client)
    again = Client()
    give_password(again)
    assert again.post(CODE, {"code": code}).status_code == 200


def test_new_recovery_codes_replace_the_old_and_need_a_code(user: User) -> None:
    [old, *_rest] = renew_recovery_codes(user=user)
    client = signed_in(user)
    assert "codes" not in client.post(SECOND_FACTOR, {"code": "123", "renew": ""}).context
    with later(minutes=2):
        page = client.post(SECOND_FACTOR, {"code": code_of(user), "renew": ""})
        assert len(page.context["codes"]) == 10
        with pytest.raises(WrongCode):
            check_code(user=user, code=old, now=NOW)
