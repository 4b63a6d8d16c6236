"""Puts the index beside the tables after every ``migrate``, as the log's triggers are put there."""

from __future__ import annotations

from typing import Any

from django.db import connections, transaction

from campaigns.search import postgresql, sqlite
from campaigns.search.texts import TABLES


def install_search(using: str = "default", **kwargs: Any) -> None:
    """Install the index of full text where it is missing; a receiver of ``post_migrate``.

    Costs a few reads of the catalogue where all is in place; where a part is missing or was made
    by other rules, the index of that table is made anew, which rewrites the table on PostgreSQL.
    """
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        tables = TABLES.keys() & set(connection.introspection.table_names(cursor))
        if connection.vendor == "postgresql":
            postgresql.install(cursor, tables)
        else:
            sqlite.install(cursor, tables)
