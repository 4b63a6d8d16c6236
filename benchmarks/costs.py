"""What work costs this process together with its parsers."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from outbound.background import run
from sources.parsing import parsers

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds that passed, and seconds of CPU time."""

    seconds: float
    cpu_seconds: float

    @classmethod
    def of(cls, action: Callable[[], object]) -> Self:
        """Do something and return what it cost."""
        began, worked = time.monotonic(), _cpu_seconds()
        action()
        return cls(time.monotonic() - began, _cpu_seconds() - worked)

    @classmethod
    def least(cls, measured: Sequence[Self]) -> Self:
        """Return what is left of several measurements when nothing disturbs them."""
        return cls(
            min(costs.seconds for costs in measured), min(costs.cpu_seconds for costs in measured)
        )


def resident_bytes() -> int:
    """Return the memory of this process and its parsers."""
    return sum(
        int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES
        for pid in (os.getpid(), *_parser_pids())
    )


def _cpu_seconds() -> float:
    """Return the CPU time of this process, of the children that ended, and of its parsers."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime + sum(map(_cpu_of, _parser_pids()))


def _cpu_of(pid: int) -> float:
    # After the name, which may hold anything, utime and stime are the 12th and 13th (proc(5)).
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _parser_pids() -> Iterable[int]:
    return run(_pids())


async def _pids() -> frozenset[int]:
    return (await parsers()).pids
