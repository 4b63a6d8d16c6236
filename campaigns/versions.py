"""The data version: a text that is another one after every commit that touched public data.

It is a number of commits, and the moment the last of them was noted. The number only grows, and a
commit is counted from the moment it becomes visible, in whatever order transactions end. Settling
moves commits from one table into a number in another in one statement, which changes no sum.
The moment keeps versions apart that a restored backup would count alike.

Written in SQL and free of models, so that it can be read before Django's apps are loaded.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.utils.dateparse import parse_datetime

NOTES_TABLE = "campaigns_publiccommit"
TOTAL_TABLE = "campaigns_committotal"

_READ = {
    "postgresql": f"""
        SELECT total.noted_count + notes.count,
               GREATEST(total.last_noted_at, notes.last_noted_at),
               CASE WHEN notes.count = 0 THEN total.settled_at END
        FROM {TOTAL_TABLE} total,
             (SELECT count(*) AS count, max(noted_at) AS last_noted_at FROM {NOTES_TABLE}) notes
        WHERE total.id = 1
    """,  # noqa: S608 - the tables are our own
    "sqlite": f"""
        SELECT noted_count, last_noted_at,
               CASE WHEN noted_count = settled_count THEN settled_at END
        FROM {TOTAL_TABLE} WHERE id = 1
    """,  # noqa: S608
}
# The database's clock is asked inside of the statement, because only a moment after the statement
# began is known to be after the commits that it sees.
_SETTLE = {
    "postgresql": f"""
        WITH settled AS (DELETE FROM {NOTES_TABLE} RETURNING noted_at),
             sums AS (SELECT count(*) AS count, max(noted_at) AS last_noted_at FROM settled)
        UPDATE {TOTAL_TABLE} total
        SET noted_count = total.noted_count + sums.count,
            settled_count = total.noted_count + sums.count,
            last_noted_at = GREATEST(total.last_noted_at, sums.last_noted_at),
            settled_at = clock_timestamp()
        FROM sums WHERE total.id = 1 AND sums.count > 0
    """,  # noqa: S608
    "sqlite": f"""
        UPDATE {TOTAL_TABLE}
        SET settled_count = noted_count, settled_at = strftime('%Y-%m-%d %H:%M:%f', 'now')
        WHERE id = 1 AND settled_count <> noted_count
    """,  # noqa: S608
}


class NoDataVersion(Exception):
    """The version cannot be told: the database is being emptied or was never migrated."""


@dataclass(frozen=True, slots=True)
class DataVersion:
    """A state of the public data."""

    text: str
    """Equal for equal states only; never used again for another one."""
    changed_at: dt.datetime | None
    """A moment by which the last change was visible to all, the same for everyone who asks;
    ``None`` until the change is settled, about a minute after it."""


def read_data_version() -> DataVersion:
    """Return the version of the public data as committed now, in one cheap query.

    What is read after this call is of this version or newer, never older.

    Raises:
        NoDataVersion: it cannot be told.
        django.db.Error: the database does not answer.
    """
    with connection.cursor() as cursor:
        cursor.execute(_READ[connection.vendor])
        row = cursor.fetchone()
    if row is None:
        raise NoDataVersion
    count, last_noted_at, changed_at = row
    if isinstance(changed_at, str):  # SQLite has no moments
        moment = parse_datetime(changed_at)
        changed_at = moment and moment.replace(tzinfo=dt.UTC)
    return DataVersion(f"{count} {last_noted_at}", changed_at)


def settle_data_version() -> bool:
    """Count what was committed, so that reading stays cheap; the version stays the same.

    Safe beside writers, readers and itself: it takes only what is committed, and readers see all
    of it or nothing.

    Returns:
        Whether there was anything to settle.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE[connection.vendor])
        return bool(cursor.rowcount)
