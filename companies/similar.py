"""What is on record already and is perhaps the same as what somebody types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Model, Q, QuerySet, Value, When
from django_stubs_ext import StrOrPromise

from companies.likeness import ALIKE, likeness, telling_words

MOST_SHOWN = 5
_MOST_COMPARED = 300
_LEAST_TYPED = 3
_STEM = 4
"""Letters at the beginning of a word by which rows are looked up before they are compared."""


@dataclass(frozen=True, slots=True)
class Similar:
    """A record that is perhaps the same.

    Attributes:
        row: the record.
        why: what it goes by there, or when it was: as much as tells it apart.
        is_likely: whether to ask before another one is saved, not only to mention it.
    """

    row: Model
    why: StrOrPromise
    is_likely: bool = True


def worth_comparing(rows: QuerySet[Any], field: str, typed: str) -> QuerySet[Any]:
    """Return the rows whose text has beginnings of the words that are typed; the best 300."""
    words = [word for word in telling_words(typed) if len(word) >= _LEAST_TYPED]
    if not words:
        return rows.none()
    # The longest words tell most, and are enough of a long title.
    stems = dict.fromkeys(word[:_STEM] for word in sorted(words, key=len, reverse=True)[:4])
    has = [Q((f"{field}__icontains", stem)) for stem in stems]
    hits = sum((Case(When(one, then=1), default=0) for one in has), Value(0))
    found: QuerySet[Any] = rows.filter(reduce(or_, has)).annotate(hits=hits)
    return found.order_by("-hits", "pk")[:_MOST_COMPARED]


def most_alike(typed: str, named: Iterable[tuple[Model, str]]) -> list[Similar]:
    """Return the records that go by a name which is alike, the most alike first, each once.

    Args:
        typed: what is typed.
        named: records, each with a name; a record may come several times.
    """
    scored = [(likeness(typed, name), row, name) for row, name in named]
    alike = sorted((one for one in scored if one[0] >= ALIKE), key=lambda one: (-one[0], one[1].pk))
    found: dict[int, Similar] = {}
    for _score, row, name in alike:
        found.setdefault(row.pk, Similar(row, name))
    return list(found.values())[:MOST_SHOWN]
