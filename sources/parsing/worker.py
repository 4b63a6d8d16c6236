"""A child process at work, as its parent sees it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Self

import orjson

from sources.parsing.codec import InvalidAnswer
from sources.parsing.frames import LENGTH, READY, framed
from sources.parsing.limits import ParserLimits

START_SECONDS = 30.0
"""Longest time for a child to start; a busy machine takes its time."""
_LAST_WORDS_SECONDS = 1.0
# Where our code and its libraries are is told, not looked up; what the environment says is not.
_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from sources.parsing.child import main; main(sys.argv[2])"
)
# All that a Python may need to start; secrets live in the environment, too.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class ParserError(Exception):
    """Parsing failed on our side: a child did not start, or a parser has a mistake."""


class ChildEnded(Exception):
    """The child is gone, or going: it gave no whole answer."""


class _Pipe(asyncio.StreamReaderProtocol):
    """The stream of a pipe, and whether it has ended, also while somebody else reads from it."""

    def __init__(self) -> None:
        self.reader = asyncio.StreamReader()
        super().__init__(self.reader)
        self.has_ended = asyncio.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.has_ended.set()


class Worker:
    """A child, and the pipes to it. Whoever starts one ends it: :meth:`kill`, then :meth:`end`."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        """Use :meth:`start`."""
        self._process = process
        self._output = _Pipe()
        self._reading: asyncio.ReadTransport | None = None
        self._writer: asyncio.StreamWriter | None = None
        self.jobs_count = 0

    @classmethod
    async def start(cls, limits: ParserLimits, jobs: str) -> Self:
        """Start a child that serves the jobs of a module.

        Raises:
            ParserError: it ended or did not say in time that it is ready.
        """
        worker = cls(_open(limits, jobs))
        try:
            await worker._connect()
            async with asyncio.timeout(START_SECONDS):
                is_ready = await worker._receive(len(READY)) == READY
        except (ChildEnded, InvalidAnswer, TimeoutError):
            is_ready = False
        except BaseException:
            worker.kill()
            worker._close()
            raise
        if not is_ready:
            worker.kill()
            raise ParserError(f"a parser did not start; it ended by {named(await worker.end())}")
        return worker

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return not self._output.reader.at_eof() and self._process.poll() is None

    async def ask(self, head: bytes, body: bytes, answer_bytes: int) -> bytes:
        """Have a job done and return the frame of its answer.

        Raises:
            ChildEnded: it ended instead.
            InvalidAnswer: the answer would be longer than ``answer_bytes``.
        """
        assert self._writer is not None
        self.jobs_count += 1
        try:
            self._writer.write(framed(head) + framed(body))
            await self._writer.drain()
        except ConnectionError as error:
            raise ChildEnded from error
        return await self._receive(answer_bytes)

    def kill(self) -> None:
        """End it at once; it is a zombie until :meth:`end`."""
        self._process.kill()

    async def end(self) -> int:
        """Wait for the end of a killed child, close the pipes, and return its exit code."""
        assert self._reading is not None
        self._reading.resume_reading()
        with contextlib.suppress(TimeoutError):
            # Its end of the pipe closes when it ends, unless somebody else holds it.
            async with asyncio.timeout(_LAST_WORDS_SECONDS):
                await self._output.has_ended.wait()
        return self._close()

    def _close(self) -> int:
        if self._reading:
            self._reading.close()
        if self._writer and not self._writer.transport.is_closing():
            self._writer.transport.abort()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        return self._process.wait()

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        self._reading, _ = await loop.connect_read_pipe(lambda: self._output, self._process.stdout)
        writing, protocol = await loop.connect_write_pipe(_Pipe, self._process.stdin)
        self._writer = asyncio.StreamWriter(writing, protocol, None, loop)

    async def _receive(self, most: int) -> bytes:
        reader = self._output.reader
        try:
            length = LENGTH.unpack(await reader.readexactly(LENGTH.size))[0]
            if length > most:
                raise InvalidAnswer(f"more than {most} bytes")
            return await reader.readexactly(length)
        except asyncio.IncompleteReadError as error:
            raise ChildEnded from error


def named(exit_code: int) -> str:
    """Return how a process ended: the name of the signal, or its exit code."""
    try:
        return signal.Signals(-exit_code).name
    except ValueError:
        return f"exit code {exit_code}"


def _open(limits: ParserLimits, jobs: str) -> subprocess.Popen[bytes]:
    told: Mapping[str, Any] = {"parent": os.getpid(), "jobs": jobs, "limits": asdict(limits)}
    path = orjson.dumps([os.path.abspath(folder) for folder in sys.path])  # noqa: PTH100
    return subprocess.Popen(  # noqa: S603 - the program is our own
        [sys.executable, "-IS", "-c", _PROGRAM, path, orjson.dumps(told)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        | {"OPENBLAS_NUM_THREADS": "1"},  # a child may start no thread
        cwd="/",
        bufsize=0,
    )
