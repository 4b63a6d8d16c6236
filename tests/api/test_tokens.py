"""Tokens: what their secrets look like, and how they are issued, found and revoked."""

from __future__ import annotations

import datetime as dt
import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from api.models import Token
from api.services import (
    ExpiredToken,
    NameTaken,
    RevokedToken,
    TokenError,
    UnknownToken,
    find_token,
    issue_token,
    note_use,
    revoke_token,
)
from api.token_secrets import PATTERN, PREFIX_LENGTH, is_well_formed, new_secret
from tests.api.tokens import make_person, make_token
from tests.factories import NOW

HOUR = dt.timedelta(hours=1)


def test_a_secret_can_be_recognised_and_no_two_are_alike() -> None:
    made = {new_secret() for _ in range(200)}
    assert len(made) == 200
    for secret in made:
        assert PATTERN.fullmatch(secret)
        assert is_well_formed(secret)


def test_the_form_of_secrets_never_changes_for_those_in_use() -> None:
    assert is_well_formed("ftk_" + "0" * 43 + "3c4HdN")


@given(place=st.integers(0, 52), letter=st.sampled_from("0Az9_é\0"))
def test_a_mistyped_secret_is_noticed(place: int, letter: str) -> None:
    secret = new_secret()
    typed = secret[:place] + letter + secret[place + 1 :]
    assert is_well_formed(typed) == (typed == secret)


@given(st.text(st.characters(), max_size=60))
def test_any_text_can_be_checked(text: str) -> None:
    assert not is_well_formed(text)
    assert not is_well_formed(f"ftk_{text}")


@pytest.mark.django_db
def test_of_a_secret_only_its_hash_and_its_beginning_are_kept() -> None:
    token, secret = make_token()
    token.refresh_from_db()
    assert token.key_hash == hashlib.sha256(secret.encode()).hexdigest()
    assert token.prefix == secret[:PREFIX_LENGTH]
    assert secret not in str(model_to_dict(token)) + str(vars(token)) + str(token)


@pytest.mark.django_db
def test_a_token_is_found_by_its_secret_with_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_token()
    token, secret = make_token()
    with django_assert_num_queries(1):
        assert find_token(secret=secret, now=NOW) == token


@pytest.mark.django_db
def test_a_text_that_is_no_secret_costs_no_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    _token, secret = make_token()
    with django_assert_num_queries(0):
        for text in ["", secret[:-1], secret + "0", secret.lower(), f" {secret}", "ftk_" * 10**5]:
            with pytest.raises(UnknownToken):
                find_token(secret=text, now=NOW)


@pytest.mark.django_db
def test_a_secret_that_nobody_was_issued_is_unknown() -> None:
    make_token()
    with pytest.raises(UnknownToken):
        find_token(secret=new_secret(), now=NOW)


@pytest.mark.django_db
def test_a_revoked_token_is_refused_from_the_next_request_on() -> None:
    token, secret = make_token()
    assert find_token(secret=secret, now=NOW) == token
    assert revoke_token(token=token, now=NOW) is True
    with pytest.raises(RevokedToken):
        find_token(secret=secret, now=NOW)


@pytest.mark.django_db
def test_revoking_again_keeps_the_first_moment() -> None:
    token, _secret = make_token()
    revoke_token(token=token, now=NOW)
    assert revoke_token(token=Token.objects.get(), now=NOW + HOUR) is False
    assert Token.objects.get().revoked_at == NOW


@pytest.mark.django_db
def test_a_token_expires_at_its_moment() -> None:
    token, secret = make_token(expires_at=NOW + HOUR)
    assert find_token(secret=secret, now=NOW + HOUR - dt.timedelta(microseconds=1)) == token
    with pytest.raises(ExpiredToken):
        find_token(secret=secret, now=NOW + HOUR)


@pytest.mark.django_db
def test_tokens_of_people_who_may_not_sign_in_any_more_are_refused() -> None:
    owner = make_person()
    _token, secret = make_token(owner)
    owner.is_active = False
    owner.save()
    with pytest.raises(UnknownToken):
        find_token(secret=secret, now=NOW)


@pytest.mark.django_db
def test_tokens_go_with_their_owner() -> None:
    owner = make_person()
    _token, secret = make_token(owner)
    owner.delete()
    with pytest.raises(UnknownToken):
        find_token(secret=secret, now=NOW)


@pytest.mark.django_db
def test_a_name_is_taken_until_its_token_is_revoked() -> None:
    owner = make_person()
    token, _secret = make_token(owner, name="dashboard")
    make_token(name="dashboard")
    with pytest.raises(NameTaken):
        make_token(owner, name="dashboard")
    assert Token.objects.owned_by(owner).count() == 1
    revoke_token(token=token, now=NOW)
    make_token(owner, name="dashboard")


@pytest.mark.django_db
def test_a_token_that_allows_nothing_cannot_be_stored() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_token(requests_per_minute=0)


@pytest.mark.django_db
def test_use_is_noted_once_an_hour_so_that_reads_stay_reads(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    token, secret = make_token()
    noted = []
    for minutes, queries in [(0, 2), (1, 1), (59, 1), (60, 1), (61, 2), (120, 1)]:
        now = NOW + dt.timedelta(minutes=minutes)
        with django_assert_num_queries(queries):
            note_use(token=find_token(secret=secret, now=now), now=now)
        token.refresh_from_db()
        assert token.last_used_at is not None
        noted.append((token.last_used_at - NOW) // dt.timedelta(minutes=1))
    assert noted == [0, 0, 0, 0, 61, 61]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_issue_the_same_name_at_once_one_is_refused() -> None:
    owner = make_person()

    def issue(_number: int) -> str:
        try:
            return issue_token(owner=owner, name="dashboard", now=NOW)[1]
        except TokenError as error:
            return str(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(issue, range(4)))
    assert sum(answer.startswith("ftk_") for answer in answers) == 1
    assert Token.objects.count() == 1
