"""What an answer says, read as a source of its kind is read: pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Any, TypeAlias

from sources.extraction import Feed, Page, PageRules, Unreadable, read_feed, read_page
from sources.extraction.bills import FORMS, BillReading, read_bill
from sources.extraction.failures import cause_of_failure_page
from sources.extraction.json_document import Rows, Value, read_json
from sources.extraction.json_rules import from_mapping
from sources.kinds import SourceKind

VERSION = 1
"""To be raised whenever the same answer is read to another text: all sources then begin anew with
a silent baseline, and no rule of ours is taken for news."""

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
        Unreadable: it is not what such a source gives, an error page among others.
        ValueError: a rule that its kind does not have.
    """
    return _READERS[SourceKind(kind)](visit, rules or {})


def check_rules(kind: str, rules: Rules) -> None:
    """Raise ValueError, with a sentence for people, if a source of this kind cannot be read so."""
    _CHECKS[SourceKind(kind)](rules)


def _check_bill(rules: Rules) -> None:
    _refuse_unknown(rules, {"form", "session_ends_on"})
    if rules.get("form") not in FORMS:
        raise ValueError(f"The form of a bill is one of: {', '.join(FORMS)}.")


def _page_rules(rules: Rules) -> PageRules:
    _refuse_unknown(rules, {"include", "exclude", "ignored"})
    return PageRules.from_mapping(rules)


def _refuse_unknown(rules: Rules, known: Set[str]) -> None:
    if unknown := rules.keys() - known:
        raise ValueError(f"There are no such rules: {', '.join(sorted(unknown))}.")


def _read_page(visit: Visit, rules: Rules) -> Page:
    page = read_page(visit.body, visit.content_type, _page_rules(rules))
    if cause := cause_of_failure_page(page):
        raise Unreadable(cause, page.title or page.text[:100])
    return page


def _read_feed(visit: Visit, rules: Rules) -> Feed:
    _check_feed(rules)
    return read_feed(visit.body, visit.content_type, visit.final_url)


def _read_json(visit: Visit, rules: Rules) -> Value | Rows:
    return read_json(visit.body, visit.content_type, from_mapping(rules))


def _read_bill(visit: Visit, rules: Rules) -> BillReading:
    ends_on = rules.get("session_ends_on")
    return read_bill(
        visit.body,
        str(rules.get("form")),
        content_type=visit.content_type,
        day=visit.day,
        session_ends_on=dt.date.fromisoformat(ends_on) if ends_on else None,
    )


def _check_feed(rules: Rules) -> None:
    _refuse_unknown(rules, set())


_READERS: dict[SourceKind, Callable[[Visit, Rules], Reading]] = {
    SourceKind.PAGE: _read_page,
    SourceKind.FEED: _read_feed,
    SourceKind.JSON: _read_json,
    SourceKind.BILL: _read_bill,
}
_CHECKS: dict[SourceKind, Callable[[Rules], object]] = {
    SourceKind.PAGE: _page_rules,
    SourceKind.FEED: _check_feed,
    SourceKind.JSON: from_mapping,
    SourceKind.BILL: _check_bill,
}
