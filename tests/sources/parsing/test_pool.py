"""What becomes of children: they are few, stay warm, are replaced, and never stay behind."""

import asyncio
import contextlib
import os
import signal
from pathlib import Path

import pytest

from sources.detection import Text, WatchedTarget
from sources.parsing import ParserError, ParserLimits, ParserPool
from sources.parsing.jobs import TextChange
from tests.sources.parsing.pools import ask, at_work, refusal, watched, with_pool


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def descriptors() -> set[Path]:
    """The open files of this process."""
    return set(Path("/proc/self/fd").iterdir())


def children() -> set[str]:
    """The children of this process, zombies included (Linux)."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # "pid (name) state ppid …", and a name may hold anything.
            if int(stat.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                found.add(stat.parent.name)
    return found


def test_a_child_stays_for_the_next_job() -> None:
    async def test(pool: ParserPool) -> None:
        assert pool.pids == frozenset()
        assert len({await ask(pool, "whoami") for _ in range(5)}) == 1

    with_pool(test)


def test_there_are_never_more_children_than_allowed_and_the_others_wait() -> None:
    async def test(pool: ParserPool) -> None:
        told = await asyncio.gather(*(ask(pool, "whoami") for _ in range(20)))
        assert {int(pid) for pid in told} == pool.pids
        assert len(pool.pids) == 2

    with_pool(test, processes=2)


def test_a_child_is_replaced_after_so_many_jobs() -> None:
    async def test(pool: ParserPool) -> None:
        pids = [await ask(pool, "whoami") for _ in range(7)]
        assert pids == [pids[0]] * 3 + [pids[3]] * 3 + [pids[6]]
        assert len(set(pids)) == 3

    with_pool(test, jobs=3)


def test_a_child_that_detects_has_room_for_more() -> None:
    async def detect_twice() -> list[frozenset[int]]:
        text = Text("Corvia has stopped selling face recognition to police.")
        corvia = WatchedTarget(1, "Corvia", demand="Stop selling face recognition to police")
        async with ParserPool(ParserLimits(processes=1)) as pool:
            children = []
            for _ in range(2):
                await pool.detect([TextChange(None, text)], [corvia])
                children.append(pool.pids)
            return children

    first, second = asyncio.run(detect_twice())

    assert first == second != frozenset()


def test_a_child_that_has_grown_is_replaced() -> None:
    async def test(pool: ParserPool) -> None:
        before = await ask(pool, "whoami")
        await ask(pool, "take", megabytes=10)
        assert await ask(pool, "whoami") == before
        await ask(pool, "take", megabytes=300)
        assert await ask(pool, "whoami") != before

    with_pool(test, memory_mb=512)


def test_a_child_killed_at_work_harms_no_other_job(tmp_path: Path) -> None:
    async def test(pool: ParserPool) -> None:
        async with at_work(pool, tmp_path) as task:
            [pid] = pool.pids
            other = asyncio.create_task(ask(pool, "echo", b"unharmed"))
            os.kill(pid, signal.SIGKILL)
            assert await refusal(task) == "the parser ended by SIGKILL"
            assert await other == "unharmed"
            assert pid not in pool.pids

    with_pool(test, processes=2)


def test_a_job_that_dies_beside_another_leaves_it_alone(tmp_path: Path) -> None:
    async def test(pool: ParserPool) -> None:
        async with at_work(pool, tmp_path) as task:
            busy = pool.pids
            assert await refusal(ask(pool, "leave")) == "the parser ended by exit code 3"
            assert not task.done()
            assert pool.pids == busy
            task.cancel()

    with_pool(test, processes=2)


def test_a_child_that_died_between_two_jobs_is_nobodys_fault() -> None:
    async def test(pool: ParserPool) -> None:
        [pid] = [int(await ask(pool, "whoami"))]
        with watched(pid) as has_ended:
            os.kill(pid, signal.SIGKILL)
            assert has_ended()
        assert int(await ask(pool, "whoami")) != pid

    with_pool(test, processes=1)


def test_who_no_longer_waits_has_its_child_ended(tmp_path: Path) -> None:
    async def test(pool: ParserPool) -> None:
        async with at_work(pool, tmp_path) as task:
            [pid] = pool.pids
            waiting = asyncio.create_task(ask(pool, "echo", b"next"))
            with watched(pid) as has_ended:
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                assert await asyncio.to_thread(has_ended)
            assert await waiting == "next"

    with_pool(test, processes=1)


def test_who_gives_up_waiting_for_a_child_takes_none_away(tmp_path: Path) -> None:
    async def test(pool: ParserPool) -> None:
        async with at_work(pool, tmp_path) as task:
            waiting = asyncio.create_task(ask(pool, "echo", b"never"))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            busy = pool.pids
            assert not task.done()
            task.cancel()
        assert await ask(pool, "echo", b"next") == "next"
        assert busy.isdisjoint(pool.pids)

    with_pool(test, processes=1)


def test_a_start_that_is_cancelled_leaves_no_child() -> None:
    async def test(pool: ParserPool) -> None:
        before, older = descriptors(), children()
        for turns in range(1, 6):
            starting = asyncio.create_task(ask(pool, "whoami"))
            for _ in range(turns):
                await asyncio.sleep(0)
            starting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await starting
        assert pool.pids == frozenset()
        await asyncio.sleep(0)
        assert descriptors() == before
        assert children() == older

    with_pool(test)


def test_close_ends_all_children_and_fails_who_is_at_work(tmp_path: Path) -> None:
    async def run() -> None:
        pool = ParserPool(
            ParserLimits(seconds=60), jobs_module="tests.sources.parsing.hostile_jobs"
        )
        await ask(pool, "echo", b"warm")
        async with at_work(pool, tmp_path) as task:
            await ask(pool, "echo", b"warm")
            pids = pool.pids
            waiting = asyncio.create_task(ask(pool, "echo"))
            await pool.close()
            assert not any(map(is_running, pids))
            for unlucky in (task, waiting, asyncio.create_task(ask(pool, "echo"))):
                with pytest.raises(ParserError, match="closed"):
                    await unlucky

    asyncio.run(run())


def test_a_child_that_was_starting_when_its_pool_closed_is_ended_too() -> None:
    async def run() -> None:
        older = children()
        pool = ParserPool(ParserLimits())
        starting = asyncio.create_task(pool.compare("We sell.", "We stop."))
        while children() == older:
            await asyncio.sleep(0)
        await pool.close()
        with pytest.raises(ParserError, match="closed meanwhile"):
            await starting
        assert children() == older

    asyncio.run(run())


def test_two_hundred_jobs_and_eight_children_leave_no_descriptor_open() -> None:
    async def test(pool: ParserPool) -> None:
        for number in range(200):
            assert await ask(pool, "echo", b"%d" % number) == str(number)

    async def run() -> None:
        limits = ParserLimits(jobs=25, seconds=60)
        before = descriptors()
        async with ParserPool(limits, jobs_module="tests.sources.parsing.hostile_jobs") as pool:
            await test(pool)
            assert len(descriptors()) <= len(before) + 2 * limits.processes + 2
        await asyncio.sleep(0)
        assert descriptors() == before

    asyncio.run(run())


def test_a_child_that_cannot_start_is_our_failure() -> None:
    async def run() -> None:
        async with ParserPool(ParserLimits(), jobs_module="sources.nowhere") as pool:
            with pytest.raises(ParserError, match="did not start; it ended by exit code 1"):
                await pool.read("page", b"<p>We stop.</p>", "text/html", "https://a.example/")
            assert pool.pids == frozenset()

    asyncio.run(run())
