"""One lasting event loop for each process."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import asynccontextmanager
from types import FrameType

import pytest

from outbound import background
from outbound.background import kept, run, stop
from outbound.client import Client
from outbound.limits import Limits


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    stop()
    yield
    stop()


async def loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def test_all_threads_share_a_loop_that_outlasts_their_work() -> None:
    with ThreadPoolExecutor(4) as threads:
        loops = set(threads.map(lambda _: run(loop()), range(20)))
    assert loops == {run(loop())}


def test_what_the_work_raises_is_raised_here() -> None:
    async def fail() -> None:
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there"):
        run(fail())


def test_the_loop_cannot_wait_for_itself() -> None:
    async def wait() -> None:
        run(loop())

    with pytest.raises(RuntimeError, match="wait for itself"):
        run(wait())


def test_what_is_kept_is_made_once_and_closed_at_the_end() -> None:
    events: list[str] = []

    @asynccontextmanager
    async def thing(name: str) -> AsyncIterator[str]:
        events.append(f"open {name}")
        await asyncio.sleep(0)
        yield name
        events.append(f"close {name}")

    async def use(*names: str) -> list[str]:
        return await asyncio.gather(*(kept(thing, name) for name in names))

    assert run(use("a", "a", "b")) == ["a", "a", "b"]
    assert run(use("b")) == ["b"]
    assert events == ["open a", "open b"]
    stop()
    assert events == ["open a", "open b", "close b", "close a"]
    run(use("a"))
    assert events[4:] == ["open a"]


def test_a_client_is_the_same_for_the_same_limits() -> None:
    async def client(limits: Limits) -> Client:
        return await kept(Client, limits)

    assert run(client(Limits())) is run(client(Limits()))
    assert run(client(Limits(max_redirects=0))) is not run(client(Limits()))


def test_nothing_is_kept_on_another_loop() -> None:
    with pytest.raises(RuntimeError, match="background loop"):
        asyncio.run(kept(Client, Limits()))
    run(loop())
    with pytest.raises(RuntimeError, match="background loop"):
        asyncio.run(kept(Client, Limits()))


def test_an_interruption_of_who_waits_ends_the_work_first() -> None:
    class Interrupted(Exception):
        pass

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise Interrupted

    ended: list[bool] = []

    async def work() -> None:
        try:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append(True)

    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        with pytest.raises(Interrupted):
            run(work())
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert ended == [True]


def test_a_stop_cancels_the_work_of_other_threads() -> None:
    has_begun = threading.Event()

    async def work() -> None:
        has_begun.set()
        await asyncio.Event().wait()

    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(run, work())
        has_begun.wait()
        stop()
        with pytest.raises(CancelledError, match="background loop"):
            waiting.result()
    assert background.run(loop()).is_running()


def test_who_waits_for_long_work_is_called_meanwhile() -> None:
    may_end = threading.Event()

    async def work() -> str:
        while not may_end.is_set():
            await asyncio.sleep(0)
        return "done"

    assert run(work(), meanwhile=may_end.set, every=0.01) == "done"
    assert may_end.is_set()


def test_what_is_raised_meanwhile_ends_the_work_first() -> None:
    ended = threading.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    def fail() -> None:
        raise LookupError("the lease is gone")

    with pytest.raises(LookupError, match="the lease is gone"):
        run(work(), meanwhile=fail, every=0.01)
    assert ended.is_set()
