"""Answers as bytes, kept until the data changes: bounded, the least recently used go first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from api.conditions import without_representation

Headers = list[tuple[str, str]]
MOST_BYTES = 1_000_000
"""The largest body that is kept."""

_OVERHEAD = 2_000


class Answer:
    """A whole answer of status 200: what was rendered, ready to be sent again."""

    __slots__ = ("_dated", "_headers", "body", "etag", "size")

    def __init__(self, headers: Headers, body: bytes) -> None:
        """Take the headers of one rendering; its ``Last-Modified`` is left to each sending."""
        self.body = body
        self.etag = next((value for name, value in headers if name == "ETag"), None)
        self.size = len(body) + sum(len(name) + len(value) for name, value in headers) + _OVERHEAD
        self._headers = [header for header in headers if header[0] != "Last-Modified"]
        self._dated = self._dated_by(None)

    def headers(self, last_modified: str | None) -> Headers:
        """Return the headers of the answer in full, made once for each date."""
        return self._made_for(last_modified)[1]

    def not_modified_headers(self, last_modified: str | None) -> Headers:
        """Return the headers of its 304."""
        return self._made_for(last_modified)[2]

    def _made_for(self, last_modified: str | None) -> tuple[str | None, Headers, Headers]:
        dated = self._dated
        if dated[0] != last_modified:
            self._dated = dated = self._dated_by(last_modified)
        return dated

    def _dated_by(self, last_modified: str | None) -> tuple[str | None, Headers, Headers]:
        headers = [*self._headers]
        if last_modified is not None:
            headers.append(("Last-Modified", last_modified))
        return last_modified, headers, without_representation(headers)


class Answers:
    """What was answered from one version of the data on one day; safe between threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()

    def get(self, key: Hashable) -> Answer | None:
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def keep(self, key: Hashable, answer: Answer) -> None:
        """Keep an answer, and forget old ones until all fit; one that never fits is not kept."""
        if len(answer.body) > MOST_BYTES or answer.size > self._most_bytes:
            return
        with self._lock:
            replaced = self._answers.pop(key, None)
            self._bytes += answer.size - (replaced.size if replaced else 0)
            self._answers[key] = answer
            while self._bytes > self._most_bytes:
                _key, oldest = self._answers.popitem(last=False)
                self._bytes -= oldest.size

    def __len__(self) -> int:
        return len(self._answers)
