"""What callers use: the figures of a set of targets."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import IntegerField, QuerySet, Value

from campaigns.models import Target
from campaigns.statistics.definitions import Figure, Grouping
from campaigns.statistics.folding import fold_group
from campaigns.statistics.raw import Row
from campaigns.statistics.results import Statistics
from campaigns.statistics.statement import statement

MAX_GROUPS = 100
"""So many groups at most are computed at a time."""

_KEYS = {
    Grouping.COMPANY: "company",
    Grouping.TOPIC: "campaign__topics",
    Grouping.ORGANIZATION: "campaign__organizations",
}
_ALL = 0
"""The group of all targets, in the statement."""


def group_keys(
    targets: QuerySet[Target], group_by: Grouping, *, limit: int, after: int = 0
) -> list[int]:
    """Return the next keys of the groups that have a target, ascending; makes one query.

    Args:
        targets: as for :func:`compute`.
        group_by: what the keys are of.
        limit: how many at most.
        after: the last key of the page before.
    """
    key = _KEYS[group_by]
    members = Target.objects.filter(pk__in=_keys(targets), **{f"{key}__gt": after})
    return list(members.order_by(key).values_list(key, flat=True).distinct()[:limit])


def compute(
    targets: QuerySet[Target],
    *,
    today: dt.date,
    as_of: dt.date | None = None,
    group_by: Grouping | None = None,
    groups: Sequence[int] | None = None,
    figures: Collection[Figure] = tuple(Figure),
) -> Statistics:
    """Return figures about targets, in one query whatever their number.

    Run inside :func:`campaigns.timemachine.as_known`, it tells what was known at that moment.

    Args:
        targets: public ones, filtered as the caller likes.
        today: the last day that can count.
        as_of: count only what had happened by that day; ``None`` or later than today is today.
        group_by: by what to group; ``None`` for one group of all.
        groups: keys of the groups to compute, from :func:`group_keys`; results follow their
            order, and a group without targets has zeros.
        figures: which figures to compute; the others are ``None``.

    Raises:
        ValueError: ``groups`` without ``group_by`` or the other way round, or too many groups.
    """
    _check(group_by, groups)
    until = min(as_of or today, today)
    by_group: defaultdict[int, list[Row]] = defaultdict(list)
    for row in _read(_members(targets, group_by, groups), until, figures, group_by is not None):
        by_group[row.group_id].append(row)
    asked_for: list[int | None] = [None] if groups is None else list(groups)
    return Statistics(
        as_of=until,
        group_by=group_by.value if group_by else None,
        groups=tuple(
            fold_group(key, by_group[_ALL if key is None else key], figures) for key in asked_for
        ),
    )


def _check(group_by: Grouping | None, groups: Sequence[int] | None) -> None:
    if (group_by is None) != (groups is None):
        raise ValueError("Name the groups of a grouping, and the grouping of groups.")
    if groups is not None and len(groups) > MAX_GROUPS:
        raise ValueError(f"At most {MAX_GROUPS} groups are computed at a time.")


def _keys(targets: QuerySet[Target]) -> QuerySet[Target, int]:
    return targets.order_by().values_list("pk", flat=True)


def _members(
    targets: QuerySet[Target], group_by: Grouping | None, groups: Sequence[int] | None
) -> QuerySet[Target, tuple[int, int, int]]:
    """Return targets with their campaigns, once for each group."""
    chosen = Target.objects.filter(pk__in=_keys(targets)).order_by()
    if group_by is None:
        return chosen.values_list("pk", "campaign", Value(_ALL, IntegerField()))
    key = _KEYS[group_by]
    return chosen.filter(**{f"{key}__in": groups}).values_list("pk", "campaign", key)


def _read(
    members: QuerySet[Target, tuple[int, int, int]],
    until: dt.date,
    figures: Collection[Figure],
    is_grouped: bool,
) -> list[Row]:
    try:
        member = members.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return []
    sql, params = statement(
        connection.vendor, member, until=until, figures=figures, is_grouped=is_grouped
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [Row(*values) for values in cursor.fetchall()]
