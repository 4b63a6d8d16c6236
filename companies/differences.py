"""What differs between two versions of a record, in words that people know."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Field, ForeignKey, Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from companies.access import Person, visible
from companies.tracking import Records

_KEPT_BY_ITSELF = ("created_at", "updated_at", "name_key")

Values = dict[str, Any]
"""Values by the names of fields; of a relation to many, a sorted tuple of keys."""

Place = tuple[type[Model], int]
"""The table of a version, and its key there."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, with its value before and after in words; empty for none."""

    label: str
    before: str
    after: str


def differences_of(
    pairs: Sequence[tuple[type[Model], Values, Values]], person: Person
) -> list[list[Difference]]:
    """Return in words what differs between the first and the second values of each pair."""
    names = _names([(model, v) for model, *both in pairs for v in both], person)
    return [
        [
            Difference(
                str(getattr(one, "verbose_name", one.name)).capitalize(),
                _word(one, old.get(one.name), names),
                _word(one, new.get(one.name), names),
            )
            for one in _told_fields(model)
            if (old.get(one.name) or None) != (new.get(one.name) or None)
        ]
        for model, old, new in pairs
    ]


def place_of(row: Any) -> Place:
    """Return what tells a version from all others."""
    return type(row), row.pk


def _told_fields(model: type[Model]) -> list[Any]:
    columns = [
        one
        for one in model._meta.concrete_fields
        if not one.primary_key and one.editable and one.name not in _KEPT_BY_ITSELF
    ]
    return [*columns, *model._meta.many_to_many]


def values_of_all(rows: Sequence[Any]) -> dict[Place, Values]:
    """Return the values of versions, one query for each relation to many that they have."""
    values: dict[Place, Values] = {}
    for row in rows:
        kept = {one.name: one for one in row.tracked_fields}
        values[place_of(row)] = {
            one.name: getattr(row, one.attname)
            for one in _told_fields(row.instance_type)
            if one.name in kept
        }
    for model in {type(row) for row in rows}:
        keys = [row.pk for row in rows if type(row) is model]
        for relation in model._history_m2m_fields:
            members = _members(relation, keys)
            for key in keys:
                values[model, key][relation.name] = tuple(sorted(members[key]))
    return values


def _members(relation: Any, keys: Collection[int]) -> defaultdict[int, list[Any]]:
    column = f"{relation.m2m_reverse_field_name()}_id"
    rows = Records.m2m_models[relation]._default_manager.filter(history__in=keys)
    members: defaultdict[int, list[Any]] = defaultdict(list)
    for version, key in rows.values_list("history_id", column):
        members[version].append(key)
    return members


Names = dict[type[Model], dict[Any, str]]


def _names(values: Iterable[tuple[type[Model], Values]], person: Person) -> Names:
    """Return the names of all related rows that the person sees, one query for each model."""
    wanted: defaultdict[type[Model], set[Any]] = defaultdict(set)
    for model, row in values:
        for one in _told_fields(model):
            value = row.get(one.name)
            if one.is_relation and value:
                wanted[one.related_model].update(value if one.many_to_many else {value})
    names: Names = {}
    for model, keys in wanted.items():
        direct = [one.name for one in model._meta.concrete_fields if isinstance(one, ForeignKey)]
        rows = visible(model._default_manager.filter(pk__in=keys), person).select_related(*direct)
        names[model] = {row.pk: str(row) for row in rows}
    return names


def _word(one: Any, value: Any, names: Names) -> str:
    """Return a value in words; a related row that is gone or not shared by its number only."""
    if value is None or value in ("", ()):
        return ""
    if one.is_relation:
        known = names[one.related_model]
        hidden = gettext("number %(key)s, deleted or not shared with you")
        keys = value if one.many_to_many else [value]
        return ", ".join(sorted(known.get(key, hidden % {"key": key}) for key in keys))
    return _plain_word(one, value)


def _plain_word(one: Field[Any, Any], value: Any) -> str:
    if one.flatchoices:
        return str(dict(one.flatchoices).get(value, value))
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, dt.datetime):
        return date_format(timezone.localtime(value), "j F Y, H:i")
    return date_format(value, "j F Y") if isinstance(value, dt.date) else str(value)
