"""Pools of children that know hostile jobs."""

import asyncio
import os
import select
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from sources.causes import Cause
from sources.extraction import Unreadable
from sources.parsing import ParserLimits, ParserPool
from tests.sources.parsing import hostile_jobs
from tests.sources.parsing.hostile_jobs import JOBS, Told

GENEROUS = {"seconds": 60, "cpu_seconds": 30}
"""Limits that a test which is not about them does not reach on a busy machine."""


def with_pool(test: Callable[[ParserPool], Awaitable[None]], **limits: Any) -> None:
    """Run a test with a pool of its own."""

    async def run() -> None:
        async with ParserPool(
            ParserLimits(**{**GENEROUS, **limits}), jobs_module=hostile_jobs.__name__
        ) as pool:
            await test(pool)

    asyncio.run(run())


async def ask(pool: ParserPool, job: str, body: bytes = b"", **arguments: Any) -> str:
    """Have a hostile job done."""
    told: Told = await pool.run(JOBS[job], arguments, body)
    return told.text


async def refusal(work: Awaitable[object]) -> str:
    """Return which limit work exceeded."""
    with pytest.raises(Unreadable) as caught:
        await work
    assert caught.value.cause == Cause.PARSE_LIMITS
    return caught.value.detail


@asynccontextmanager
async def at_work(
    pool: ParserPool, folder: Path, job: str = "wait_for_ever"
) -> AsyncIterator[asyncio.Task[str]]:
    """Give a job that does not end, when it is at work."""
    announcement = folder / "announcement"
    os.mkfifo(announcement)
    task = asyncio.create_task(ask(pool, job, announce=str(announcement)))
    await asyncio.to_thread(announcement.read_bytes)
    yield task
    announcement.unlink()


@contextmanager
def watched(pid: int) -> Iterator[Callable[[], bool]]:
    """Give a function that waits for the end of a process, whoever's child it is (Linux)."""
    descriptor = os.pidfd_open(pid)

    def has_ended() -> bool:
        return bool(select.select([descriptor], [], [], 30)[0])

    try:
        yield has_ended
    finally:
        os.close(descriptor)
