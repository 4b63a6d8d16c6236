"""The archive of Collective Action in Tech: its rows become rows of actions."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from campaigns.importing.columns import COLUMNS, join_list
from campaigns.importing.decoding import decode
from campaigns.importing.rows import Row, Table, UnreadableFile
from campaigns.importing.tables import MOST_BYTES, MOST_ROWS

KINDS = {
    "strike": "strike",
    "protest": "protest",
    "open letter": "open_letter",
    "legal action": "lawsuit",
    "boycott": "boycott",
    "resources": "report",
}
"""Kinds of the archive that are kinds of ours. For others the caller says what they are to be."""

SAME_COMPANY = {"alphabet": "google", "meta": "facebook"}
"""Names of one company in the archive: under the first it would be a second one."""

NO_COMPANY = ("na", "n/a", "none")
"""What the archive writes for no company."""

LONGEST_TITLE = 140
LONGEST_URL = 500

_KEYS = ("id", "date", "sources", "actions", "description", "companies", "workers")
_TRACKING = re.compile(
    r"utm_.*|fbclid|gclid|mc_[ce]id|guccounter|guce_.*|__twitter_impression|at_custom\d*"
    r"|at_medium|at_campaign|ref_src|ref_url|cmp|itid",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?]\s")
_UNUSED = (
    "Not read: struggles, employment_types, online, locations, tags, author, latlngs, addresses."
)


@dataclass(frozen=True, slots=True)
class Archive(Table):
    """The archive as a table of actions.

    Attributes:
        strange_kinds: of rows whose kinds are none of ours, each with the number of its rows.
    """

    strange_kinds: dict[str, int] = field(default_factory=dict)


def read_archive(content: bytes, kinds: Mapping[str, str] = {}) -> Archive:  # never written
    """Read the archive in its JSON or CSV form as a table of actions.

    Args:
        content: the file.
        kinds: kinds of the archive, besides those of :data:`KINDS`, and which of ours they become.

    Raises:
        UnreadableFile: it is not the archive.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableFile(f"The file has more than {MOST_BYTES // 1_000_000} MB.")
    text, notes = decode(content)
    records = _from_json(text) if text.lstrip().startswith(("[", "{")) else _from_csv(text)
    if len(records) > MOST_ROWS:
        raise UnreadableFile(f"The archive has more than {MOST_ROWS} rows.")
    rows = [_row(line, record, {**KINDS, **kinds}) for line, record in records]
    columns = tuple(name for name in COLUMNS["actions"] if name in _COLUMNS)
    strange = Counter(
        name for _line, record in records for name in _strange_kinds(record, {**KINDS, **kinds})
    )
    return Archive(columns, tuple(rows), (*notes, _UNUSED), dict(strange))


_COLUMNS = (
    *("key", "kind", "title", "description", "happened_on"),
    *("targets", "participants_count", "sources"),
)


def _from_json(text: str) -> list[tuple[int, dict[str, Any]]]:
    try:
        records = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"This is no JSON: {error}.") from error
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise UnreadableFile("This is not the archive: a list of objects is expected.")
    return list(enumerate(records, start=1))


