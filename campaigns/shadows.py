"""The queries that stand in front of the tables of the public record: see ``campaigns.timemachine``.

Each is a text with ``{moment}`` where the moment goes. They are shaped for PostgreSQL's planner.
The versions of a record, its row and its rows of history, are a plain UNION ALL without conditions,
which becomes part of the query around it, so that conditions and joins on any column use the
indexes of both tables. Which version counts is said outside, once, with ``is_current`` a constant
on either side. ``CASE`` keeps EXISTS from becoming a join, which would undo that.
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
def shadow_tables(schema: str) -> Mapping[str, str]:
    """Return the query of every table of the public record, by the table's name."""
    shadows = {}
    for model in TRACKED:
        shadows[_table(model)] = _record(model, schema)
        for field in model.history.model._history_m2m_fields:
            shadows[_table(field.remote_field.through)] = _members(model, field, schema)
    for model, stamp in _APPENDED.items():
        shadows[_table(model)] = (
            f"SELECT {_list(_columns(model), 't')} FROM {_real(model, schema)} t "
            f"WHERE t.{stamp} <= {{moment}}"
        )
    shadows[_table(Exemption)] = (
        f"SELECT {_list(_columns(Exemption), 't')} FROM {_real(Exemption, schema)} t "
        f"JOIN {_real(Outcome, schema)} o ON o.id = t.outcome_id WHERE o.recorded_at <= {{moment}}"
    )
    return shadows


def _record(model: type[Tracked], schema: str) -> str:
    history = _real(model.history.model, schema)
    kept = [field for field in model._meta.concrete_fields if _is_kept(model, field)]
    columns = [field.column for field in kept]
    shown = ", ".join(_shown(model, field, schema) for field in model._meta.concrete_fields)
    return (
        f"SELECT {shown} FROM ("
        f"SELECT {_list(columns, 't')}, true AS is_current, CAST(NULL AS bigint) AS version"
        f" FROM {_real(model, schema)} t"
        f" UNION ALL SELECT {_list(columns, 'h')}, false, h.history_id FROM {history} h"
        f") r WHERE r.created_at <= {{moment}} AND CASE WHEN r.is_current"
        f" THEN NOT {_changed_since(history, 'r.id')}"
        f" ELSE {_changed_since(history, 'r.id')} AND r.version = {_version(history, 'r.id')}"
        f" AND {_exists(model, 'r.id', schema)} END"
    )


def _shown(model: type[Tracked], field: models.Field[Any, Any], schema: str) -> str:
    """Return the expression of a column; one that nobody reads costs nothing."""
    column = f'r."{field.column}"'
    if not _is_kept(model, field):
        return (
            f'(SELECT s."{field.column}" FROM {_real(model, schema)} s WHERE s.id = r.id)'
            f' AS "{field.column}"'
        )
    if model is Campaign and field.name == "published_at":
        public = _exists(model, "r.id", schema, " AND s.published_at IS NOT NULL")
        return (
            f"CASE WHEN {column} > {{moment}} THEN NULL WHEN r.is_current OR {public}"
            f' THEN {column} END AS "published_at"'
        )
    if isinstance(field, models.ForeignKey) and field.null and field.related_model in TRACKED:
        there = f"(SELECT s.id FROM {_real(field.related_model, schema)} s WHERE s.id = {column})"
        return f'CASE WHEN r.is_current THEN {column} ELSE {there} END AS "{field.column}"'
    return column


def _members(model: type[Tracked], field: Any, schema: str) -> str:
    """Return the query of a relation's table, whose rows belong to a record of the model."""
    through = field.remote_field.through
    history = _real(model.history.model, schema)
    versions = _real(model.records.m2m_models[field], schema)
    owner, member = f"r.{field.m2m_column_name()}", f"r.{field.m2m_reverse_name()}"
    columns = _columns(through)
    known = " AND s.created_at <= {moment}"
    return (
        f"SELECT {_list(columns, 'r')} FROM ("
        f"SELECT {_list(columns, 't')}, true AS is_current, CAST(NULL AS bigint) AS version"
        f" FROM {_real(through, schema)} t"
        f" UNION ALL SELECT {_list(columns, 'h')}, false, h.history_id FROM {versions} h"
        f") r WHERE CASE WHEN r.is_current THEN NOT {_changed_since(history, owner)}"
        f" AND {_exists(model, owner, schema, known)}"
        f" ELSE {_changed_since(history, owner)} AND r.version = {_version(history, owner)}"
        f" AND {_exists(model, owner, schema, known)}"
        f" AND {_exists(field.related_model, member, schema)} END"
    )


def _changed_since(history: str, key: str) -> str:
    return f"EXISTS (SELECT 1 FROM {history} n WHERE n.id = {key} AND n.history_date > {{moment}})"


def _version(history: str, key: str) -> str:
    return (
        f"(SELECT l.history_id FROM {history} l WHERE l.id = {key}"
        " AND l.history_date <= {moment}"
        " ORDER BY l.id DESC, l.history_date DESC, l.history_id DESC LIMIT 1)"
    )


def _exists(model: type[models.Model], key: str, schema: str, condition: str = "") -> str:
    return f"EXISTS (SELECT 1 FROM {_real(model, schema)} s WHERE s.id = {key}{condition})"


def _is_kept(model: type[Tracked], field: models.Field[Any, Any]) -> bool:
    return field.name not in model.history.model._history_excluded_fields


def _columns(model: type[models.Model]) -> list[str]:
    return [field.column for field in model._meta.concrete_fields]


def _list(columns: list[str], alias: str) -> str:
    return ", ".join(f'{alias}."{column}"' for column in columns)


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table


def _real(model: type[models.Model], schema: str) -> str:
    """Return the table itself, which inside the WITH clause has to be named by its schema."""
    return f'"{schema}"."{_table(model)}"'
