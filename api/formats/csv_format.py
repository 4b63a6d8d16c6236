"""CSV (RFC 4180), in UTF-8: the flat columns of a resource, safe to open in a spreadsheet.

Lines end in a line feed alone, whoever writes them: PostgreSQL knows no other way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
from django.db import connection
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Coalesce

from api.cells import Cell
from api.formats.columns import TableFormat, cells_asked
from api.formats.kinds import PAGE_SIZE, Whole, lines
from api.orderings import ordered
from api.patience import without_limit
from api.prepared import Prepared, prepared

_MARK = "\ufeff".encode()
_CHUNK = 1 << 16


class CsvFormat(TableFormat):
    """All records of the list, flat."""

    name = "csv"
    media_type = "text/csv; charset=utf-8; header=present"
    ending = "csv"
    help = (
        "All records of the list as a table, with the flat columns of the resource. Texts that a "
        "spreadsheet would run as a formula begin with an apostrophe. `bom=true` puts a "
        "byte-order mark first, which Excel wants."
    )
    # A quotation mark that is never closed: what reads CSV strictly stops at it.
    broken_off = b'"Incomplete: an error on the server broke this list off here. Ask again.\n'

    def write(self, whole: Whole) -> Iterator[bytes]:
        cells = cells_asked(whole)
        head = lines([[cell.name for cell in cells]])
        yield _MARK + head if whole.has_mark else head
        if _database_writes(whole, cells):
            yield from _copied(whole, cells)
        else:
            for items in whole.reading.pages(whole.selection, size=PAGE_SIZE):
                yield lines([cell.read(item) for cell in cells] for item in items)


def _database_writes(whole: Whole, cells: Sequence[Cell]) -> bool:
    """Tell whether PostgreSQL can write the table by itself: COPY does so many times faster."""
    return (
        connection.vendor == "postgresql"
        and whole.reading.clocks.known_at is None
        and all(cell.expression is not None for cell in cells)
    )


def _copied(whole: Whole, cells: Sequence[Cell]) -> Iterator[bytes]:
    query = _table(whole, cells)
    if not query.sql:
        return
    values = {**whole.reading.values, **whole.selection.values()}
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    raw = connection.connection
    # COPY takes no bound values: psycopg's own client cursor writes them as literals.
    sql = psycopg.ClientCursor(raw).mogrify(query.sql, query.bound(values))
    waiting = bytearray()
    # One statement writes it all, as fast as it is taken: it may last.
    copying = psycopg.Cursor(raw).copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)".encode())
    with without_limit(raw), copying as copy:
        for block in copy:
            waiting += block
            if len(waiting) >= _CHUNK:
                yield bytes(waiting)
                waiting.clear()
    if waiting:
        yield bytes(waiting)


def _table(whole: Whole, cells: Sequence[Cell]) -> Prepared:
    reading, selection = whole.reading, whole.selection
    resource = reading.resource
    return prepared(
        ("csv", resource.name, reading.clocks.shape, selection.shape),
        lambda: ordered(
            reading.narrowed(selection),
            selection.ordering,
            key=resource.key,
            from_place=False,
            is_backward=False,
        ).values_list(*_columns(cells)),
    )


def _columns(cells: Sequence[Cell]) -> list[Any]:
    expressions = [cell.expression for cell in cells]
    if len(expressions) == 1:
        # COPY writes nothing for NULL, and quotes for an empty text: see `_line`.
        return [Coalesce(Cast(expressions[0], TextField()), Value(""), output_field=TextField())]
    return expressions
