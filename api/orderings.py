"""Orders of a list, and places in it: pages that no write can shift.

A page begins behind the last record of the page before, found by what it is ordered by and its
key, and not by a count of records: that is as fast on page 10,000 as on page 1, and nothing is
skipped or repeated while records are added.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import models
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from api.parameters import MOST_NUMBER, Unreadable, read_day, read_moment, read_one_of
from api.prepared import Row, Slot

_LAST_DAY = dt.date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Ordering:
    """One order that a list can be asked in; ties are broken by the key."""

    name: str
    path: str
    kind: str
    """What it is ordered by: key, text, day, moment or rank."""
    is_nullable: bool = False
    """Days that are not known come last, in the far future."""
    is_descending: bool = False

    @property
    def shown(self) -> str:
        """The order as a parameter spells it."""
        return f"-{self.name}" if self.is_descending else self.name

    @property
    def is_by_key(self) -> bool:
        """Whether the key alone makes the order."""
        return self.kind == "key"


def both_ways(*orderings: Ordering) -> tuple[Ordering, ...]:
    """Return each order, and the same from the end."""
    turned = [Ordering(o.name, o.path, o.kind, o.is_nullable, True) for o in orderings]
    return tuple(o for pair in zip(orderings, turned, strict=True) for o in pair)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an ordered list: behind one of its records, or before it."""

    ordering: str
    is_backward: bool
    value: Any
    key: int

    def encode(self) -> str:
        """Return the place as a text for addresses."""
        value = self.value
        if isinstance(value, dt.datetime):
            value = value.astimezone(dt.UTC).isoformat()
        parts = [self.ordering, int(self.is_backward), value, self.key]
        return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


_FIELDS: dict[str, models.Field[Any, Any]] = {
    "key": models.BigIntegerField(),
    "text": models.TextField(),
    "day": models.DateField(),
    "moment": models.DateTimeField(),
    "rank": models.FloatField(),
}


_TYPES: dict[str, type] = {"key": type(None), "rank": float}


def decode_place(text: str, ordering: Ordering) -> Place:
    """Read a place that :meth:`Place.encode` gave out for a list in this order.

    Raises:
        Unreadable: it is none.
    """
    refusal = Unreadable(_("this is no cursor that this list gave out."))
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        parts = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        name, backward, raw, number = parts
        key = int(number)
        place = Place(name, bool(backward), _read_value(raw, ordering.kind), key)
    except (ValueError, TypeError, binascii.Error, UnicodeError):
        raise refusal from None
    is_number = type(number) is int and 0 <= key <= MOST_NUMBER
    # What base64 leniently passes over, or another list gave out, would lead to a wrong page.
    if not is_number or name != ordering.shown or place.encode() != text:
        raise refusal
    return place


def _read_value(raw: Any, kind: str) -> Any:
    readers: dict[str, Callable[[str], Any]] = {"day": read_day, "moment": read_moment}
    if type(raw) is not _TYPES.get(kind, str):
        raise TypeError
    if not isinstance(raw, str):
        return raw
    if "\0" in raw:
        raise ValueError
    return readers.get(kind, str)(raw)


def ordered(
    rows: QuerySet[Any], ordering: Ordering, *, key: str, from_place: bool, is_backward: bool
) -> QuerySet[Any]:
    """Return the rows in an order, with the slots ``at_value`` and ``at_key`` if from a place.

    The value that is ordered by is annotated as ``ordered_by``.
    """
    down = ordering.is_descending != is_backward
    compare = "lt" if down else "gt"
    at_key = Slot("at_key", models.BigIntegerField())
    by_key = Q((f"{key}__{compare}", at_key))
    key_order = F(key).desc() if down else F(key).asc()
    if ordering.is_by_key:
        return (rows.filter(by_key) if from_place else rows).order_by(key_order)
    value: Any = F(ordering.path)
    if ordering.kind == "rank":
        # A rank is a single precision number on PostgreSQL, and would not equal itself when bound.
        value = Cast(value, models.FloatField())
    if ordering.is_nullable:
        value = Coalesce(value, Value(_LAST_DAY))
    rows = rows.annotate(ordered_by=value)
    if from_place:
        at_value = Slot("at_value", _FIELDS[ordering.kind])
        # The first condition is what an index can use; the second is exact.
        rows = rows.filter(
            Q((f"ordered_by__{compare}e", at_value)),
            Q((f"ordered_by__{compare}", at_value)) | by_key,
        )
    return rows.order_by(F("ordered_by").desc() if down else F("ordered_by").asc(), key_order)


def place_of(row: Row, ordering: Ordering, *, is_backward: bool) -> Place:
    """Return the place of a row whose last two columns are what it is ordered by, and its key."""
    value = None if ordering.is_by_key else row[-2]
    return Place(ordering.shown, is_backward, value, row[-1])


def find_ordering(name: str, orderings: Sequence[Ordering]) -> Ordering:
    """Return the order of a name.

    Raises:
        Unreadable: there is none; names all.
    """
    known = {ordering.shown: ordering for ordering in orderings}
    return known[read_one_of(name, known)]
