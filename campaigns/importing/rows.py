"""What a file becomes before anybody asks what it means: rows of texts under named columns."""

from __future__ import annotations

from dataclasses import dataclass, field


class UnreadableFile(Exception):
    """A file that cannot be read as a table. ``str()`` is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Attributes:
        line: where it begins in the file, counted from 1 as editors and spreadsheets do.
        cells: its texts by column; what is empty is the empty text.
        notes: what was left out or rewritten on the way here, as sentences.
        errors: why it cannot be used, as sentences.
    """

    line: int
    cells: dict[str, str]
    notes: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows of a file, with notes that hold for all rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = field(default=())
