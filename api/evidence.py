"""What documents support, and what kept copies of them do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from api.clocks import AS_OF, Clocks
from api.filters import Filter
from api.thing_filters import Match, ThingFilter
from campaigns.models import Citation, StatusChange
from campaigns.models.evidence import FACTS
from campaigns.visibility import public_documents


def _happened(fact: str) -> Q:
    """Citations of facts of a kind that had happened on the day that is asked about."""
    if fact == "outcome":
        brought = StatusChange.objects.filter(effective_on__lte=AS_OF, outcome__isnull=False)
        return Q(outcome__in=brought.values("outcome"))
    days = {"status_change": "effective_on", "position": "taken_on"}
    return Q((f"{fact}__{days.get(fact, 'happened_on')}__lte", AS_OF))


def had_happened() -> Q:
    """Return the condition that what is cited had happened on the day that is asked about."""
    return reduce(or_, map(_happened, FACTS))


def _kept(fact: str) -> QuerySet[Citation]:
    return Citation.objects.exclude(snapshot_hash="").filter((f"{fact}__isnull", False))


def has_citation(fact: str, path: str = "pk") -> Q:
    """Return the condition that a kept copy supports a fact."""
    return Q((f"{path}__in", _kept(fact).values(fact)))


def by_document(where: Callable[[Match], Q]) -> Filter:
    """Return the filter of facts by a document that supports them: see :func:`supported`."""
    return ThingFilter(
        "document", public_documents, where, "That this document supports.", 1, has_slug=False
    )


def supported(match: Match, fact: str) -> QuerySet[Citation, Any]:
    """Return the keys of the facts of a kind that the document asked for supports."""
    citations = Citation.objects.filter(match("document"), (f"{fact}__isnull", False))
    keys: QuerySet[Citation, Any] = citations.values(fact)
    return keys


def is_evident(clocks: Clocks, owners: Mapping[str, str]) -> Q:
    """Return the condition that a kept copy supports some fact of a record.

    Args:
        clocks: with ``as_of``, only facts count that had happened.
        owners: the kinds of fact, each with the path from a citation to the record.
    """
    cited = (
        (_kept(fact).filter(_happened(fact)) if clocks.as_of else _kept(fact)).values(path)
        for fact, path in owners.items()
    )
    return Q(*(Q(pk__in=records) for records in cited), _connector=Q.OR)
