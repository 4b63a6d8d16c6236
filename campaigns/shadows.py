"""The queries that stand in front of the tables of the public record.

``campaigns.timemachine`` puts them there. Each is a text with ``{moment}`` where the moment goes.
For PostgreSQL the versions of a record, its row and its rows of history, are a plain UNION ALL
without conditions, which becomes part of the query around it, so that conditions and joins on any
column use the indexes of both tables. Which version counts is said outside, once, with
``is_current`` a constant on either side. ``CASE`` keeps EXISTS from becoming a join, which would
undo that. SQLite's planner gets another shape, with the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db import models

from campaigns.models import (
    Action,
    Bill,
    Campaign,
    Citation,
    Document,
    Exemption,
    FeedEntry,
    Organization,
    Outcome,
    Position,
    Response,
    StatusChange,
    Target,
    Topic,
)
from companies.models import Alias, Company, Product
from companies.tracking import Tracked

Field = models.Field[Any, Any]

NOTHING: Mapping[str, str] = {}

TRACKED: tuple[type[Tracked], ...] = (
    Action,
    Alias,
    Bill,
    Campaign,
    Citation,
    Company,
    Document,
    Organization,
    Position,
    Product,
    Response,
    Target,
    Topic,
)

_APPENDED: dict[type[models.Model], str] = {
    StatusChange: "recorded_at",
    Outcome: "recorded_at",
    FeedEntry: "entered_at",
}
"""Rows that are only appended, each with the column that says when."""


@lru_cache(maxsize=16)
def shadow_tables(schema: str, vendor: str) -> Mapping[str, str]:
    """Return the query of every table of the public record, by the table's name."""
    shadows = {}
    shape = _looked_up if vendor == "sqlite" else _united
    for model in TRACKED:
        shadows[_table(model)] = shape(model, schema)
        for field in model.history.model._history_m2m_fields:
            shadows[_table(field.remote_field.through)] = _members(model, field, schema)
    for written, stamp in _APPENDED.items():
        shadows[_table(written)] = (
            f"SELECT {_list(_columns(written), 't')} FROM {_real(written, schema)} t "
            f"WHERE t.{stamp} <= {{moment}}"
        )
    shadows[_table(Exemption)] = (
        f"SELECT {_list(_columns(Exemption), 't')} FROM {_real(Exemption, schema)} t "
        f"JOIN {_real(Outcome, schema)} o ON o.id = t.outcome_id WHERE o.recorded_at <= {{moment}}"
    )
    return shadows


def _united(model: type[Tracked], schema: str) -> str:
    """Return the query of a record's table, for a planner that sees through UNION ALL."""
    history = _real(model.history.model, schema)
    kept = [field for field in model._meta.concrete_fields if _is_kept(model, field)]
    columns = [str(field.column) for field in kept]
    shown = ", ".join(_shown(model, field, schema) for field in model._meta.concrete_fields)
    return (
        f"SELECT {shown} FROM ("
        f"SELECT {_list(columns, 't')}, true AS is_current, CAST(NULL AS bigint) AS version"
        f" FROM {_real(model, schema)} t"
        f" UNION ALL SELECT {_list(columns, 'h')}, false, h.history_id FROM {history} h"
        f") r WHERE r.created_at <= {{moment}} AND CASE WHEN r.is_current"
        f" THEN NOT {_changed_since(history, 'r.id')}"
        f" ELSE {_changed_since(history, 'r.id')}"
        f" AND r.version = {_version(history, 'r.id', there={'r.id': _real(model, schema)})} END"
    )


def _shown(model: type[Tracked], field: Field, schema: str) -> str:
    """Return the expression of a column; one that nobody reads costs nothing."""
    column = f'r."{field.column}"'
    if not _is_kept(model, field):
        return (
            f'(SELECT s."{field.column}" FROM {_real(model, schema)} s WHERE s.id = r.id)'
            f' AS "{field.column}"'
        )
    if model is Campaign and field.name == "published_at":
        public = (
            f"EXISTS (SELECT 1 FROM {_real(model, schema)} s"
            " WHERE s.id = r.id AND s.published_at IS NOT NULL)"
        )
        return (
            f"CASE WHEN {column} > {{moment}} THEN NULL WHEN r.is_current OR {public}"
            f' THEN {column} END AS "published_at"'
        )
    if _may_dangle(field):
        there = _if_there(field, column, schema)
        return f'CASE WHEN r.is_current THEN {column} ELSE {there} END AS "{field.column}"'
    return column


