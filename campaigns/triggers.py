"""Triggers that make the database itself refuse to rewrite the log, or to move a target.

A target that moved from a draft to a public campaign, or back, would take its status changes with
it past the public feed.

A migration that rebuilds a table on SQLite drops its triggers, so they are installed after every
``migrate`` (and after the flush of a test database) rather than by a migration.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

from campaigns.renewal import renew_triggers

APPEND_ONLY_TABLES = {
    "campaigns_statuschange": "sequence",
    "campaigns_outcome": "id",
    "campaigns_exemption": "id",
    "campaigns_feedentry": "sequence",
}
"""Tables of the log and of the public feed, each with its primary key."""

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION followthrough_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'rows of % are never updated or deleted', TG_TABLE_NAME; END $$
"""
_POSTGRESQL_TRIGGER = """
CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION followthrough_append_only()
"""
_POSTGRESQL_TRUNCATE_TRIGGER = """
CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION followthrough_append_only()
"""
_SQLITE_TRIGGER = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'rows of {table} are never updated or deleted'); END
"""
# It names no other table: SQLite could not rebuild a table that a trigger elsewhere mentions.
_SQLITE_TARGET_TRIGGER = """
CREATE TRIGGER campaigns_target_stays BEFORE UPDATE OF campaign_id ON campaigns_target
WHEN NEW.campaign_id <> OLD.campaign_id
BEGIN SELECT RAISE(ABORT, 'a target stays in its campaign'); END
"""
_POSTGRESQL_TARGET_FUNCTION = """
CREATE OR REPLACE FUNCTION followthrough_target_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a target stays in its campaign'
USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_POSTGRESQL_TARGET_TRIGGER = """
CREATE OR REPLACE TRIGGER campaigns_target_stays BEFORE UPDATE OF campaign_id ON campaigns_target
FOR EACH ROW WHEN (NEW.campaign_id <> OLD.campaign_id)
EXECUTE FUNCTION followthrough_target_stays()
"""
# REPLACE deletes without firing a trigger for it, so it is stopped before it inserts.
_SQLITE_REPLACE_TRIGGER = """
CREATE TRIGGER {table}_no_REPLACE BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})
BEGIN SELECT RAISE(ABORT, 'rows of {table} are never updated or deleted'); END
"""


def install_triggers(using: str = "default", **kwargs: Any) -> None:
    """Install the triggers that are missing or differ; a receiver of ``post_migrate``."""
    connection = connections[using]
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        if not existing.issuperset(APPEND_ONLY_TABLES):
            return
        if connection.vendor == "sqlite":
            renew_triggers(cursor, _sqlite_triggers())
            return
        for statement in _postgresql_statements():
            cursor.execute(statement)


def _postgresql_statements() -> list[str]:
    return [
        _POSTGRESQL_FUNCTION,
        _POSTGRESQL_TARGET_FUNCTION,
        _POSTGRESQL_TARGET_TRIGGER,
        *(
            trigger.format(table=table)
            for table in APPEND_ONLY_TABLES
            for trigger in (_POSTGRESQL_TRIGGER, _POSTGRESQL_TRUNCATE_TRIGGER)
        ),
    ]


def _sqlite_triggers() -> list[str]:
    return [
        _SQLITE_TARGET_TRIGGER,
        *(
            _SQLITE_TRIGGER.format(table=table, verb=verb)
            for table in APPEND_ONLY_TABLES
            for verb in ("UPDATE", "DELETE")
        ),
        *(
            _SQLITE_REPLACE_TRIGGER.format(table=table, key=key)
            for table, key in APPEND_ONLY_TABLES.items()
        ),
    ]