def _from_csv(text: str) -> list[tuple[int, dict[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    if missing := [key for key in _KEYS if key not in (reader.fieldnames or [])]:
        raise UnreadableFile(f"This is not the archive: no column {', '.join(missing)}.")
    records: list[tuple[int, dict[str, Any]]] = []
    try:
        for number, cells in enumerate(reader, start=1):
            values = {key: _value(key, cells[key] or "") for key in _KEYS}
            records.append((number, values))
    except csv.Error as error:
        raise UnreadableFile(f"Row {len(records) + 1} is no CSV: {error}.") from error
    return records


def _value(key: str, cell: str) -> Any:
    """Return what the JSON form has: lists come as Python literals, empties as the word None."""
    if cell in ("None", ""):
        return None
    if key not in ("sources", "actions", "companies"):
        return cell
    try:
        return ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return cell  # no list: said of the row


def _row(line: int, record: dict[str, Any], kinds: Mapping[str, str]) -> Row:
    notes: list[str] = []
    errors: list[str] = []
    description = _as_text(record.get("description"))
    cells = {
        "key": _as_text(record.get("id")),
        "kind": _kind(_texts(record, "actions", errors), kinds, notes, errors),
        "title": title_of(description),
        "description": description,
        "happened_on": _as_text(record.get("date")).replace("/", "-"),
        "targets": join_list(_companies(_texts(record, "companies", errors), notes)),
        "participants_count": _as_text(record.get("workers")).removesuffix(".0"),
        "sources": join_list(_sources(_texts(record, "sources", errors), notes)),
    }
    if not cells["key"]:
        errors.append("It has no id, so that a second import would not know it.")
    return Row(line, cells, tuple(notes), tuple(errors))


def _as_text(value: object) -> str:
    text = "" if value is None else str(value).replace("\r\n", "\n").replace("\x00", "")
    # JSON can hold halves of characters, which no database takes.
    return text.encode(errors="replace").decode().strip()


def _texts(record: dict[str, Any], key: str, errors: list[str]) -> list[str]:
    value = record.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        errors.append(f"“{key}” is no list of texts.")
        return []
    return [entry.strip() for entry in value]


def _kind(names: list[str], kinds: Mapping[str, str], notes: list[str], errors: list[str]) -> str:
    """Return the first kind that is one of ours; the others are noted, or refused if all are."""
    known = [name for name in names if name in kinds]
    if not known:
        said = ", ".join(f"“{name}”" for name in names) or "nothing"
        errors.append(f"Its kind ({said}) is none of ours.")
        return ""
    if others := [name for name in names if name != known[0]]:
        notes.append(f"Logged as “{known[0]}”; it was also: {', '.join(others)}.")
    return kinds[known[0]]


def _strange_kinds(record: dict[str, Any], kinds: Mapping[str, str]) -> set[str]:
    """Return the kinds of a record of which none is one of ours."""
    names = set(_texts(record, "actions", []))
    return set() if names & set(kinds) else names


def _companies(names: list[str], notes: list[str]) -> list[str]:
    found: dict[str, str] = {}
    for name in names:
        plain = name.replace("_", " ").replace(";", ",")
        key = plain.lower()
        if key in NO_COMPANY or not key:
            notes.append(f"“{name}” is taken for no company.")
            continue
        if key in SAME_COMPANY:
            plain = key = SAME_COMPANY[key]
            notes.append(f"“{name}” is taken for “{key}”.")
        found.setdefault(key, plain)
    if not found:
        notes.append("No company: an action without target.")
    return list(found.values())


def _sources(urls: list[str], notes: list[str]) -> list[str]:
    found = []
    for url in urls:
        if not url.lower().startswith(("http://", "https://")) or len(url) > LONGEST_URL:
            notes.append(f"Source left out, which is no web address: “{url[:120]}”.")
            continue
        clean = without_tracking(url)
        if clean != url:
            notes.append(f"Source without its tracking parameters: {clean}")
        found.append(clean.replace("; ", ";%20").replace(" ", "%20"))
    return found


def without_tracking(url: str) -> str:
    """Return a URL without the parameters that tell who clicked where."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
    return url if kept == pairs else urlunsplit(parts._replace(query=urlencode(kept)))


def title_of(description: str) -> str:
    """Return the first sentence of a description, cut between words if it is long."""
    line = next((line.strip() for line in description.splitlines() if line.strip()), "")
    end = _SENTENCE.search(line)
    sentence = line[: end.start() + 1] if end and end.start() > 30 else line
    if len(sentence) <= LONGEST_TITLE:
        return sentence.rstrip(".")
    return sentence[: LONGEST_TITLE - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
