"""A page with a table, as trackers and scorecards keep one: the target's row that changed."""

from __future__ import annotations

import functools
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from sources.detection.candidates import EXTENSION
from sources.detection.dates import When
from sources.detection.judgement import Judgement
from sources.detection.moments import last_day, moments_in
from sources.detection.panorama import Panorama, Reader
from sources.detection.record import CONCEDED, can_extend, is_news
from sources.detection.relevance import Demand
from sources.detection.sentences import MAX_LENGTH, paragraphs_of
from sources.detection.tokens import tokenize

FILE = "cells.toml"
_BAR = re.compile(r" ?\|(?: |$)")
"""What extraction puts between the cells of a row."""
_SURE = 0.9
_FEW_WORDS = 6
"""A longer cell may say anything."""
_FIGURE = re.compile(r"\W*\d[\d.,/% -]*\Z")
_DATE = r"(?:\W{0,3}(?:(?:in|by|since|on|as of) )?(?:\w{1,9}\.? )?(?:\d{1,2},? )?\d{4}\W{0,3})?"


@dataclass(frozen=True)
class _Line:
    """A row: its cells, the name first, and the headings of its table; empty ones if untold."""

    cells: Sequence[str]
    headings: Sequence[str]

    @property
    def name(self) -> str:
        return _name(self.cells[0])


@dataclass(frozen=True)
class Row:
    """A row of a table that changed.

    Attributes:
        place: of the sentence that it is.
        cells: what it says, the name first.
        before: what its cells said before.
        headings: those of the table; empty where it has none.
    """

    place: int
    cells: Sequence[str]
    before: Sequence[str]
    headings: Sequence[str]


@dataclass(frozen=True)
class _Change:
    """A cell that changed, with the heading of its column and what it said before."""

    heading: str
    before: str
    now: str

    def may_tell(self, demand: Demand) -> bool:
        """Tell whether its column may hold what was promised or done.

        Whether a bare yes is good news depends on the heading: "Sells fur" is what should end.
        """
        if _begins("column", self.heading) or _begins("deadline", self.heading):
            return True
        if any(_is("bare", cell) for cell in (self.before, self.now)):
            return _shares_word(demand, self.heading) and not demand.asks_to_stop
        return not self.heading or _shares_word(demand, self.heading)


def changed_rows(reader: Reader) -> dict[str, Row]:
    """Return the rows of tables that changed, by the name in the first cell, in lower case.

    A row is left out that had other headings or another number of cells before, or stood nowhere,
    that is more than one sentence, of which each would be half of the evidence, and one of several
    with the same name.
    """
    if not reader.before or "|" not in reader.before:
        return {}
    old = {row.name: row for row in _sole(_table_rows(paragraphs_of(reader.before)).values())}
    lines = paragraphs_of(reader.text.body)
    rows = _table_rows(lines)
    sole = {row.name for row in _sole(rows.values())}
    found: dict[str, Row] = {}
    for place, sentence in enumerate(reader.sentences):
        row = rows.get(sentence.paragraph)
        before = old.get(row.name) if row and row.name in sole else None
        is_whole = sentence.text == lines[sentence.paragraph].strip()
        if (
            row
            and before
            and is_whole
            and before.cells != row.cells
            and before.headings == row.headings
        ):
            found[row.name] = Row(place, row.cells, before.cells, row.headings)
    return found


def find_changed_row(panorama: Panorama, rows: Mapping[str, Row]) -> Judgement | None:
    """Return what the target's row in a table says now and did not say before.

    The table must be on the demand: by a word of it in the row, in the headings or in the title.

    Args:
        panorama: the text as the target sees it.
        rows: those that changed (see :func:`changed_rows`).
    """
    target = panorama.target
    for name in (target.company, *target.aliases):
        row = rows.get(_name(name))
        if row and _is_on_demand(panorama, row):
            told = zip(row.headings, row.before, row.cells, strict=True)
            changes = [_Change(*one) for one in told if one[1] != one[2]]
            telling = [change for change in changes if change.may_tell(panorama.demand)]
            status = _judge(panorama, telling, is_sole=len(changes) == 1)
            if status:
                said = " | ".join(row.before)
                return Judgement(status, row.place, _SURE, is_plain=True, earlier=said)
    return None


def _judge(panorama: Panorama, changes: Sequence[_Change], *, is_sole: bool) -> str | None:
    """Return the status that changed cells amount to, if that is news."""
    for status in _statuses_of(panorama, changes):
        if is_news(status, panorama.target.status):
            return status
    return EXTENSION if is_sole and any(_extends(panorama, one) for one in changes) else None


