"""Since when an address has answered with the same bytes."""

from __future__ import annotations

import logging

import pytest
import redis
from django.conf import settings

from website.dating import Dates

NOON = 1_700_000_000.5


@pytest.fixture
def dates(empty_valkey: None) -> Dates:
    return Dates(settings.REDIS_URL)


def test_a_date_is_told_once_no_other_bytes_can_bear_it(dates: Dates) -> None:
    told = [dates.last_modified("/a", '"1"', now=NOON + passed) for passed in (0, 1, 1.4, 1.5, 9)]
    assert told == [None, None, None, 1_700_000_002, 1_700_000_002]


def test_a_date_moves_when_the_bytes_do_and_only_then(dates: Dates) -> None:
    dates.last_modified("/a", '"1"', now=NOON)
    assert dates.last_modified("/a", '"1"', now=NOON + 1000) == 1_700_000_002
    assert dates.last_modified("/a", '"2"', now=NOON + 2000) is None
    assert dates.last_modified("/a", '"2"', now=NOON + 3000) == 1_700_002_002
    # As they once were is not as they were before.
    dates.last_modified("/a", '"1"', now=NOON + 4000)
    assert dates.last_modified("/a", '"1"', now=NOON + 5000) == 1_700_004_002


def test_a_date_never_goes_back_though_clocks_may(dates: Dates) -> None:
    dates.last_modified("/a", '"1"', now=NOON)
    dates.last_modified("/a", '"2"', now=NOON - 3000)
    assert dates.last_modified("/a", '"2"', now=NOON + 3) == 1_700_000_003


def test_addresses_have_dates_of_their_own(dates: Dates) -> None:
    dates.last_modified("/a", '"1"', now=NOON)
    dates.last_modified("/b", '"1"', now=NOON + 50)
    assert dates.last_modified("/a", '"1"', now=NOON + 100) == 1_700_000_002
    assert dates.last_modified("/b", '"1"', now=NOON + 100) == 1_700_000_052


def test_what_was_asked_for_longest_ago_is_forgotten_first(
    empty_valkey: None, valkey: redis.Redis
) -> None:
    dates = Dates(settings.REDIS_URL, most_addresses=2)
    for passed, address in enumerate("abacad"):
        dates.last_modified(address, '"1"', now=NOON + 100 * passed)
    assert valkey.hlen("website:dates") == valkey.zcard("website:dated") == 2
    assert dates.last_modified("a", '"1"', now=NOON + 1000) == 1_700_000_002
    assert dates.last_modified("b", '"1"', now=NOON + 1000) is None


def test_without_valkey_nothing_has_a_date(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        nobody = Dates("redis://127.0.0.1:1/0")
        assert nobody.last_modified("/a", '"1"', now=NOON) is None
    assert "Valkey does not answer" in caplog.text
