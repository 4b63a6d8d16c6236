"""A file of JSON lines, as people bring it: one object a line, in UTF-8; pure."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

_SURROGATE = re.compile("[\ud800-\udfff]")
_OPENINGS = frozenset({b"{", b"[", b"[{"})
"""What the first line of a JSON document that somebody indented holds."""
_KINDS = {list: "an array", str: "a string", bool: "true or false", type(None): "null"}


class NotLinesError(ValueError):
    """The file as a whole is something else; the message is a sentence that says what."""


@dataclass(frozen=True, slots=True)
class GivenLine:
    """A line that is not empty.

    Attributes:
        number: its place in the file, from 1, empty lines counted.
        value: what it holds; empty if it could not be read.
        fault: why it could not; "" if it could.
    """

    number: int
    value: Json
    fault: str = ""

    @property
    def name(self) -> str:
        """What to call it: by its number, and its id if it has one."""
        key = self.value.get("id")
        return f"Line {self.number}" if key is None else f"Line {self.number} (id {key})"


def read_lines(body: bytes) -> Iterator[GivenLine]:
    """Yield the lines of a file. A byte order mark is passed over, and so are empty lines.

    Half of a surrogate pair, which is no character and cannot be written, becomes U+FFFD.

    Raises:
        NotLinesError: it is in UTF-16 or UTF-32, no text, or one document over several lines.
    """
    encoding = json.detect_encoding(body)
    if not encoding.startswith("utf-8"):
        raise NotLinesError(f"The file is in {encoding.upper()[:6]}: save it as UTF-8.")
    if b"\0" in body:
        raise NotLinesError("The file is no text: each line must be one JSON object.")
    is_first = True
    for number, raw in enumerate(body.removeprefix(codecs.BOM_UTF8).split(b"\n"), start=1):
        if not raw.strip():
            continue
        if is_first and raw.replace(b" ", b"").strip() in _OPENINGS:
            raise NotLinesError(
                "The file is JSON spread over several lines: "
                "each line must be one whole object (jq -c . writes it so)."
            )
        is_first = False
        yield _read_line(number, raw)


def looks_like_json(body: bytes) -> bool:
    """Tell whether a file begins as JSON does, in lines or not, and as no text for people."""
    try:
        first = next(read_lines(body), None)
    except NotLinesError:
        return body.removeprefix(codecs.BOM_UTF8).lstrip().startswith((b"{", b"["))
    return first is not None and not first.fault


def _read_line(number: int, raw: bytes) -> GivenLine:
    try:
        value = json.loads(raw.decode())
    except UnicodeDecodeError as error:
        return GivenLine(number, {}, f"it is not UTF-8 (byte {error.start + 1})")
    except json.JSONDecodeError as error:
        return GivenLine(number, {}, f"it is no JSON: {error.msg} (character {error.colno})")
    except (ValueError, RecursionError):  # a number of thousands of digits, a thousand brackets
        return GivenLine(number, {}, "it is no JSON that can be read here")
    if not isinstance(value, dict):
        kind = _KINDS.get(type(value), "a number")
        return GivenLine(number, {}, f"it must be one JSON object and is {kind}")
    return GivenLine(number, _writable(value))


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_writable(one) for one in value]
    if isinstance(value, dict):
        return {_writable(key): _writable(one) for key, one in value.items()}
    return value
