"""How often somebody may ask for a confirmation mail."""

from __future__ import annotations

import datetime as dt
import logging

import pytest
import redis
from pytest_django import Settings

from alerts.errors import TooManyRequests
from alerts.services import count_request
from tests.factories import NOW

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
CAPS = [f"SUBSCRIBE_{kind}_PER_{window}" for kind in ("ADDRESS", "CLIENT", "DOMAIN")
        for window in ("HOUR", "DAY")]  # fmt: skip


@pytest.fixture(autouse=True)
def no_caps(settings: Settings) -> None:
    """No cap but the one that the test sets."""
    for cap in CAPS:
        setattr(settings, cap, 0)


def ask(email: str = "ada@example.org", client: str = "192.0.2.1", now: dt.datetime = NOW) -> None:
    count_request(email=email, client=client, now=now)


@pytest.mark.parametrize("kind", ["ADDRESS", "CLIENT", "DOMAIN"])
@pytest.mark.parametrize(("window", "length"), [("HOUR", HOUR), ("DAY", DAY)])
def test_each_cap_refuses_until_its_window_ends(
    settings: Settings, kind: str, window: str, length: dt.timedelta
) -> None:
    setattr(settings, f"SUBSCRIBE_{kind}_PER_{window}", 2)
    ask()
    ask()
    with pytest.raises(TooManyRequests) as refusal:
        ask()
    assert 1 <= refusal.value.seconds <= length.total_seconds()
    ask(now=NOW + dt.timedelta(seconds=refusal.value.seconds))


def test_without_a_cap_all_may_ask() -> None:
    for _ in range(20):
        ask()


def test_another_address_client_or_domain_is_counted_apart(settings: Settings) -> None:
    for cap in CAPS:
        setattr(settings, cap, 1)
    ask("ada@one.example", "192.0.2.1")
    ask("ada@two.example", "192.0.2.2")
    for email, client in [
        ("ada@ONE.example ", "192.0.2.3"),
        ("eve@one.example", "192.0.2.3"),
        ("eve@three.example", "192.0.2.1"),
    ]:
        with pytest.raises(TooManyRequests):
            ask(email, client)


def test_a_tag_does_not_make_another_address(settings: Settings) -> None:
    settings.SUBSCRIBE_ADDRESS_PER_HOUR = 1
    ask("ada+one@example.org")
    with pytest.raises(TooManyRequests):
        ask("Ada+two@example.org")
    ask("eve@example.org")


def test_what_is_refused_is_not_counted_anywhere(settings: Settings) -> None:
    settings.SUBSCRIBE_ADDRESS_PER_HOUR = 1
    settings.SUBSCRIBE_CLIENT_PER_HOUR = 2
    ask("ada@example.org")
    for _ in range(3):
        with pytest.raises(TooManyRequests):
            ask("ada@example.org")
    ask("eve@example.org")


def test_the_message_does_not_say_which_cap_was_reached(settings: Settings) -> None:
    said = set()
    for kind in ("ADDRESS", "CLIENT"):
        cap = f"SUBSCRIBE_{kind}_PER_HOUR"
        setattr(settings, cap, 1)
        ask(f"{kind}@example.org", client=kind)
        with pytest.raises(TooManyRequests) as refusal:
            ask(f"{kind}@example.org", client=kind)
        said.add(str(refusal.value))
        setattr(settings, cap, 0)
    assert len(said) == 1


def test_no_address_is_kept_in_the_cache_and_nothing_for_ever(
    settings: Settings, valkey: redis.Redis
) -> None:
    for cap in CAPS:
        setattr(settings, cap, 5)
    ask("ada@example.org", "192.0.2.1")
    keys = [str(key) for key in valkey.keys("alerts:cap:*")]
    assert len(keys) == len(CAPS)
    # No hexadecimal digest holds these by chance.
    assert not [key for key in keys if "ada@" in key or "example" in key or "192.0" in key]
    assert all(0 < valkey.ttl(key) <= DAY.total_seconds() for key in valkey.keys("alerts:cap:*"))


def test_all_may_ask_while_the_cache_is_down(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SUBSCRIBE_ADDRESS_PER_HOUR = 1
    settings.REDIS_URL = "redis://127.0.0.1:1"
    with caplog.at_level(logging.WARNING, "alerts.services.capping"):
        ask()
        ask()
    assert "is not counted" in caplog.text
