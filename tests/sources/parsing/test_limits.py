"""What a job may take, and what becomes of one that takes more."""

import asyncio
import signal
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from sources.parsing import ParserError, ParserLimits, ParserPool
from tests.sources.parsing.pools import ask, refusal, with_pool

LARGE_PAGE = b"<main>" + b"<p>We <b>stop</b> selling it.</p>" * 60_000
FEW_MB = 64


def test_limits_come_from_the_settings() -> None:
    with override_settings(
        PARSER_PROCESSES=1,
        PARSER_SECONDS=1.5,
        PARSER_CPU_SECONDS=2,
        PARSER_MEMORY_MB=3,
        PARSER_JOBS=4,
        PARSER_ANSWER_BYTES=5,
    ):
        limits = ParserLimits.from_settings()
    assert limits == ParserLimits(
        processes=1, seconds=1.5, cpu_seconds=2, memory_mb=3, jobs=4, answer_bytes=5
    )


def test_the_settings_keep_the_documented_defaults() -> None:
    assert ParserLimits.from_settings() == ParserLimits()


@pytest.mark.parametrize(
    "limit",
    [
        {"processes": 0},
        {"seconds": 0},
        {"seconds": float("nan")},
        {"cpu_seconds": 0},
        {"memory_mb": -1},
        {"jobs": 0},
        {"answer_bytes": 0},
    ],
)
def test_a_limit_that_would_bound_nothing_is_an_error(limit: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(limit))):
        ParserLimits(**limit)


def read_within(kind: str, body: bytes, **limits: Any) -> str:
    async def run() -> str:
        async with ParserPool(ParserLimits(**limits)) as pool:
            detail = await refusal(pool.read(kind, body, "", "https://a.example/"))
            page = await pool.read("page", b"<p>We stop.</p>", "text/html", "https://a.example/")
            assert page
            return detail

    return asyncio.run(run())


def test_a_page_that_takes_long_is_ended_by_its_cpu_time() -> None:
    detail = read_within("page", LARGE_PAGE * 3, seconds=60, cpu_seconds=1)
    assert detail == "more than 1 s of CPU time"


def test_what_takes_an_eternity_is_ended_by_the_clock() -> None:
    async def test(pool: ParserPool) -> None:
        assert await refusal(ask(pool, "use_cpu", seconds=600)) == "more than 0.5 s"
        assert await ask(pool, "echo", b"we go on") == "we go on"

    with_pool(test, seconds=0.5, cpu_seconds=600)


def test_a_page_that_needs_more_memory_than_it_may_have_is_no_mistake_of_ours() -> None:
    detail = read_within("page", LARGE_PAGE, seconds=60, cpu_seconds=30, memory_mb=FEW_MB)
    assert detail == f"more than {FEW_MB} MB of memory"


def test_every_job_has_the_whole_cpu_time() -> None:
    async def test(pool: ParserPool) -> None:
        [pid] = {await ask(pool, "use_cpu", seconds=0.4) for _ in range(8)}
        assert int(pid) in pool.pids

    with_pool(test, cpu_seconds=1)


@pytest.mark.parametrize(
    ("job", "arguments", "detail"),
    [
        ("fill_memory", {}, "more than 768 MB of memory"),
        ("recurse", {}, "nested too deeply"),
        ("answer_at_length", {"length": 1_000}, "an answer of more than 1000 bytes"),
        ("kill_itself", {"by": signal.SIGSEGV}, "the parser ended by SIGSEGV"),
        ("leave", {}, "the parser ended by exit code 3"),
    ],
)
def test_the_detail_says_which_limit_was_exceeded(
    job: str, arguments: dict[str, Any], detail: str
) -> None:
    async def test(pool: ParserPool) -> None:
        assert await refusal(ask(pool, job, **arguments)) == detail
        assert await ask(pool, "echo", b"we go on") == "we go on"

    with_pool(test, answer_bytes=1_000)


def test_a_child_writes_no_file(tmp_path: Path) -> None:
    async def test(pool: ParserPool) -> None:
        with pytest.raises(ParserError, match="File too large"):
            await ask(pool, "write_file", path=str(tmp_path / "file"))

    with_pool(test)
    assert not (tmp_path / "file").exists() or (tmp_path / "file").read_bytes() == b""


def test_a_child_knows_no_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "secret")

    async def test(pool: ParserPool) -> None:
        names = (await ask(pool, "environment")).split()
        known = {"PATH", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "OPENBLAS_NUM_THREADS"}
        assert set(names) <= known

    with_pool(test)
