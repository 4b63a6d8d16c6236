"""Scoring detection against labelled lines: JSON objects with what a careful person would find.

A labelled line is an input line of ``manage.py detect --json`` with ``expected`` (``null``, or
``company``, ``status`` and, as far as they are to be judged, ``extends``, ``effective_on`` and
``expires_on``) and, for whoever reads the scores, ``trap`` and the ``sentence`` expected. Pure: no
I/O, no clock, no framework.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sources.detection import Text, detect
from sources.detection.extent import count_unread
from sources.detection.lines import (
    check_line,
    read_date,
    read_day,
    read_status,
    read_targets,
    read_words,
    write_finding,
)
from sources.extraction.errors import Unreadable
from sources.extraction.page import Page, read_page

Line = Mapping[str, Any]
Finding = dict[str, Any]

_RIGHT_IN_KIND = frozenset({"", "wrong expiry", "wrong effective day"})
"""Faults of a line whose company and status are right."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What detection says of an input line.

    Attributes:
        findings: best first; of an unreadable page none.
        unread_count: how many new sentences were left out because there were too many.
    """

    findings: list[Finding] = field(default_factory=list)
    unread_count: int = 0


def answer_line(line: Line) -> Answer:
    """Read an input line.

    Raises:
        ValueError: the line is no input line.
    """
    check_line(line)
    targets, title, before = read_targets(line), read_words(line, "title"), None
    try:
        if line.get("before_html") is not None:
            before = read_page(line["before_html"].encode(), "text/html").text
        markup = line.get("after_html") or line.get("html")
        if markup is not None:
            page = read_page(markup.encode(), "text/html")
        else:
            page = Page(title=title, text=read_words(line, "text"))
    except Unreadable:
        return Answer()
    text = text_of(page, title, line.get("published"), read_words(line, "lang"))
    found = detect(before, text, targets)
    findings = [write_finding(one, targets[one.target].company) for one in found]
    return Answer(findings, count_unread(before, text.body))


def text_of(page: Page, title: str, published: str | None, language: str = "") -> Text:
    """Return a page as detection reads it, with what is known of it beside.

    Raises:
        ValueError: ``published`` is no date.
    """
    day, precision = read_date(published)
    if day is None:
        day, precision = page.published_on, "day"
    return Text(page.text, title or page.title, day, language or page.language or "en", precision)


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled line, and what was found in it."""

    line: Line
    findings: Sequence[Finding]
    unread_count: int = 0

    @property
    def expected(self) -> Line | None:
        """What should be found; ``None`` for nothing."""
        expected: Line | None = self.line.get("expected")
        return expected

    @property
    def best(self) -> Finding | None:
        """What was found first."""
        return self.findings[0] if self.findings else None

    @property
    def group(self) -> str:
        """What it is counted under: its status, or its trap."""
        if self.expected is None:
            return str(self.line.get("trap") or "no change")
        return "extension" if self.expected.get("extends") else str(self.expected["status"])

    def agrees_in(self, *names: str) -> bool:
        """Whether what was found first and what was expected have the same values.

        What the label says nothing of agrees with anything; its ``null`` means that there is none.
        """
        best, expected = self.best, self.expected
        if best is None or expected is None:
            return False
        told = [name for name in names if name in expected]
        return all((best[name] or None) == (expected[name] or None) for name in told)

    @property
    def fault(self) -> str:
        """What is wrong: "missed", "false alarm", "wrong company", …; "" if nothing is."""
        if self.expected is None:
            return "false alarm" if self.findings else ""
        if not self.findings:
            return "missed"
        for name, names in (
            ("company", ("company",)),
            ("status", ("status", "extends")),
            ("expiry", ("expires_on",)),
            ("effective day", ("effective_on",)),
        ):
            if not self.agrees_in(*names):
                return f"wrong {name}"
        return ""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    part: int
    whole: int

    @property
    def ratio(self) -> float:
        """From 0 to 1; 1 of nothing."""
        return self.part / self.whole if self.whole else 1.0

    def __str__(self) -> str:
        if not self.whole:
            return "–"
        return f"{100 * self.ratio:5.1f} %  ({self.part} of {self.whole})"


