"""Jobs that do what hostile input would have to make a parser do."""

import fcntl
import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sources.detection import Candidate
from sources.parsing.codec import list_of, record
from sources.parsing.frames import framed
from sources.parsing.jobs import Job


@dataclass(frozen=True)
class Told:
    text: str


def echo(body: bytes) -> Told:
    return Told(body.decode())


def whoami(_: bytes) -> Told:
    return Told(str(os.getpid()))


def environment(_: bytes) -> Told:
    return Told(" ".join(os.environ))


def wait_for_ever(_: bytes, *, announce: str) -> Told:
    """Open a FIFO to say that it is at work, and stay."""
    os.close(os.open(announce, os.O_WRONLY))
    signal.pause()
    raise AssertionError("nobody wakes it")


def spin_for_ever(_: bytes, *, announce: str) -> Told:
    os.close(os.open(announce, os.O_WRONLY))
    while True:
        pass


def fill_memory(_: bytes) -> Told:
    return Told(str(len([bytearray(1_000_000) for _ in range(100_000)])))


def take(_: bytes, *, megabytes: int) -> Told:
    return Told(str(len(bytearray(megabytes * 1024 * 1024))))


def use_cpu(_: bytes, *, seconds: float) -> Told:
    enough = time.process_time() + seconds
    while time.process_time() < enough:
        pass
    return whoami(_)


def recurse(_: bytes) -> Told:
    return recurse(_)


def kill_itself(_: bytes, *, by: int) -> Told:
    os.kill(os.getpid(), by)
    raise AssertionError("it is dead")


def leave(_: bytes) -> Told:
    os._exit(3)


def print_much(body: bytes) -> Told:
    print("x" * 1_000_000)  # noqa: T201
    print("x" * 1_000_000, file=sys.stderr)  # noqa: T201
    return echo(body)


def write_file(_: bytes, *, path: str) -> Told:
    return Told(str(Path(path).write_text("x")))


def answer_at_length(_: bytes, *, length: int) -> Told:
    return Told("x" * length)


def answer_half_a_character(_: bytes) -> Told:
    return Told("\ud800")


def answer_raw(body: bytes) -> Told:
    """Write the body, as it is, where the answer goes."""
    for descriptor in range(3, 32):
        try:
            mode = fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE
        except OSError:
            continue
        if mode == os.O_WRONLY:
            os.write(descriptor, body)
    signal.pause()
    raise AssertionError("nobody wakes it")


def answer_framed(body: bytes) -> Told:
    return answer_raw(framed(body))


def detect(_: bytes, *, changes: list[Any], targets: list[Any]) -> list[list[Candidate]]:
    """Report something for each text, as a child would that a text has taken over."""
    lie = changes[0]["after"]["title"]
    found = Candidate(
        target=targets[0]["key"] + (lie == "of another target"),
        status="paused",
        extends=False,
        effective_on=None,
        effective_precision="day",
        expires_on=None,
        expires_precision="day",
        exemptions=(),
        condition="",
        sentence="We lie." if lie == "in other words" else changes[0]["after"]["body"][:7],
        start=0,
        end=7,
        score=0.9,
        reasons=(),
    )
    return [] if lie == "about no text" else [[found] for _change in changes]


JOBS: dict[str, Job[Any]] = {
    function.__name__: Job(function.__name__, function, record(Told))
    for function in (
        echo,
        whoami,
        environment,
        wait_for_ever,
        spin_for_ever,
        fill_memory,
        take,
        use_cpu,
        recurse,
        kill_itself,
        leave,
        print_much,
        write_file,
        answer_at_length,
        answer_half_a_character,
        answer_raw,
        answer_framed,
    )
}
JOBS["detect"] = Job("detect", detect, list_of(list_of(record(Candidate))))
