"""A large public record, generated and seeded: the same seed and scale give the same rows.

At scale 1: 1,000 organizations, 2,000 companies, 50,000 campaigns (4 % of them drafts), about
100,000 targets, 500,000 actions and 250,000 status changes, with outcomes, responses, documents
and citations. A few companies have many targets, a few campaigns many actions, and words are as
common or rare as in a language. Every column is named, so that columns which the database fills
by itself are left to it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

from benchmarks.api import facts, records
from benchmarks.api.loading import Report, bare_tables, copy_rows, say
from benchmarks.api.plan import Plan, make_plan

SEED = 20_240_610

TABLES: dict[str, tuple[Sequence[str], Any]] = {**records.TABLES, **facts.TABLES}
"""Each table with the columns that are written and the function that makes its rows of a plan."""

FEED = "campaigns_feedentry"
FEED_COLUMNS = ("sequence", "event", "status_change_id", "entered_at")
_MOMENTS = """
SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnotnull AND NOT atthasdef
AND attname IN ('created_at', 'updated_at') AND NOT attname = ANY(%s) ORDER BY attnum
"""


def build(
    connection: psycopg.Connection[Any],
    *,
    scale: float = 1.0,
    seed: int = SEED,
    report: Report = say,
) -> Plan:
    """Fill an empty, migrated PostgreSQL database and analyze it, in the caller's transaction.

    Args:
        connection: to the database, in a transaction.
        scale: 1 for the sizes above, less for a small copy of the same kind.
        seed: of the random numbers.
        report: is given a line for each table.

    Returns:
        What was generated.

    Raises:
        psycopg.Error: a row breaks a constraint, or a table has a column that needs a value.
    """
    began = time.monotonic()
    plan = make_plan(scale, seed)
    report(f"  planned {len(plan.log):,} status changes {time.monotonic() - began:>26.1f} s")
    with bare_tables(connection, [*TABLES, FEED], report):
        for table, (columns, rows) in TABLES.items():
            dated = _undated(connection, table, columns)
            moments = (records.CREATED_AT,) * len(dated)
            dated_rows = ((*row, *moments) for row in rows(plan))
            copy_rows(connection, table, (*columns, *dated), dated_rows, report)
        _close_log(connection, plan, report)
    connection.execute("ANALYZE")
    report(f"  all of it {time.monotonic() - began:>44.1f} s")
    return plan


def _undated(
    connection: psycopg.Connection[Any], table: str, columns: Sequence[str]
) -> tuple[str, ...]:
    """Name the moments that a table asks of every row and the rows made here do not have."""
    found = connection.execute(_MOMENTS, [table, list(columns)]).fetchall()
    return tuple(name for (name,) in found)


def _close_log(connection: psycopg.Connection[Any], plan: Plan, report: Report) -> None:
    entries = list(feed_entries(plan))
    copy_rows(connection, FEED, FEED_COLUMNS, entries, report)
    head = log_head(plan, len(entries))
    connection.execute("DELETE FROM campaigns_loghead")
    copy_rows(connection, "campaigns_loghead", list(head), [list(head.values())], lambda line: None)


def log_head(plan: Plan, feed_entries_count: int) -> dict[str, Any]:
    """Return the columns of the one row that says where the log and the feed end."""
    return {
        "id": 1,
        "last_sequence": plan.log[-1].sequence,
        "last_recorded_at": plan.log[-1].recorded_at,
        "last_feed_sequence": feed_entries_count,
    }


def feed_entries(plan: Plan) -> Iterator[tuple[Any, ...]]:
    """Yield the entries of the public feed, by :data:`FEED_COLUMNS`."""
    public = (change for change in plan.log if plan.is_public(change.target))
    for number, change in enumerate(public, 1):
        yield number, "published", change.sequence, change.recorded_at
