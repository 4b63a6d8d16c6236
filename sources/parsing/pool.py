"""A few warm children that do jobs, one at a time each."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

import orjson

from outbound.background import kept
from sources.causes import Cause
from sources.comparison import Difference
from sources.detection import Candidate, WatchedTarget
from sources.extraction import Unreadable
from sources.parsing import jobs
from sources.parsing.codec import InvalidAnswer
from sources.parsing.frames import Answer, Outcome, decode_answer, decode_refusal
from sources.parsing.jobs import Job, TextChange
from sources.parsing.limits import ParserLimits
from sources.parsing.worker import ChildEnded, ParserError, Worker, named
from sources.reading import Reading, Rules, fault_of_rules

T = TypeVar("T")


async def parsers() -> ParserPool:
    """Return the pool of this process, made by its settings and warm from one batch to the next.

    To be awaited on the background loop only, see :func:`outbound.background.run`.
    """
    return await kept(ParserPool, ParserLimits.from_settings())


class ParserPool:
    """Runs jobs in child processes: ``async with ParserPool(limits) as pool``.

    Children start when they are needed, stay, and are replaced when they have done so many jobs,
    have grown or are gone. A job that exceeds a limit costs its own child and harms no other job.
    A pool belongs to the event loop and to the process in which it is used.
    """

    def __init__(self, limits: ParserLimits, *, jobs_module: str = jobs.__name__) -> None:
        """Start nothing yet. ``jobs_module`` names the module whose ``JOBS`` children serve."""
        self._limits = limits
        self._jobs_module = jobs_module
        self._owner = os.getpid()
        self._slots = asyncio.Semaphore(limits.processes)
        self._workers: set[Worker] = set()
        self._idle: list[Worker] = []
        self._endings: set[asyncio.Task[int]] = set()
        self._is_closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    @property
    def pids(self) -> frozenset[int]:
        """The process ids of its children."""
        return frozenset(worker.pid for worker in self._workers)

    async def read(
        self,
        kind: str,
        body: bytes,
        content_type: str,
        final_url: str,
        rules: Rules | None = None,
        *,
        day: dt.date | None = None,
    ) -> Reading:
        """Do in a child what :func:`sources.reading.read` does.

        Raises:
            Unreadable: as there; or ``parse_limits``, and the detail says which limit.
            ParserError: something is wrong on our side.
        """
        arguments = {
            "kind": kind,
            "content_type": content_type,
            "final_url": final_url,
            "rules": dict(rules or {}),
            "day": day,
        }
        try:
            return await self.run(jobs.READ, arguments, body)
        except Unreadable as error:
            if error.cause != Cause.BAD_RULES:
                raise
            # A child speaks no language.
            raise Unreadable(error.cause, fault_of_rules(kind, rules or {})) from error

    async def compare(self, before: str, after: str, ignored: Sequence[str] = ()) -> Difference:
        """Do in a child what :func:`sources.comparison.compare` does; raises as :meth:`read`."""
        return await self.run(
            jobs.COMPARE, {"before": before, "after": after, "ignored": list(ignored)}
        )

    async def detect(
        self, changes: Sequence[TextChange], targets: Sequence[WatchedTarget]
    ) -> list[list[Candidate]]:
        """Do in a child what :func:`sources.detection.detect` does for each of the changes.

        Whatever the child was made to say, each candidate is of one of the targets, and stands in
        the text that it was found in.

        Raises:
            Unreadable, ParserError: as :meth:`read`.
        """
        arguments = {"changes": list(changes), "targets": list(targets)}
        found = await self.run(jobs.DETECT, arguments)
        keys = {target.key for target in targets}
        if len(found) != len(changes) or not all(
            candidate.target in keys and _stands_in(change.after.body, candidate)
            for change, candidates in zip(changes, found, strict=False)
            for candidate in candidates
        ):
            raise _beyond("no valid answer: a candidate of something else")
        return found

    async def make_inert(self, body: bytes, content_type: str) -> str:
        """Do in a child what :func:`sources.extraction.inert.make_inert` does; raises likewise."""
        made = await self.run(jobs.MAKE_INERT, {"content_type": content_type}, body)
        return made.text

    async def run(self, job: Job[T], arguments: Mapping[str, Any], body: bytes = b"") -> T:
        """Have a job done as soon as a child is free, and return what it returned there.

        Args:
            job: one that the children know.
            arguments: by name, what JSON can express.
            body: the bytes to work on.

        Raises:
            Unreadable, ParserError: as :meth:`read`.
        """
        head = orjson.dumps({"job": job.name, "arguments": arguments})
        async with self._slots:
            worker = await self._free_worker()
            return await self._done(worker, job, head, body)

    async def close(self) -> None:
        """End all children and wait for their ends; jobs at work fail."""
        self._check_owner()
        self._is_closed = True
        self._idle.clear()
        for worker in list(self._workers):
            self._dismiss(worker)
        await asyncio.gather(*self._endings)

    async def _free_worker(self) -> Worker:
        self._check_usable()
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive:
                return worker
            self._dismiss(worker)
        worker = await Worker.start(self._limits, self._jobs_module)
        self._workers.add(worker)
        if self._is_closed:
            await self._dismiss(worker)
            raise ParserError("the pool was closed meanwhile")
        return worker

    async def _done(self, worker: Worker, job: Job[T], head: bytes, body: bytes) -> T:
        limits = self._limits
        is_usable = False
        try:
            async with asyncio.timeout(limits.seconds):
                answer = decode_answer(await worker.ask(head, body, limits.answer_bytes))
            value = self._value(job, answer)
            is_usable = not answer.is_spent and worker.jobs_count < limits.jobs
        except TimeoutError as error:
            raise _beyond(f"more than {limits.seconds:g} s") from error
        except InvalidAnswer as error:
            raise _beyond(f"no valid answer: {error}") from error
        except ChildEnded as error:
            if self._is_closed:
                raise ParserError("the pool was closed meanwhile") from error
            raise self._ended(await asyncio.shield(self._dismiss(worker))) from error
        finally:
            if is_usable and not self._is_closed:
                self._idle.append(worker)
            elif worker in self._workers:
                self._dismiss(worker)
        if isinstance(value, Exception):
            raise value
        return value

    def _dismiss(self, worker: Worker) -> asyncio.Task[int]:
        """Kill a child and let it end in its own time; what it gives is its exit code."""
        worker.kill()
        self._workers.discard(worker)
        ending = asyncio.create_task(worker.end())
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)
        return ending

    def _ended(self, exit_code: int) -> Unreadable:
        if exit_code == -signal.SIGXCPU:
            return _beyond(f"more than {self._limits.cpu_seconds} s of CPU time")
        return _beyond(f"the parser ended by {named(exit_code)}")

    def _value(self, job: Job[T], answer: Answer) -> T | Unreadable | ParserError:
        limits = self._limits
        match answer.outcome:
            case Outcome.DONE:
                return job.decode(answer.value)
            case Outcome.UNREADABLE:
                refusal = decode_refusal(answer.value)
                return Unreadable(refusal.cause, refusal.detail)
            case Outcome.NO_MEMORY:
                return _beyond(f"more than {limits.memory_mb} MB of memory")
            case Outcome.TOO_DEEP:
                return _beyond("nested too deeply")
            case Outcome.TOO_LONG:
                return _beyond(f"an answer of more than {limits.answer_bytes} bytes")
            case Outcome.FAULT:
                return ParserError(f"a parser failed on our side:\n{answer.value}")

    def _check_usable(self) -> None:
        self._check_owner()
        if self._is_closed:
            raise ParserError("the pool is closed")

    def _check_owner(self) -> None:
        if os.getpid() != self._owner:
            raise RuntimeError("a pool must not be used after a fork: its children are not ours")


def _stands_in(body: str, candidate: Candidate) -> bool:
    return bool(candidate.sentence) and body[candidate.start : candidate.end] == candidate.sentence


def _beyond(detail: str) -> Unreadable:
    return Unreadable(Cause.PARSE_LIMITS, detail)
