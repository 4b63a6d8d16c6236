"""The data version: a text that is another one after every commit that touched public data.

It is a number of commits, and the moment the last of them was noted. The number only grows, and a
commit is counted from the moment it becomes visible, in whatever order transactions end. Settling
moves commits from one table into a number in another in one statement, which changes no sum.
The moment keeps versions apart that a restored backup would count alike.

Written in SQL and free of models, so that it can be read before Django's apps are loaded.
"""

from __future__ import annotations

from django.db import connection

NOTES_TABLE = "campaigns_publiccommit"
TOTAL_TABLE = "campaigns_committotal"

_READ = {
    "postgresql": f"""
        SELECT total.noted_count + notes.count, GREATEST(total.last_noted_at, notes.last_noted_at)
        FROM {TOTAL_TABLE} total,
             (SELECT count(*) AS count, max(noted_at) AS last_noted_at FROM {NOTES_TABLE}) notes
        WHERE total.id = 1
    """,  # noqa: S608 - the tables are our own
    "sqlite": f"SELECT noted_count, last_noted_at FROM {TOTAL_TABLE} WHERE id = 1",  # noqa: S608
}
_SETTLE = f"""
    WITH settled AS (DELETE FROM {NOTES_TABLE} RETURNING noted_at),
         sums AS (SELECT count(*) AS count, max(noted_at) AS last_noted_at FROM settled)
    UPDATE {TOTAL_TABLE} total
    SET noted_count = total.noted_count + sums.count,
        last_noted_at = GREATEST(total.last_noted_at, sums.last_noted_at)
    FROM sums WHERE total.id = 1 AND sums.count > 0
"""  # noqa: S608


class NoDataVersion(Exception):
    """The version cannot be told: the database is being emptied or was never migrated."""


def read_data_version() -> str:
    """Return the version of the public data as committed now, in one cheap query.

    It is equal for equal states only, and never used again for another one. What is read after
    this call is of this version or newer, never older.

    Raises:
        NoDataVersion: it cannot be told.
        django.db.Error: the database does not answer.
    """
    with connection.cursor() as cursor:
        cursor.execute(_READ[connection.vendor])
        row = cursor.fetchone()
    if row is None:
        raise NoDataVersion
    count, last_noted_at = row
    return f"{count} {last_noted_at}"


def settle_data_version() -> bool:
    """Count what was committed, so that reading stays cheap; the version stays the same.

    Safe beside writers, readers and itself: it takes only what is committed, and readers see all
    of it or nothing. On SQLite the triggers count themselves, and there is nothing to settle.

    Returns:
        Whether there was anything to settle.
    """
    if connection.vendor == "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE)
        return bool(cursor.rowcount)