@dataclass
class Scores:
    """What labelled lines say of the detector."""

    judged: list[Judged] = field(default_factory=list)

    @property
    def _changes(self) -> list[Judged]:
        return [one for one in self.judged if one.expected is not None]

    @property
    def _found(self) -> list[Judged]:
        return [one for one in self._changes if one.findings]

    @property
    def has_changes(self) -> bool:
        """Whether a line reports a change, or something was found in one: else F1 says nothing."""
        return bool(self.precision.whole or self.recall.whole)

    @property
    def precision(self) -> Share:
        """Of the lines in which something was found: those that report a change."""
        return Share(len(self._found), sum(bool(one.findings) for one in self.judged))

    @property
    def recall(self) -> Share:
        """Of the lines that report a change: those in which something was found."""
        return Share(len(self._found), len(self._changes))

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision.whole + self.recall.whole
        return 2 * len(self._found) / both if both else 1.0

    @property
    def false_alarms(self) -> Share:
        """Of the lines that report none: those in which something was found."""
        near = [one for one in self.judged if one.expected is None]
        return Share(sum(bool(one.findings) for one in near), len(near))

    def right(self, *names: str) -> Share:
        """Of the changes found whose label tells any of these values: those with the same."""
        told = [one for one in self._found if one.expected and one.expected.keys() & set(names)]
        return Share(sum(one.agrees_in(*names) for one in told), len(told))

    @property
    def expiry(self) -> Share:
        """Of the changes found that come to an end: those whose end is right."""
        return self._expiry(has_end=True)

    @property
    def no_expiry(self) -> Share:
        """Of the changes found that by their label have no end: those in which none was found."""
        return self._expiry(has_end=False)

    def _expiry(self, *, has_end: bool) -> Share:
        told = [one for one in self._found if one.expected and "expires_on" in one.expected]
        asked = [
            one for one in told if bool(one.expected and one.expected["expires_on"]) == has_end
        ]
        return Share(sum(one.agrees_in("expires_on") for one in asked), len(asked))

    def by_group(self) -> dict[tuple[bool, str], Share]:
        """Return, for each status and each trap, how many lines are without a fault in kind.

        The keys are whether it is a change, and the status or trap.
        """
        groups: dict[tuple[bool, str], list[Judged]] = {}
        for one in self.judged:
            groups.setdefault((one.expected is not None, one.group), []).append(one)
        return {
            key: Share(sum(one.fault in _RIGHT_IN_KIND for one in rows), len(rows))
            for key, rows in sorted(groups.items())
        }

    @property
    def faulty(self) -> list[Judged]:
        """The lines that went wrong."""
        return [one for one in self.judged if one.fault]


def check_label(line: Line) -> None:
    """Raise ValueError, with a sentence that names the key, if this is no labelled line."""
    check_line(line)
    companies = {target.company for target in read_targets(line)}
    if not companies:
        raise ValueError("'targets' is empty: name who is watched")
    if "expected" not in line:
        raise ValueError("'expected' is missing: null, or what should be found")
    read_words(line, "trap")
    expected = line["expected"]
    if expected is None:
        return
    if not isinstance(expected, dict):
        raise ValueError("'expected' must be null or an object")
    if not (expected.get("company") and read_status(expected.get("status"))):
        raise ValueError("'expected' needs a 'company' and a 'status'")
    if read_words(expected, "company") not in companies:
        raise ValueError(f"“{expected['company']}” is expected, but it is none of the targets")
    if expected.get("extends") not in (None, True, False):
        raise ValueError("'extends' must be true or false")
    read_words(expected, "sentence")
    for name in ("effective_on", "expires_on"):
        read_day(expected, name)


def backtest(lines: Iterable[Line]) -> Iterator[Judged]:
    """Yield labelled lines with what detection finds in them.

    Raises:
        ValueError: a line is no labelled line; those before it were yielded.
    """
    for line in lines:
        check_label(line)
        answer = answer_line(line)
        yield Judged(line, answer.findings, answer.unread_count)
