"""Answers as bytes, kept until the data changes, and their dates, kept until the bytes change.

Both are bounded, and the least recently used go first.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from email.utils import formatdate
from itertools import chain

from api.conditions import has_answer, without_representation

Headers = list[tuple[str, str]]
Key = tuple[str | None, ...]
MOST_BYTES = 1_000_000
"""The largest body that is kept."""
MOST_DATES = 20_000
"""How many addresses' dates are remembered; each takes about 300 bytes."""

_OVERHEAD = 2_000


class Answer:
    """A whole answer of status 200: what was rendered, ready to be sent again.

    Its date is the first whole second that no other bytes can bear that were sent before. Those
    may have been sent until 100 ms after the change, and a date knows no parts of a second: two
    seconds on are the first that is later. It is sent once the bytes were seen to outlive it.
    """

    __slots__ = (
        "_dated", "_not_modified", "_not_modified_dated", "_undated", "body", "date", "etag",
        "is_dated", "made_by", "second", "size",
    )  # fmt: skip

    def __init__(
        self, headers: Headers, body: bytes, *, made_at: float, second: int | None = None
    ) -> None:
        """Take one rendering.

        Args:
            headers: all of them, without a date.
            body: what follows them.
            made_at: when it was rendered, in seconds since 1970.
            second: its date, if the same bytes were sent with one from an earlier version.
        """
        self.body = body
        self.etag = next((value for name, value in headers if name == "ETag"), None)
        self.size = len(body) + sum(map(len, chain.from_iterable(headers))) + _OVERHEAD
        self.made_by = int(made_at) + 2
        self.second = self.made_by if second is None else second
        self.is_dated = second is not None
        self.date = formatdate(self.second, usegmt=True)
        self._undated = headers
        self._dated = [*headers, ("Last-Modified", self.date)]
        self._not_modified = without_representation(self._undated)
        self._not_modified_dated = without_representation(self._dated)

    def headers(self) -> Headers:
        """Return the headers of the answer in full."""
        return self._dated if self.is_dated else self._undated

    def not_modified_headers(self) -> Headers:
        """Return the headers of its 304."""
        return self._not_modified_dated if self.is_dated else self._not_modified

    def is_known(self, if_none_match: str | None, if_modified_since: str | None) -> bool:
        """Tell whether who asks with these conditions has it already."""
        return has_answer(
            if_none_match,
            if_modified_since,
            etag=self.etag,
            last_modified=self.date if self.is_dated else None,
            unchanged_from=self.made_by,
        )


class Dates:
    """Which date each address bears, and with which bytes; safe between threads.

    It outlives the versions of the data: a commit that changed nothing which an answer shows, as
    of a draft, is not to be told from the date of that answer.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._dates: OrderedDict[bytes, tuple[str, int]] = OrderedDict()

    def second(self, key: Key, etag: str | None) -> int | None:
        """Return the date of these bytes in seconds since 1970, if they bore one here last."""
        digest = _digest(key)
        with self._lock:
            known, second = self._dates.get(digest, (None, None))
            if second is None or known != etag:
                return None
            self._dates.move_to_end(digest)
            return second

    def note(self, key: Key, answer: Answer) -> None:
        """Let an answer bear its date from now on."""
        if answer.etag is None:
            return
        digest = _digest(key)
        with self._lock:
            self._dates[digest] = answer.etag, answer.second
            self._dates.move_to_end(digest)
            if len(self._dates) > MOST_DATES:
                self._dates.popitem(last=False)
        answer.is_dated = True


def _digest(key: Key) -> bytes:
    return hashlib.blake2b(repr(key).encode(), digest_size=16).digest()


class Answers:
    """What was answered from one version of the data on one day; safe between threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._lock = threading.Lock()
        self._answers: OrderedDict[Key, Answer] = OrderedDict()

    def get(self, key: Key) -> Answer | None:
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def keep(self, key: Key, answer: Answer) -> None:
        """Keep an answer, and forget old ones until all fit; one that never fits is not kept."""
        if len(answer.body) > MOST_BYTES or _size(key, answer) > self._most_bytes:
            return
        with self._lock:
            replaced = self._answers.pop(key, None)
            self._bytes += _size(key, answer) - (_size(key, replaced) if replaced else 0)
            self._answers[key] = answer
            while self._bytes > self._most_bytes:
                self._bytes -= _size(*self._answers.popitem(last=False))

    def __len__(self) -> int:
        return len(self._answers)


def _size(key: Key, answer: Answer) -> int:
    """Return the bytes that an answer takes, its key included: that is made by whoever asks."""
    return answer.size + sum(len(part) for part in key if part)