def _looked_up(model: type[Tracked], schema: str) -> str:
    """Return the query of a record's table, for a planner that does not.

    It has the table's own rows, and looks up each column of those that have changed. SQLite takes
    it into the query around it anywhere, on the right of a LEFT JOIN too.
    """
    history = _real(model.history.model, schema)
    columns = []
    for field in model._meta.concrete_fields:
        then = f'l."{field.column}"'
        if _may_dangle(field):
            then = _if_there(field, then, schema)
        value = (
            f"CASE WHEN {_changed_since(history, 't.id')}"
            f' THEN {_version(history, "t.id", column=then)} ELSE t."{field.column}" END'
        )
        if field.primary_key or field.name == "created_at" or not _is_kept(model, field):
            value = f't."{field.column}"'
        elif model is Campaign and field.name == "published_at":
            value = (
                f"CASE WHEN t.published_at IS NOT NULL AND {value} <= {{moment}} THEN {value} END"
            )
        columns.append(f'{value} AS "{field.column}"')
    return (
        f"SELECT {', '.join(columns)} FROM {_real(model, schema)} t"
        " WHERE t.created_at <= {moment}"
    )


def _members(model: type[Tracked], field: Any, schema: str) -> str:
    """Return the query of a relation's table, whose rows belong to a record of the model."""
    through = field.remote_field.through
    history = _real(model.history.model, schema)
    versions = _real(model.records.m2m_models[field], schema)
    owner, member = f"r.{field.m2m_column_name()}", f"r.{field.m2m_reverse_name()}"
    columns = _columns(through)
    both = {owner: _real(model, schema), member: _real(field.related_model, schema)}
    return (
        f"SELECT {_list(columns, 'r')} FROM ("
        f"SELECT {_list(columns, 't')}, true AS is_current, CAST(NULL AS bigint) AS version"
        f" FROM {_real(through, schema)} t"
        f" UNION ALL SELECT {_list(columns, 'h')}, false, h.history_id FROM {versions} h"
        f") r WHERE CASE WHEN r.is_current THEN NOT {_changed_since(history, owner)}"
        f" AND EXISTS (SELECT 1 FROM {both[owner]} s"
        f" WHERE s.id = {owner} AND s.created_at <= {{moment}})"
        f" ELSE {_changed_since(history, owner)}"
        f" AND r.version = {_version(history, owner, there=both)} END"
    )


def _changed_since(history: str, key: str) -> str:
    return f"EXISTS (SELECT 1 FROM {history} n WHERE n.id = {key} AND n.history_date > {{moment}})"


def _version(
    history: str, key: str, *, column: str = "l.history_id", there: Mapping[str, str] = NOTHING
) -> str:
    """Return what finds the version of the moment, if all these are there now: keys to tables.

    That they are there is asked in here, where PostgreSQL takes the question to be dear, and so
    asks it last, of the few versions that are not out of date.
    """
    joins = (
        f" JOIN {table} p{number} ON p{number}.id = {found}"
        for number, (found, table) in enumerate(there.items())
    )
    return (
        f"(SELECT {column} FROM {history} l{''.join(joins)} WHERE l.id = {key}"
        " AND l.history_date <= {moment} ORDER BY l.history_date DESC, l.history_id DESC LIMIT 1)"
    )


def _is_kept(model: type[Tracked], field: Field) -> bool:
    return field.name not in model.history.model._history_excluded_fields


def _may_dangle(field: Field) -> bool:
    """Whether an old version may name, by this key, a record that was deleted since."""
    return field.null and field.related_model in TRACKED


def _if_there(field: Field, key: str, schema: str) -> str:
    related: Any = field.related_model
    return f"(SELECT s.id FROM {_real(related, schema)} s WHERE s.id = {key})"


def _columns(model: type[models.Model]) -> list[str]:
    return [str(field.column) for field in model._meta.concrete_fields]


def _list(columns: list[str], alias: str) -> str:
    return ", ".join(f'{alias}."{column}"' for column in columns)


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table


def _real(model: type[models.Model], schema: str) -> str:
    """Return the table itself, which inside the WITH clause has to be named by its schema."""
    return f'"{schema}"."{_table(model)}"'
