"""Processes that send mail, and the one that takes it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import IO, Self


class Sink:
    """A process that takes mail and counts it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._stdin, self._stdout = _pipes(process)
        self.url = f"smtp://127.0.0.1:{int(self._stdout.readline())}"

    def counted(self) -> tuple[int, float, float]:
        """Return how many messages came since the last time, and when the first and the last."""
        _tell(self._stdin)
        count, first, last = self._stdout.readline().split()
        return int(count), float(first), float(last)


@contextmanager
def running_sink() -> Iterator[Sink]:
    """A sink until the end of the block."""
    with _started("benchmarks.smtp_sink") as process:
        yield Sink(process)


class Crew:
    """Processes that send, ready to be let go as often as is wanted. A context manager.

    Attributes:
        first: when the first mail of the last round came, by the monotonic clock.
        last: when the last came.
        memory: bytes of the largest process after a tenth of its share and at the end.
    """

    def __init__(self, sink: Sink, kind: str, size: int, each: int) -> None:
        """Start them; they are ready.

        Args:
            sink: where they send to.
            kind: of ``benchmarks.senders``.
            size: how many they are.
            each: how many messages are the share of one.
        """
        self._sink = sink
        environ = {"EMAIL_URL": sink.url, "ALERTS_PER_HOUR": "1000000"}
        firsts = (str(1 + number * each) for number in range(size))
        self._members = [
            _started("benchmarks.senders", kind, first, str(each), **environ) for first in firsts
        ]
        for member in self._members:
            _pipes(member)[1].readline()
        self.first = self.last = 0.0
        self.memory = (0, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for member in self._members:
            with member:
                pass  # ends with its standard input, which this closes

    def rate(self, expected: int) -> float:
        """Let them go, and return how many messages they sent in a second.

        Raises:
            AssertionError: these were not as many as expected.
        """
        self._sink.counted()
        began = monotonic()
        for member in self._members:
            _tell(_pipes(member)[0])
        said = [_pipes(member)[1].readline().split() for member in self._members]
        took = monotonic() - began
        count, self.first, self.last = self._sink.counted()
        if count != expected:
            raise AssertionError(f"{count} of {expected} messages came")
        if len(said[0]) > 1:
            late, early = max((int(late), int(early)) for _sent, early, late in said)
            self.memory = early, late
        return count / took


def _started(module: str, *arguments: str, **environ: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | environ,
        cwd=Path(__file__).parent.parent,
    )


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


def _tell(stdin: IO[str]) -> None:
    stdin.write("\n")
    stdin.flush()
