"""Finds records by full text; nothing here looks into the words that are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict, TypeVar

from django.db.models import Exists, F, Func, Model, QuerySet, Subquery

from campaigns.search.dialects import Terms
from campaigns.search.matching import (
    AmongNewest,
    HasTerms,
    HasTermsAsDriven,
    Rank,
    TextHasTerms,
    TextRecord,
)
from campaigns.search.terms import Shape
from campaigns.search.texts import BELONGINGS

NEWEST_RANKED = 500
"""How many matches are ranked at most: those with the highest keys."""

M = TypeVar("M", bound=Model)


def search_records(
    queryset: QuerySet[M],
    shape: Shape,
    values: Sequence[str],
    *,
    stored: bool = True,
    ranked: bool = True,
) -> QuerySet[M]:
    """Return the records in which every positive term is found and no negative one.

    A term is found in a record's own texts or in the texts that belong to it (see
    ``campaigns.search.texts``), each term for itself.

    Args:
        queryset: records of one of the searched models, already filtered: what is ranked is chosen
            among these. It says which records are public, not this function.
        shape: ``Search.shape``; together with ``stored`` and ``ranked`` it determines the SQL.
        values: ``Search.values``; each is bound, once or more, exactly as it is given.
        stored: whether the index may be used. Inside the time machine it may not: the texts are
            then read as the query sees them, slowly.
        ranked: if so, ``search_rank`` is annotated (a float, higher is better: ``ts_rank`` on
            PostgreSQL, bm25 on SQLite, of a record's own texts; 0 where only what belongs to
            it matches), and of very many matches only the newest are returned: the
            500 newest whose own texts hold all terms if there are as many, else these and the
            500 newest of all. If not, all matches are returned, without a rank.

    Raises:
        KeyError: if records of this model cannot be searched for.
    """
    found = is_found(queryset, "pk", shape, values, stored=stored, ranked=ranked)
    records: QuerySet[Any] = queryset.filter(found)
    return rank_records(records, shape, values, stored=stored) if ranked else records


def is_found(
    queryset: QuerySet[Any],
    path: str,
    shape: Shape,
    values: Sequence[str],
    *,
    stored: bool = True,
    ranked: bool = True,
    are_most: bool = False,
) -> Func:
    """Return the condition that what is at a path is the key of a record that is found.

    For rows that have such a record, not only for the records themselves; all else is as for
    :func:`search_records`.

    Args:
        queryset: the records among which the newest are chosen, if ``ranked``.
        path: from the rows that are to be filtered to the key of their record.
        are_most: that ``queryset`` has most of all records, so that it is quicker to take the
            newest that hold the terms and to see whether each is in it. The result is the same.
    """
    table = queryset.model._meta.db_table
    if table not in BELONGINGS:
        raise KeyError(table)
    on = _on(table, shape, values, stored)
    if not ranked:
        return HasTerms(F(path), **on)
    texts = queryset.model._default_manager.all() if are_most else queryset
    return AmongNewest(
        F(path),
        Subquery(texts.filter(TextHasTerms(F("pk"), **on)).order_by("-pk").values(record=F("pk"))),
        _newest(queryset.filter(HasTermsAsDriven(F("pk"), **on))),
        _newest(queryset.filter(HasTerms(F("pk"), **on))),
        shown=Exists(queryset.filter(pk=TextRecord())) if are_most else None,
        newest=NEWEST_RANKED,
        **on,
    )


def rank_records(
    queryset: QuerySet[M], shape: Shape, values: Sequence[str], *, stored: bool = True
) -> QuerySet[M]:
    """Annotate ``search_rank`` as :func:`search_records` does, without leaving any record out.

    For records that are found in one query and ranked within another one.
    """
    on = _on(queryset.model._meta.db_table, shape, values, stored)
    ranked_records: QuerySet[Any] = queryset.annotate(search_rank=Rank(F("pk"), **on))
    return ranked_records


class _On(TypedDict):
    table: str
    terms: Terms
    stored: bool


def _on(table: str, shape: Shape, values: Sequence[str], stored: bool) -> _On:
    terms = tuple(
        (kind, value, is_negative) for (is_negative, kind), value in zip(shape, values, strict=True)
    )
    return {"table": table, "terms": terms, "stored": stored}


def _newest(queryset: QuerySet[Any]) -> Subquery:
    return Subquery(queryset.order_by("-pk").values("pk")[:NEWEST_RANKED])