def _statuses_of(panorama: Panorama, changes: Sequence[_Change]) -> Iterator[str]:
    demand, told = panorama.demand, panorama.reader.published
    for change in changes:
        status = _status(demand, change.now)
        if status and status != _status(demand, change.before):
            yield status
    # Of what is pledged, the day may stand in the cell or in one beside it.
    is_dated = any(_later(change, told) for change in changes)
    if any(_is("nothing", one.before) and _is_pledge(demand, one, told) for one in changes):
        yield "committed" if is_dated or not demand.asks_to_stop else "met"
    given_up = any(_is("nothing", one.now) and _says_pledge(one.before) for one in changes)
    if given_up and panorama.target.status in CONCEDED:
        yield "reversed"


def _extends(panorama: Panorama, change: _Change) -> bool:
    """Tell whether a cell gives what is on record a later deadline, which lies ahead."""
    target, told = panorama.target, panorama.reader.published
    if not (told and can_extend(target.status) and _begins("deadline", change.heading)):
        return False
    earlier, later = moments_in(change.before, None), _later(change, told)
    if not earlier or later is None or last_day(later) <= last_day(earlier[-1].when):
        return False
    return target.expires_on is None or last_day(later) > target.expires_on


def _later(change: _Change, told: When | None) -> When | None:
    """Return the date ahead that a cell names now."""
    dates = [one.when for one in moments_in(change.now, told)]
    ahead = [one for one in dates if told is None or last_day(one) > told.day]
    return ahead[-1] if ahead else None


def _is_pledge(demand: Demand, change: _Change, told: When | None) -> bool:
    """Tell whether a cell says a pledge: by its words, or what is demanded and for when."""
    is_dated = _later(change, told) is not None and _shares_word(demand, change.now)
    return _says_pledge(change.now) or (is_dated and _is_plain(change.now))


def _says_pledge(cell: str) -> bool:
    return _begins("pledged", cell) and _is_plain(cell)


def _is_plain(cell: str) -> bool:
    words = cell.casefold().split()
    return len(words) <= _FEW_WORDS and not any(_is("doubt", word.strip(",;:.")) for word in words)


def _is_on_demand(panorama: Panorama, row: Row) -> bool:
    demand = panorama.demand
    title = [panorama.reader.text.title] if panorama.is_sole_demand else []
    text = " ".join((*row.cells[1:], *row.headings, *title))
    return demand.is_unstated or _shares_word(demand, text)


def _shares_word(demand: Demand, text: str) -> bool:
    words = (token.low for token in tokenize(text))
    return any(demand.has_word(word) for word in words if not _FIGURE.match(word))


def _table_rows(lines: Sequence[str]) -> dict[int, _Line]:
    """Return the rows of tables by their place among some lines, but for headings.

    The first row of each width tells the headings, until a line that is no row, unless it holds
    figures or says nothing. Where a line is longer than a sentence, it is no row.
    """
    found: dict[int, _Line] = {}
    headings: dict[int, Sequence[str]] = {}
    for at, line in enumerate(lines):
        cells = _BAR.split(line) if len(line) <= MAX_LENGTH else [line]
        width = len(cells)
        if width == 1:
            headings = {}
        elif width not in headings and not any(map(_is_data, cells[1:])):
            headings[width] = cells
        else:
            headings.setdefault(width, [""] * width)
            found[at] = _Line(cells, headings[width])
    return found


def _is_data(cell: str) -> bool:
    return bool(_is("nothing", cell) or _is("bare", cell) or _FIGURE.match(cell))


def _sole(rows: Iterable[_Line]) -> list[_Line]:
    """Return the rows whose name no other has."""
    listed = list(rows)
    counts = Counter(row.name for row in listed)
    return [row for row in listed if counts[row.name] == 1]


def _name(cell: str) -> str:
    return " ".join(cell.split()).casefold()


def _status(demand: Demand, cell: str) -> str | None:
    """Return the status that a whole cell says."""
    kinds = ("stops", "statuses") if demand.asks_to_stop else ("statuses",)
    said = (
        name for kind in kinds for name in _cells()[kind] if _patterns()[kind, name].match(cell)
    )
    return next(said, None)


def _is(meaning: str, cell: str) -> bool:
    """Tell whether a whole cell says something."""
    return bool(_patterns()["all", meaning].match(cell))


def _begins(meaning: str, cell: str) -> bool:
    return bool(_patterns()["", meaning].match(cell))


@functools.cache
def _patterns() -> dict[tuple[str, str], re.Pattern[str]]:
    """Return the patterns of each list: of a beginning, of a whole cell, of a status and a date."""
    lists = _cells()
    ends = {"": r"(?!\w)", "all": r"\s*\Z", "statuses": rf"{_DATE}\Z", "stops": rf"{_DATE}\Z"}
    words = {name: some for name, some in lists.items() if name not in ends}
    return {
        (kind, name): re.compile(rf"\s*(?:{'|'.join(some)}){end}", re.IGNORECASE)
        for kind, end in ends.items()
        for name, some in lists.get(kind, words).items()
    }


@functools.cache
def _cells() -> dict[str, dict[str, list[str]]]:
    """Return the lists of the data file; those of statuses lie one deeper."""
    text = resources.files(__package__).joinpath(FILE).read_text("utf-8")
    return tomllib.loads(text)
