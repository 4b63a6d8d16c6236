"""From a JSON document to the value or the rows that a source looks at: pure.

Rows become a text for people, which is also what is stored and read again by
:func:`rows_of_text`: a paragraph a row, its first line the row's key and each other line a field
and its value, both in alphabetical order. So neither the order of rows nor that of members counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, overload

from sources.causes import Cause
from sources.extraction.errors import Unreadable
from sources.extraction.json_paths import parse_path, select
from sources.extraction.json_rules import JsonRules, RowsRules, ValueRules
from sources.extraction.json_text import Json, Number, load_json
from sources.extraction.tidying import tidy_line

MOST_ROWS = 20_000
"""Most rows that are read of one list."""
LONGEST_TEXT = 2_000_000
"""Most characters of what is read of one document."""
DEEPEST = 20
"""How deep what is in a row may be nested."""

Fields: TypeAlias = Mapping[str, str]
"""A row's fields that count, without those that have no value: absent, null and empty are one."""

_SPECIAL = re.compile(r"[\\.:]")
_KEY_SPECIAL = re.compile(r"[\\|]")
_LINE = re.compile(r"((?:[^\\:]|\\.)*): (.*)")


@dataclass(frozen=True, slots=True)
class Value:
    """The one value that a path leads to.

    Attributes:
        value: as one line of text; a number in its shortest form.
        status: the status that it reports, if it reports one.
        text: what is stored: the value.
    """

    value: str
    status: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a list by their keys, and the text that says the same."""

    rows: Mapping[str, Fields]
    text: str


@overload
def read_json(body: bytes, content_type: str, rules: ValueRules) -> Value: ...
@overload
def read_json(body: bytes, content_type: str, rules: RowsRules) -> Rows: ...
def read_json(body: bytes, content_type: str, rules: JsonRules) -> Value | Rows:
    """Read what the rules look at.

    Args:
        body: the bytes of the answer.
        content_type: the header's value.
        rules: rules without problems.

    Raises:
        Unreadable: as :func:`sources.extraction.json_text.load_json`; ``selector_gone`` when the
            path, a key or a compared field leads to nothing; ``wrong_type`` when it leads to
            something else than a value or rows, or two rows have one key; ``empty`` when the
            value or the list is; ``too_large``.
    """
    document = load_json(body, content_type)
    if isinstance(rules, ValueRules):
        return _value(document, rules)
    return _rows(document, rules)


def text_of_rows(rows: Mapping[str, Fields]) -> str:
    """Return the text that says what the rows hold."""
    return "\n\n".join(
        "\n".join([key, *(f"{name}: {value}" for name, value in sorted(fields.items()))])
        for key, fields in sorted(rows.items())
    )


def rows_of_text(text: str) -> dict[str, dict[str, str]]:
    """Return the rows that a text of :func:`text_of_rows` says.

    Raises:
        ValueError: it is no such text.
    """
    rows = {}
    for paragraph in text.split("\n\n") if text else ():
        key, *lines = paragraph.split("\n")
        matches = [_LINE.fullmatch(line) for line in lines]
        if not key or None in matches:
            raise ValueError("This is not a text of rows.")
        rows[key] = {match[1]: match[2] for match in matches if match}
    return rows


def _value(document: Json, rules: ValueRules) -> Value:
    found = select(parse_path(rules.path).steps, document)
    if not found:
        raise Unreadable(Cause.SELECTOR_GONE, f"{rules.path} leads to nothing")
    if isinstance(found[0], dict | list):
        raise Unreadable(Cause.WRONG_TYPE, f"{rules.path} leads to {_kind(found[0])}, not a value")
    value = _plain(found[0], 0)
    if not value:
        raise Unreadable(Cause.EMPTY, f"the value at {rules.path} is empty")
    if len(value) > LONGEST_TEXT:
        raise Unreadable(Cause.TOO_LARGE, f"the value at {rules.path} is too long")
    return Value(value, rules.status_of(value), value)


def _rows(document: Json, rules: RowsRules) -> Rows:
    found = _elements(document, rules)
    if len(found) > MOST_ROWS:
        raise Unreadable(Cause.TOO_LARGE, f"{len(found)} rows; {MOST_ROWS} are read at most")
    if not found and not rules.allows_empty:
        raise Unreadable(Cause.EMPTY, f"no rows at {rules.path}")
    rows: dict[str, dict[str, str]] = {}
    seen: set[str] = set()
    room = LONGEST_TEXT
    for place, element in enumerate(found, 1):
        if not isinstance(element, dict):
            raise Unreadable(Cause.WRONG_TYPE, f"row {place} is {_kind(element)}, not an object")
        fields = _fields(element, rules, seen)
        key = _key(fields, rules, place)
        if key in rows:
            raise Unreadable(Cause.WRONG_TYPE, f"two rows have the key “{key[:100]}”")
        rows[key] = {name: text for name, text in fields.items() if rules.counts(name)}
        room -= len(key) + sum(len(name) + len(text) for name, text in rows[key].items())
        if room < 0:
            raise Unreadable(Cause.TOO_LARGE, f"more than {LONGEST_TEXT} characters in the rows")
    gone = [name for name in rules.compared if rows and name not in seen]
    if gone:
        raise Unreadable(Cause.SELECTOR_GONE, f"no row has the field “{gone[0]}”")
    return Rows(rows, text_of_rows(rows))


def _elements(document: Json, rules: RowsRules) -> list[Json]:
    path = parse_path(rules.path)
    found = select(path.steps, document)
    if not path.is_single:
        # Nothing where nothing matched is an empty list, but not where there is nothing to match.
        if not found and not select(path.trunk, document):
            raise Unreadable(Cause.SELECTOR_GONE, f"{rules.path} leads to nothing")
        return found
    if not found:
        raise Unreadable(Cause.SELECTOR_GONE, f"{rules.path} leads to nothing")
    if not isinstance(found[0], list):
        raise Unreadable(Cause.WRONG_TYPE, f"{rules.path} leads to {_kind(found[0])}, not a list")
    return found[0]


def _key(fields: Fields, rules: RowsRules, place: int) -> str:
    parts = []
    for name in rules.key:
        part = fields.get(name, "")
        if not part:
            raise Unreadable(Cause.SELECTOR_GONE, f"row {place} has no “{name}”")
        parts.append(part)
    if len(parts) == 1:
        return parts[0]
    return " | ".join(_KEY_SPECIAL.sub(r"\\\g<0>", part) for part in parts)


def _fields(row: dict[str, Json], rules: RowsRules, seen: set[str]) -> dict[str, str]:
    """Return the fields of a row that are of its key or count; note in ``seen`` all there are."""
    fields: dict[str, str] = {}
    for name, part in _leaves(row, "", seen, DEEPEST):
        if (name in rules.key or rules.counts(name)) and (text := _plain(part, DEEPEST)):
            if name in fields:
                raise Unreadable(Cause.WRONG_TYPE, f"two fields are called “{name[:100]}”")
            fields[name] = text
    return fields


def _leaves(
    row: dict[str, Json], prefix: str, seen: set[str], depth: int
) -> Iterator[tuple[str, Json]]:
    if depth == 0:
        raise Unreadable(Cause.TOO_LARGE, "a row is nested too deep")
    for member, part in row.items():
        name = prefix + _name_of(member)
        seen.add(name)
        if isinstance(part, dict):
            yield from _leaves(part, f"{name}.", seen, depth - 1)
        else:
            yield name, part


def _name_of(member: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", _line_of(member))


def _line_of(text: str) -> str:
    # Of what is in a document most is plain already, and a list has many thousands of texts.
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return tidy_line(text)


def _plain(part: Json, depth: int) -> str:
    """Return a part of a row as one line of text, "" for one without content."""
    if part is None or part == []:
        return ""
    if isinstance(part, bool):
        return "true" if part else "false"
    if isinstance(part, str):
        # A plain text: as a key, a Number could not be told to another process.
        return str(part) if isinstance(part, Number) else _line_of(part)
    return _rendered(part, depth)


def _rendered(part: Json, depth: int) -> str:
    """Return a list as JSON, the members of objects within it in alphabetical order."""
    if depth == 0:
        raise Unreadable(Cause.TOO_LARGE, "a row is nested too deep")
    if isinstance(part, list):
        return f"[{', '.join(_rendered(element, depth - 1) for element in part)}]"
    if isinstance(part, dict):
        members = sorted(part.items(), key=lambda member: member[0])
        inside = (
            f"{_quoted(_line_of(name))}: {_rendered(child, depth - 1)}" for name, child in members
        )
        return f"{{{', '.join(inside)}}}"
    if isinstance(part, str) and not isinstance(part, Number):
        return _quoted(_line_of(part))
    return "null" if part is None else _plain(part, depth)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _kind(part: Json) -> str:
    if isinstance(part, dict):
        return "an object"
    return "a list" if isinstance(part, list) else "a plain value"
