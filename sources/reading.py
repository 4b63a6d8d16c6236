"""What an answer says, read as a source of its kind is read: pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from sources.causes import Cause
from sources.extraction import Feed, Page, PageRules, Unreadable, read_feed, read_page
from sources.extraction.bills import FORMS, BillReading, read_bill
from sources.extraction.failures import cause_of_failure_page
from sources.extraction.json_document import Rows, Value, read_json
from sources.extraction.json_rules import JsonRules, from_mapping
from sources.kinds import SourceKind

VERSION = 1
"""To be raised whenever the same answer is read to another text: all sources then begin anew with
a silent baseline, and no rule of ours is taken for news."""

R = TypeVar("R")

Rules = Mapping[str, Any]
"""How a source's owner wants it to be read, as JSON: by name, for its kind."""

Reading: TypeAlias = Page | Feed | Value | Rows | BillReading


@dataclass(frozen=True, slots=True)
class Visit:
    """A complete answer of a source.

    Attributes:
        day: of the visit; some bills die with their session, and nobody says so.
    """

    content_type: str
    body: bytes
    final_url: str
    day: dt.date | None = None


def read(kind: str, visit: Visit, rules: Rules | None = None) -> Reading:
    """Read an answer as a source of this kind is read.

    It is read as it comes, in this process, however long that takes; what was fetched from others
    belongs into a child (:class:`sources.parsing.ParserPool`), which calls this there.

    Raises:
        Unreadable: it is not what such a source gives, an error page among others; or
            ``bad_rules``, and :func:`fault_of_rules` says what to mend.
    """
    reader = _READERS[SourceKind(kind)]
    try:
        parsed = reader.parse(rules or {})
    except ValueError as error:
        raise Unreadable(Cause.BAD_RULES) from error
    return reader.read(visit, parsed)


def check_rules(kind: str, rules: Rules) -> None:
    """Raise ValueError, with a sentence for people, if a source of this kind cannot be read so."""
    _READERS[SourceKind(kind)].parse(rules)


def fault_of_rules(kind: str, rules: Rules) -> str:
    """Return what is wrong with rules, in a sentence for people; "" if nothing is."""
    try:
        check_rules(kind, rules)
    except ValueError as error:
        return str(error)
    return ""


@dataclass(frozen=True, slots=True)
class _BillRules:
    form: str
    session_ends_on: dt.date | None


def _bill_rules(rules: Rules) -> _BillRules:
    _refuse_unknown(rules, {"form", "session_ends_on"})
    form, ends_on = rules.get("form"), rules.get("session_ends_on")
    if form not in FORMS:
        raise ValueError(f"The form of a bill is one of: {', '.join(FORMS)}.")
    try:
        return _BillRules(form, dt.date.fromisoformat(ends_on) if ends_on else None)
    except (TypeError, ValueError) as error:
        raise ValueError(f"“{ends_on}” is no day on which a session could end.") from error


def _page_rules(rules: Rules) -> PageRules:
    _refuse_unknown(rules, {"include", "exclude", "ignored"})
    return PageRules.from_mapping(rules)


def _refuse_unknown(rules: Rules, known: Set[str]) -> None:
    if unknown := rules.keys() - known:
        raise ValueError(f"There are no such rules: {', '.join(sorted(unknown))}.")


def _read_page(visit: Visit, rules: PageRules) -> Page:
    page = read_page(visit.body, visit.content_type, rules)
    if cause := cause_of_failure_page(page):
        raise Unreadable(cause, page.title or page.text[:100])
    return page


def _read_feed(visit: Visit, _: None) -> Feed:
    return read_feed(visit.body, visit.content_type, visit.final_url)


def _read_json(visit: Visit, rules: JsonRules) -> Value | Rows:
    return read_json(visit.body, visit.content_type, rules)


def _read_bill(visit: Visit, rules: _BillRules) -> BillReading:
    return read_bill(
        visit.body,
        rules.form,
        content_type=visit.content_type,
        day=visit.day,
        session_ends_on=rules.session_ends_on,
    )


def _no_rules(rules: Rules) -> None:
    _refuse_unknown(rules, set())


@dataclass(frozen=True, slots=True)
class _Reader(Generic[R]):
    """How a kind is read.

    Attributes:
        parse: makes rules of what is saved; ValueError, with a sentence for people, if it is none.
        read: reads an answer by such rules.
    """

    parse: Callable[[Rules], R]
    read: Callable[[Visit, R], Reading]


_READERS: Mapping[SourceKind, _Reader[Any]] = {
    SourceKind.PAGE: _Reader(_page_rules, _read_page),
    SourceKind.FEED: _Reader(_no_rules, _read_feed),
    SourceKind.JSON: _Reader(from_mapping, _read_json),
    SourceKind.BILL: _Reader(_bill_rules, _read_bill),
}
