"""Triggers of SQLite as they should be: made where they are missing, renewed where they differ."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.backends.utils import CursorWrapper


def renew_triggers(cursor: CursorWrapper, statements: Iterable[str]) -> None:
    """Create each trigger, ``CREATE TRIGGER name …``, in the place of one of other text.

    One of the same text, which SQLite keeps as it was given, is left alone.
    """
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    existing = dict(cursor.fetchall())
    with transaction.atomic(using=cursor.db.alias):
        for statement in map(str.strip, statements):
            name = statement.split(maxsplit=3)[2]
            if existing.get(name) != statement:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(statement)
