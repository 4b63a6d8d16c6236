"""What became of a record: who changed what, when, from which value to which, and why.

Told from the versions that ``companies.tracking`` keeps, of the record and of what belongs to it,
and from the notes of the admin's log.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.access import Person, visible
from companies.differences import Difference, Place, Values, differences_of, place_of, values_of_all
from companies.tracking import Tracked

PAGE_SIZE = 50
"""Versions and notes of one page."""

ONE_DEED = dt.timedelta(seconds=2)
"""What one person did within this time is told as one: a form saves a record and its parts."""

VERBS = {"+": _("Added"), "~": _("Changed"), "-": _("Deleted")}


@dataclass(frozen=True, slots=True)
class Part:
    """Records that belong to another: the aliases of a company.

    Attributes:
        model: what they are.
        column: the name of their foreign key to what they belong to.
        lost_only: whether only deletions are told, because each has a page of its own.
    """

    model: type[Tracked]
    column: str
    lost_only: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the record, or of a part of it.

    Attributes:
        row: the row of the table of versions.
        part: what it belongs to the record as; ``None`` for the record itself.
    """

    row: Any
    part: Part | None
    verb: Any
    differences: list[Difference]

    @property
    def model_name(self) -> str:
        """The name of the model in addresses."""
        return str(self.row.instance_type._meta.model_name)

    @property
    def kind(self) -> Any:
        """What it is a version of, in words."""
        return self.row.instance_type._meta.verbose_name


@dataclass(slots=True)
class Deed:
    """What one person did at one time."""

    at: dt.datetime
    user: Any
    message: str = ""
    notes: list[str] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)


_Item = tuple[dt.datetime, int, Any, Part | None]
"""When, the key, a version or a note of the log, and of which part; ``None`` for the record."""


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Deeds, the latest first, and whether there are earlier ones."""

    deeds: list[Deed]
    has_more: bool


def read_history(
    *,
    model: type[Model],
    key: Any,
    parts: Sequence[Part],
    person: Person,
    among_colleagues: bool = False,
    since: dt.datetime | None = None,
    page: int = 1,
) -> HistoryPage:
    """Return a page of what became of a record, in as many queries for one deed as for fifty.

    Args:
        model: what the record is; of one without versions only the admin's log is told.
        key: its primary key; the record itself may be gone.
        parts: what belongs to it.
        person: who asks: names of rows that they do not see are withheld.
        among_colleagues: whether names of people are withheld, too, but for those of colleagues.
        since: what became of the record itself before is not told; ``None`` tells all.
        page: from 1 on.
    """
    end = page * PAGE_SIZE + 1
    begin = since or dt.datetime.min.replace(tzinfo=dt.UTC)
    found = _latest(model, key, parts, begin, end)
    deeds = _deeds(found[end - 1 - PAGE_SIZE : end - 1], person)
    if among_colleagues:
        _withhold_strangers(deeds, person)
    return HistoryPage([_tidy(deed) for deed in deeds], len(found) >= end)


def _latest(
    model: type[Model], key: Any, parts: Sequence[Part], begin: dt.datetime, count: int
) -> list[_Item]:
    """Return notes and versions since a moment, the latest first: of each kind so many at most."""
    notes = _notes(model, key).filter(action_time__gte=begin)
    found: list[_Item] = [(note.action_time, note.pk, note, None) for note in notes[:count]]
    if issubclass(model, Tracked):
        own = _with_previous(model.history.filter(id=key, history_date__gte=begin))
        found += [(row.history_date, row.pk, row, None) for row in own[:count]]
    for part in parts:
        rows = part.model.history.filter(**{f"{part.column}_id": key})
        rows = _with_previous(rows.filter(history_type="-") if part.lost_only else rows)
        found += [(row.history_date, row.pk, row, part) for row in rows[:count]]
    # Of one moment the log comes last, and then what belongs to a record before itself.
    found.sort(key=lambda item: (item[0], item[3] is not None, item[1]), reverse=True)
    return found


def _deeds(items: Sequence[_Item], person: Person) -> list[Deed]:
    """Put notes and versions, the latest first, together to what one person did at one time."""
    versions = [(row, part) for _at, _pk, row, part in items if not isinstance(row, LogEntry)]
    told = iter(_tell(versions, person))
    deeds: list[Deed] = []
    for at, _pk, row, _part in items:
        if isinstance(row, LogEntry):
            _deed(deeds, at, row.user).notes.append(row.get_change_message())
        else:
            deed = _deed(deeds, at, row.history_user)
            deed.message = deed.message or row.history_change_reason or ""
            deed.versions.append(next(told))
    return deeds


def _withhold_strangers(deeds: Sequence[Deed], person: Person) -> None:
    """Who changed a record that all share is named to colleagues; others learn only when."""
    users = {deed.user.pk for deed in deeds if deed.user}
    colleagues = set(visible(User.objects.filter(pk__in=users), person))
    for deed in deeds:
        if deed.user and deed.user not in colleagues:
            deed.user = gettext("somebody of another organization")


def _notes(model: type[Model], key: Any) -> QuerySet[LogEntry]:
    of = {"content_type": ContentType.objects.get_for_model(model), "object_id": str(key)}
    return LogEntry.objects.filter(**of).select_related("user").order_by("-action_time", "-pk")


def _with_previous(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Let each version know the key of the version before it, ``previous``."""
    earlier = rows.model._default_manager.filter(id=OuterRef("id")).filter(
        Q(history_date__lt=OuterRef("history_date"))
        | Q(history_date=OuterRef("history_date"), history_id__lt=OuterRef("history_id"))
    )
    last = earlier.order_by("-history_date", "-history_id").values("history_id")[:1]
    named = rows.select_related("history_user").annotate(previous=Subquery(last))
    newest_first: QuerySet[Any] = named.order_by("-history_date", "-history_id")
    return newest_first


