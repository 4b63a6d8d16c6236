"""What a child process takes from itself before it works on anything.

Linux keeps all of it. Other systems keep what they know; the parent's time limit holds everywhere.
"""

from __future__ import annotations

import ctypes
import math
import os
import re
import resource
import signal
import sys
import time
from pathlib import Path

from sources.parsing.limits import ParserLimits

PR_SET_PDEATHSIG = 1
_MB = 1024 * 1024
_OPEN_FILES = 32
_PEAK = re.compile(rb"^VmPeak:\s*(\d+) kB$", re.MULTILINE)


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process when the thread that started it ends; see prctl(2).

    The end of the input tells an idle child the same, and on other systems it has to do.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the parent is gone")


def confine(limits: ParserLimits) -> None:
    """Lower this process's limits for good: no new process, no file written, so much memory."""
    # A terminal interrupts the whole group, but only the parent decides when its children end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # So much CPU in a whole life that the soft limit of each job fits below.
    _lower(resource.RLIMIT_CPU, _cpu_spent() + limits.jobs * (limits.cpu_seconds + 1))
    _lower(resource.RLIMIT_AS, limits.memory_mb * _MB)
    _lower(resource.RLIMIT_NPROC, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, _OPEN_FILES)


def allow_cpu(seconds: int) -> None:
    """Let this process use so many seconds of CPU from now on, then be killed by SIGXCPU."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = _cpu_spent() + seconds
    resource.setrlimit(
        resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard)
    )


def is_spent(limits: ParserLimits) -> bool:
    """Whether this process has ever taken more than half of the memory that it may take.

    Much of that is never given back, so that the next job would have less. And a library that fails
    in such a process fails for want of memory, whatever it says: nothing else of half the limit's
    size is ever asked for at once.
    """
    try:
        peak = _PEAK.search(Path("/proc/self/status").read_bytes())
    except OSError:  # no Linux
        return False
    return peak is not None and int(peak[1]) * 1024 > limits.memory_mb * _MB // 2


def _cpu_spent() -> int:
    return math.ceil(time.process_time())


def _lower(which: int, wanted: int) -> None:
    hard = resource.getrlimit(which)[1]
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        resource.setrlimit(which, (value, value))
    except (ValueError, OSError):
        if sys.platform == "linux":
            raise
