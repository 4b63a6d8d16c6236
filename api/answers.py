"""Answers as bytes, kept until the data changes: bounded, the least recently used go first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from itertools import chain

from api.conditions import without_representation

Headers = list[tuple[str, str]]
Key = tuple[str | None, ...]
MOST_BYTES = 1_000_000
"""The largest body that is kept."""

_OVERHEAD = 2_000


class Answer:
    """A whole answer of status 200: what was rendered, ready to be sent again."""

    __slots__ = ("_dated", "_headers", "_not_modified", "body", "etag", "size")

    def __init__(self, headers: Headers, body: bytes) -> None:
        """Take the headers of one rendering; its ``Last-Modified`` is left to each sending."""
        self.body = body
        self.etag = next((value for name, value in headers if name == "ETag"), None)
        self.size = len(body) + sum(map(len, chain.from_iterable(headers))) + _OVERHEAD
        self._headers = [header for header in headers if header[0] != "Last-Modified"]
        self._dated: tuple[str | None, Headers] = (None, self._headers)
        self._not_modified: tuple[str | None, Headers] | None = None

    def headers(self, last_modified: str | None) -> Headers:
        """Return the headers of the answer in full, made once for each date."""
        return self._dated_by(last_modified)

    def not_modified_headers(self, last_modified: str | None) -> Headers:
        """Return the headers of its 304."""
        made = self._not_modified
        if made is None or made[0] != last_modified:
            made = last_modified, without_representation(self._dated_by(last_modified))
            self._not_modified = made
        return made[1]

    def _dated_by(self, last_modified: str | None) -> Headers:
        dated = self._dated
        if dated[0] != last_modified:
            date = [] if last_modified is None else [("Last-Modified", last_modified)]
            self._dated = dated = last_modified, [*self._headers, *date]
        return dated[1]


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
