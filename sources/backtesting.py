"""Scoring detection against labelled lines: JSON objects with what a careful person would find.

A labelled line is an input line of ``manage.py detect --json`` with ``expected`` (``null``, or
``company``, ``status``, ``extends``, ``effective_on`` and ``expires_on``) and, for whoever reads
the scores, ``trap``. Pure: no I/O, no clock, no framework.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sources.detection import Text, detect
from sources.detection.lines import read_date, read_targets, write_finding
from sources.extraction.errors import Unreadable
from sources.extraction.page import Page, read_page

Line = Mapping[str, Any]
Finding = dict[str, Any]


def answer_line(line: Line) -> list[Finding]:
    """Return what detection finds in an input line, best first; of an unreadable page, nothing.

    Raises:
        ValueError: the line is no input line.
    """
    targets = read_targets(line)
    title, before = line.get("title") or "", None
    try:
        if "before_html" in line:
            before = read_page(line["before_html"].encode(), "text/html").text
        markup = line.get("after_html") or line.get("html")
        if markup is not None:
            page = read_page(markup.encode(), "text/html")
        else:
            page = Page(title=title, text=line["text"])
    except Unreadable:
        return []
    except KeyError as error:
        raise ValueError(f"{error} is missing, and so is 'html'") from error
    text = text_of(page, title, line.get("published"), line.get("lang") or "")
    found = detect(before, text, targets)
    return [write_finding(one, targets[one.target].company) for one in found]


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
        """Whether what was found first and what was expected have the same values."""
        best, expected = self.best, self.expected
        if best is None or expected is None:
            return False
        return all((best[name] or None) == (expected.get(name) or None) for name in names)

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
        """Of the changes found: those in which these values are right."""
        return Share(sum(one.agrees_in(*names) for one in self._found), len(self._found))

    @property
    def expiry(self) -> Share:
        """Of the changes found that come to an end: those whose end is right."""
        ending = [one for one in self._found if one.expected and one.expected.get("expires_on")]
        return Share(sum(one.agrees_in("expires_on") for one in ending), len(ending))

    def by_group(self) -> dict[tuple[bool, str], Share]:
        """Return, for each status and each trap, how many lines are without a fault in kind.

        The keys are whether it is a change, and the status or trap.
        """
        groups: dict[tuple[bool, str], list[Judged]] = {}
        for one in self.judged:
            groups.setdefault((one.expected is not None, one.group), []).append(one)
        return {
            key: Share(sum(one.fault in ("", "wrong expiry") for one in rows), len(rows))
            for key, rows in sorted(groups.items())
        }

    @property
    def faulty(self) -> list[Judged]:
        """The lines that went wrong."""
        return [one for one in self.judged if one.fault]


def backtest(lines: Iterable[Line]) -> Iterator[Judged]:
    """Yield labelled lines with what detection finds in them.

    Raises:
        ValueError: a line is no labelled line; those before it were yielded.
    """
    for line in lines:
        if "expected" not in line:
            raise ValueError("'expected' is missing: null, or what should be found")
        expected = line["expected"]
        if expected is not None and not {"company", "status"} <= set(expected):
            raise ValueError("'expected' needs a 'company' and a 'status'")
        yield Judged(line, answer_line(line))
