"""What children answer: what was promised is taken, and anything else is refused."""

import asyncio

import orjson
import pytest

from sources.parsing import ParserError, ParserLimits, ParserPool
from sources.parsing.jobs import Job
from tests.sources.parsing.hostile_jobs import JOBS, Told
from tests.sources.parsing.pools import ask, refusal, with_pool


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"not json", "not JSON"),
        (b'{"outcome": "done"}', "not an answer"),
        (b'{"outcome": "great", "value": null, "is_spent": false}', "no known outcome"),
        (b'{"outcome": "done", "value": {"text": 1}, "is_spent": false}', "not a str"),
        (b'{"outcome": "done", "value": ["text"], "is_spent": false}', "not a Told"),
        (b'{"outcome": "done", "value": {"text": "", "x": 1}, "is_spent": false}', "not a Told"),
        (
            b'{"outcome": "unreadable", "value": {"cause": "x", "detail": ""}, "is_spent": false}',
            "not a Cause",
        ),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_an_answer_that_is_not_what_was_promised_is_refused(answer: bytes, reason: str) -> None:
    async def test(pool: ParserPool) -> None:
        detail = await refusal(ask(pool, "answer_framed", answer))
        assert detail.startswith("no valid answer")
        assert reason in detail
        assert await ask(pool, "echo", b"we go on") == "we go on"

    with_pool(test, processes=1)


def test_an_answer_that_claims_to_be_huge_is_not_waited_for() -> None:
    async def test(pool: ParserPool) -> None:
        detail = await refusal(ask(pool, "answer_raw", b"\xff\xff\xff\xffx"))
        assert detail == "no valid answer: more than 1000 bytes"

    with_pool(test, answer_bytes=1_000)


def test_an_answer_shorter_than_it_claims_ends_with_the_time() -> None:
    async def test(pool: ParserPool) -> None:
        assert await refusal(ask(pool, "answer_raw", b"\0\0\1\0x")) == "more than 2 s"

    with_pool(test, seconds=2)


def test_nothing_that_is_printed_disturbs_an_answer() -> None:
    async def test(pool: ParserPool) -> None:
        assert await ask(pool, "print_much", b"heard") == "heard"

    with_pool(test)


def test_a_large_job_and_a_large_answer_pass() -> None:
    body = b"We stop. " * 500_000

    async def test(pool: ParserPool) -> None:
        assert await ask(pool, "echo", body) == body.decode()

    with_pool(test)


def test_a_mistake_of_ours_comes_with_its_traceback_and_costs_no_child() -> None:
    async def test(pool: ParserPool) -> None:
        for _ in range(2):
            with pytest.raises(ParserError, match="surrogates not allowed"):
                await ask(pool, "answer_half_a_character")
        [pid] = pool.pids
        assert str(pid) == await ask(pool, "whoami")

    with_pool(test)


def test_children_do_what_is_registered_and_nothing_else() -> None:
    async def run() -> None:
        async with ParserPool(ParserLimits(seconds=60)) as pool:
            with pytest.raises(ParserError, match="KeyError: 'echo'"):
                await ask(pool, "echo", b"x")
            evil = Job("os.system", JOBS["echo"].run, JOBS["echo"].decode)
            with pytest.raises(ParserError, match="KeyError"):
                await pool.run(evil, {})

    asyncio.run(run())


def test_an_answer_is_data() -> None:
    told = Told("We stop.")
    assert JOBS["echo"].decode(orjson.loads(orjson.dumps(told))) == told
