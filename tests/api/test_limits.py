"""The limiter: exact, atomic, and no reason for the API to fail."""

from __future__ import annotations

import datetime as dt
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis
from django.conf import settings

from api.limits import ASK_AGAIN_AFTER, Limiter, Policy, Usage
from tests.factories import NOW

POLICY = Policy("anonymous", 10)


@pytest.fixture
def limiter() -> Limiter:
    return Limiter(settings.REDIS_URL)


def spend(
    limiter: Limiter, *, after: float = 0, cost: int = 1, who: str = "a", policy: Policy = POLICY
) -> Usage:
    now = NOW + dt.timedelta(seconds=after)
    usage = limiter.spend(policy=policy, subject=who, cost=cost, now=now)
    assert usage is not None
    return usage


def test_what_is_left_is_counted_down_and_lapses_after_a_minute(limiter: Limiter) -> None:
    assert [spend(limiter, after=second).left for second in range(10)] == list(range(9, -1, -1))
    refused = spend(limiter, after=20)
    assert (refused.is_allowed, refused.left, refused.seconds) == (False, 0, 40)
    assert not spend(limiter, after=59.9).is_allowed
    anew = spend(limiter, after=60)
    assert (anew.is_allowed, anew.left, anew.seconds) == (True, 9, 60)


def test_the_wait_that_is_told_is_true(limiter: Limiter) -> None:
    spend(limiter, cost=10)
    for after in [0, 0.001, 17.5, 58.999, 59.001]:
        refused = spend(limiter, after=after)
        assert not refused.is_allowed
        assert refused.seconds >= 1
        # Nothing is refused at the end of it, and a second less would have been too early.
        assert after + refused.seconds >= 60
        assert after + refused.seconds - 1 < 60
    assert spend(limiter, after=59.001 + refused.seconds).is_allowed


def test_the_headers_are_those_of_the_draft(limiter: Limiter) -> None:
    spend(limiter)
    assert spend(limiter, after=2.5, cost=3).headers() == {
        "RateLimit-Policy": '"anonymous";q=10;w=60',
        "RateLimit": '"anonymous";r=6;t=58',
    }


def test_what_is_refused_is_not_counted(limiter: Limiter) -> None:
    assert spend(limiter, cost=8).left == 2
    for _ in range(5):
        refused = spend(limiter, cost=3)
        assert (refused.is_allowed, refused.left) == (False, 2)
    assert spend(limiter, cost=2).is_allowed


def test_a_cost_above_the_quota_takes_all_of_it(limiter: Limiter) -> None:
    assert spend(limiter, cost=60).left == 0
    assert not spend(limiter, cost=60).is_allowed
    assert spend(limiter, cost=60, after=60).is_allowed


def test_each_subject_and_each_policy_is_counted_by_itself(limiter: Limiter) -> None:
    spend(limiter, cost=10)
    assert spend(limiter, who="b").left == 9
    assert spend(limiter, policy=Policy("token", 10)).left == 9


def test_a_quota_that_was_raised_or_lowered_counts_at_once(limiter: Limiter) -> None:
    spend(limiter, cost=10)
    assert spend(limiter, policy=Policy("anonymous", 20)).left == 9
    lowered = spend(limiter, policy=Policy("anonymous", 5))
    assert (lowered.is_allowed, lowered.left) == (False, 0)


def test_servers_whose_clocks_differ_a_little_share_a_window(limiter: Limiter) -> None:
    assert spend(limiter, cost=9).left == 1
    behind = spend(limiter, after=-0.5)
    assert (behind.left, behind.seconds) == (0, 60)
    assert not spend(limiter, after=1).is_allowed


def test_a_clock_that_is_set_back_locks_nobody_out(limiter: Limiter) -> None:
    spend(limiter, cost=10)
    assert spend(limiter, after=-3600).left == 9


def test_counts_are_forgotten_when_their_window_is_over(
    limiter: Limiter, valkey: redis.Redis
) -> None:
    spend(limiter)
    spend(limiter, after=30)
    (key,) = valkey.keys("api:limit:*")
    assert key == b"api:limit:anonymous:a"
    assert 0 < valkey.pttl(key) <= 60_000


def test_however_many_ask_at_once_no_more_than_the_quota_pass(limiter: Limiter) -> None:
    policy = Policy("anonymous", 100)
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(lambda _number: spend(limiter, policy=policy, cost=2), range(200))
        )
    allowed = [answer for answer in answers if answer.is_allowed]
    assert sorted(answer.left for answer in allowed) == list(range(0, 100, 2))


def test_a_forgotten_script_is_loaded_again(limiter: Limiter, valkey: redis.Redis) -> None:
    spend(limiter)
    valkey.script_flush()
    assert spend(limiter).left == 8


def test_without_valkey_all_pass_and_it_is_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    limiter = Limiter(f"unix://{tmp_path}/nothing.sock")
    with caplog.at_level(logging.INFO, logger="api.limits"):
        for second in range(0, 60, 2):
            now = NOW + dt.timedelta(seconds=second)
            assert limiter.spend(policy=POLICY, subject="a", cost=1, now=now) is None
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert "not limited" in record.message


def test_a_valkey_that_does_not_answer_is_left_alone_and_then_asked_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    socket = tmp_path / "valkey.sock"
    limiter = Limiter(f"unix://{socket}")
    assert limiter.spend(policy=POLICY, subject="a", cost=1, now=NOW) is None
    socket.symlink_to(settings.REDIS_URL.removeprefix("unix://").partition("?")[0])
    early = NOW + ASK_AGAIN_AFTER - dt.timedelta(seconds=1)
    assert limiter.spend(policy=POLICY, subject="a", cost=1, now=early) is None
    with caplog.at_level(logging.INFO, logger="api.limits"):
        usage = limiter.spend(policy=POLICY, subject="a", cost=1, now=NOW + ASK_AGAIN_AFTER)
    assert usage is not None
    assert usage.left == 9
    assert caplog.messages[-1] == "Requests are limited again"


LARGE = Policy("anonymous", 600)


def test_of_a_large_quota_some_is_taken_ahead_and_none_of_it_is_lost(
    limiter: Limiter, valkey: redis.Redis
) -> None:
    left = [spend(limiter, policy=LARGE).left for _ in range(8)]
    assert left == list(range(599, 591, -1))
    assert valkey.hget("api:limit:anonymous:a", "spent") == b"12"
    assert spend(limiter, policy=LARGE, cost=20).left == 572
    assert spend(limiter, policy=LARGE, cost=572).left == 0
    refused = spend(limiter, policy=LARGE)
    assert (refused.is_allowed, refused.left) == (False, 0)
    assert spend(limiter, policy=LARGE, after=60).left == 599


def test_what_is_taken_ahead_is_given_back_by_a_refusal(limiter: Limiter) -> None:
    spend(limiter, policy=LARGE)
    refused = spend(limiter, policy=Policy("anonymous", 600), cost=600)
    assert (refused.is_allowed, refused.left) == (False, 599)
    assert spend(limiter, policy=LARGE, cost=599).left == 0


def test_processes_together_never_let_more_than_the_quota_pass(limiter: Limiter) -> None:
    other = Limiter(settings.REDIS_URL)
    answers = [spend(each, policy=LARGE) for _ in range(400) for each in (limiter, other)]
    assert sum(answer.is_allowed for answer in answers) == 600
