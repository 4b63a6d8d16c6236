"""The program of a child process: one job after the other from its input, until that ends."""

from __future__ import annotations

import importlib
import os
import traceback
from collections.abc import Mapping
from typing import Any, BinaryIO

import orjson

from sources.extraction import Unreadable
from sources.parsing.confinement import allow_cpu, confine, end_with_parent, is_spent
from sources.parsing.frames import READY, Answer, Outcome, Refusal, framed, read_frame
from sources.parsing.jobs import Job
from sources.parsing.limits import ParserLimits

Jobs = Mapping[str, Job[Any]]

_TRACEBACK_LENGTH = 4_000
# Made in advance: when it is needed there may be no memory to make it.
_NO_MEMORY = Answer(Outcome.NO_MEMORY, is_spent=True).encode()


def main(arguments: str) -> None:
    """Serve the jobs of a module within limits, as the parent says in JSON."""
    told = orjson.loads(arguments)
    end_with_parent(told["parent"])
    jobs: Jobs = importlib.import_module(told["jobs"]).JOBS
    limits = ParserLimits(**told["limits"])
    source, sink = _take_over_pipes()
    confine(limits)
    exit_code = 1
    try:
        serve(jobs, limits, source, sink)
        exit_code = 0
    finally:
        # Tidying up could take long, and would close the pipes before it is known how this ended.
        os._exit(exit_code)


def serve(jobs: Jobs, limits: ParserLimits, source: BinaryIO, sink: BinaryIO) -> None:
    """Answer each job of ``source`` on ``sink``, until there is none."""
    _send(sink, READY)
    try:
        while (head := read_frame(source)) is not None:
            body = read_frame(source) or b""
            allow_cpu(limits.cpu_seconds)
            _send(sink, _encoded(_answer(jobs, limits, head, body), limits))
    except MemoryError:
        _send(sink, _NO_MEMORY)


def _answer(jobs: Jobs, limits: ParserLimits, head: bytes, body: bytes) -> Answer:
    try:
        asked = orjson.loads(head)
        value = jobs[asked["job"]].run(body, **asked["arguments"])
        return Answer(Outcome.DONE, value, is_spent(limits))
    except Unreadable as error:
        return Answer(Outcome.UNREADABLE, Refusal(error.cause, error.detail), is_spent(limits))
    except RecursionError:
        return Answer(Outcome.TOO_DEEP)
    except Exception:  # noqa: BLE001 - the parent raises it
        if is_spent(limits):
            raise MemoryError from None
        return _fault()


def _fault() -> Answer:
    return Answer(Outcome.FAULT, traceback.format_exc()[-_TRACEBACK_LENGTH:])


def _encoded(answer: Answer, limits: ParserLimits) -> bytes:
    try:
        content = answer.encode()
    except TypeError:  # it is nothing that JSON can express, such as half of a surrogate pair
        return _fault().encode()
    if len(content) > limits.answer_bytes:
        return Answer(Outcome.TOO_LONG, is_spent=True).encode()
    return content


def _send(sink: BinaryIO, content: bytes) -> None:
    sink.write(framed(content))
    sink.flush()


def _take_over_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return both pipes to the parent, where no library that reads or prints can find them."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    # What goes wrong from now on is told in answers: nobody has to drain what is printed.
    for standard in range(3):
        os.dup2(nothing, standard)
    os.close(nothing)
    return source, sink
