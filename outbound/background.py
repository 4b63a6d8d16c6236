"""One event loop for each process, on a thread of its own, and what stays open between its uses.

A TLS context, kept connections and warm children belong to an event loop; with `asyncio.run` they
would be made anew for every batch of work. Here synchronous code runs its coroutines on one lasting
loop, and they find there what they left.
"""

import asyncio
import atexit
import os
import threading
from collections.abc import Callable, Coroutine, Hashable
from concurrent.futures import CancelledError, Future, wait
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any, TypeVar

T = TypeVar("T")
Key = TypeVar("Key", bound=Hashable)


def run(
    work: Coroutine[Any, Any, T],
    *,
    meanwhile: Callable[[], object] | None = None,
    every: float | None = None,
) -> T:
    """Run a coroutine on the background loop of this process and return what it returns.

    Args:
        work: the coroutine.
        meanwhile: is called by the waiting thread as long as the work takes; what it raises cancels
            the work.
        every: after so many seconds ``meanwhile`` is called, and again.

    Many threads may do so at once. An exception that interrupts the waiting thread (Ctrl-C, a time
    limit of Celery) cancels the coroutine, and is raised when that has ended.

    Raises:
        RuntimeError: this is the background loop already; await the coroutine instead.
        concurrent.futures.CancelledError: the loop was stopped meanwhile.
    """
    return _background().run(work, meanwhile or (lambda: None), every)


async def kept(make: Callable[[Key], AbstractAsyncContextManager[T]], key: Key) -> T:
    """Return `make(key)`, entered: the same at every call on the background loop, until it stops.

    `client = await kept(Client, limits)` gives each process one client for the same limits.

    Raises:
        RuntimeError: this is not the background loop.
    """
    background = _current
    if background is None or background.loop is not asyncio.get_running_loop():
        raise RuntimeError("only what runs on the background loop can keep something there")
    return await background.kept(make, key)


def stop() -> None:
    """Cancel what runs, close what was kept, and end the loop; the next `run` starts another."""
    global _current
    with _lock:
        background, _current = _current, None
    if background:
        background.stop()


class _Background:
    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._stack = AsyncExitStack()
        self._kept: dict[tuple[object, Hashable], Any] = {}
        self._keeping = asyncio.Lock()
        # A daemon, so that an exit need not wait for it: `stop` is called then.
        self._thread = threading.Thread(target=self._serve, name="background loop", daemon=True)
        self._thread.start()

    def run(
        self, work: Coroutine[Any, Any, T], meanwhile: Callable[[], object], every: float | None
    ) -> T:
        if threading.current_thread() is self._thread:
            work.close()
            raise RuntimeError("the background loop cannot wait for itself")
        outcome: Future[T] = Future()
        tasks: list[asyncio.Task[T]] = []

        def begin() -> None:
            tasks.append(self.loop.create_task(work))
            tasks[0].add_done_callback(lambda task: _settle(outcome, task))

        def end() -> None:
            if tasks:
                tasks[0].cancel()
            else:  # the interruption came before the work
                work.close()
                outcome.set_exception(CancelledError("the work was not begun"))

        try:
            self.loop.call_soon_threadsafe(begin)
            while wait([outcome], every).not_done:
                meanwhile()
            return outcome.result()
        except BaseException:
            if not outcome.done():  # it is this thread that was interrupted
                self.loop.call_soon_threadsafe(end)
                wait([outcome])
            raise

    async def kept(self, make: Callable[[Key], AbstractAsyncContextManager[T]], key: Key) -> T:
        async with self._keeping:
            if (make, key) not in self._kept:
                self._kept[make, key] = await self._stack.enter_async_context(make(key))
        found: T = self._kept[make, key]
        return found

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()

    def _serve(self) -> None:
        # No asyncio.Runner: to close, it starts a thread, which not every Python allows at exit.
        try:
            self.loop.run_forever()
            self.loop.run_until_complete(self._close())
        finally:
            self.loop.close()

    async def _close(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._stack.aclose()
        await self.loop.shutdown_asyncgens()


def _settle(outcome: Future[T], task: asyncio.Task[T]) -> None:
    if task.cancelled():
        outcome.set_exception(
            CancelledError("the work was cancelled, as when the background loop stops")
        )
    elif error := task.exception():
        outcome.set_exception(error)
    else:
        outcome.set_result(task.result())


_lock = threading.Lock()
_current: _Background | None = None
_inherited: list[_Background] = []


def _background() -> _Background:
    global _current
    with _lock:
        if _current is None:
            _current = _Background()
        return _current


def _forget() -> None:
    """Leave the parent's loop to the parent: its thread does not exist in the child of a fork.

    What hangs on it is held, so that no destructor of this process closes what is not its own.
    """
    global _current, _lock
    _lock = threading.Lock()
    if _current:
        _inherited.append(_current)
        _current = None


atexit.register(stop)
os.register_at_fork(after_in_child=_forget)