def _deed(deeds: list[Deed], at: dt.datetime, user: Any) -> Deed:
    """Return the deed that something belongs to: the last one, or a new one."""
    if not deeds or deeds[-1].user != user or deeds[-1].at - at > ONE_DEED:
        deeds.append(Deed(at, user))
    return deeds[-1]


def _tidy(deed: Deed) -> Deed:
    """Leave out what repeats: versions without differences, and what the log says of the rest."""
    if any(version.differences for version in deed.versions):
        deed.versions = [version for version in deed.versions if version.differences]
    else:
        deed.versions = []
    deed.notes = list(dict.fromkeys(note for note in deed.notes if note))
    return deed


def _tell(versions: Sequence[tuple[Any, Part | None]], person: Person) -> list[Version]:
    """Put versions into words, together: names of related rows are read once for all."""
    before = _rows_before(row for row, _part in versions)
    values = values_of_all([row for row, _part in versions] + list(before.values()))
    pairs: list[tuple[type[Model], Values, Values]] = []
    for row, part in versions:
        old = values.get(place_of(before[place_of(row)])) if place_of(row) in before else {}
        new = values[place_of(row)]
        if row.history_type != "~":
            old, new = ({}, new) if row.history_type == "+" else (new, {})
        if part and row.history_type != "~":
            old, new = _without(old or {}, part.column), _without(new, part.column)
        pairs.append((row.instance_type, old or {}, new))
    return [
        Version(row, part, VERBS[row.history_type], differences)
        for (row, part), differences in zip(versions, differences_of(pairs, person), strict=True)
    ]


def _without(values: Values, name: str) -> Values:
    return {key: value for key, value in values.items() if key != name}


def _rows_before(rows: Iterable[Any]) -> dict[Place, Any]:
    """Return the version before each, by the place of the later one."""
    wanted: defaultdict[type[Model], dict[int, int]] = defaultdict(dict)
    for row in rows:
        if row.previous is not None:
            wanted[type(row)][row.pk] = row.previous
    return {
        (model, key): earlier[previous]
        for model, keys in wanted.items()
        for earlier in [model._default_manager.in_bulk(list(keys.values()))]
        for key, previous in keys.items()
    }
