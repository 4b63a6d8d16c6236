"""How parent and child speak: frames, each its length in four bytes (big-endian), then its bytes.

A child says :data:`READY` when it has started. A job is two frames: a JSON object of the job's name
and arguments, and the bytes to work on. Its answer is one, the JSON of an :class:`Answer`. The end
of its input ends a child.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, BinaryIO

import orjson

from sources.causes import Cause
from sources.parsing.codec import InvalidAnswer, record

LENGTH = struct.Struct(">I")
READY = b"ready"


class Outcome(StrEnum):
    """How a job ended."""

    DONE = "done"
    UNREADABLE = "unreadable"
    FAULT = "fault"
    """The job raised what it should not: our mistake. The value is its traceback."""
    NO_MEMORY = "no_memory"
    TOO_DEEP = "too_deep"
    TOO_LONG = "too_long"
    """The answer is larger than it may be."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child says about a job.

    Attributes:
        outcome: how it ended.
        value: what the job returned, a :class:`Refusal`, a traceback, or ``None``.
        is_spent: whether the child has grown so much that another should take its place.
    """

    outcome: Outcome
    value: Any = None
    is_spent: bool = False

    def encode(self) -> bytes:
        """Return it as JSON."""
        return orjson.dumps(self, default=_as_json)


def _as_json(value: object) -> object:
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An :class:`~sources.extraction.Unreadable` on its way."""

    cause: Cause
    detail: str


decode_refusal = record(Refusal)


def decode_answer(frame: bytes) -> Answer:
    """Return the answer that a frame holds; its value is checked by whoever knows the job.

    Raises:
        InvalidAnswer: it holds none.
    """
    try:
        match orjson.loads(frame):
            case {"outcome": str(outcome), "value": value, "is_spent": bool(is_spent)}:
                return Answer(Outcome(outcome), value, is_spent)
    except ValueError as error:
        raise InvalidAnswer("not JSON, or no known outcome") from error
    raise InvalidAnswer("not an answer")


def framed(content: bytes) -> bytes:
    """Return the frame of some bytes."""
    return LENGTH.pack(len(content)) + content


def read_frame(source: BinaryIO) -> bytes | None:
    """Return what the next frame holds, ``None`` at the end; EOFError if it is cut short."""
    prefix = source.read(LENGTH.size)
    if not prefix:
        return None
    length = LENGTH.unpack(prefix)[0] if len(prefix) == LENGTH.size else -1
    content = source.read(max(length, 0))
    if len(content) != length:
        raise EOFError("the input ended amid a frame")
    return content
