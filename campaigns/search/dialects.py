"""How each database says that a text holds a term, from the index or from the texts themselves."""

from __future__ import annotations

from collections.abc import Iterable

from campaigns.search import postgresql, sqlite
from campaigns.search.terms import Kind
from campaigns.search.texts import BELONGINGS, TABLES, Belonging

MOST_DRIVING = 2_000
"""A term that at most so many texts bring in can lead the search on PostgreSQL."""

Terms = tuple[tuple[Kind, str, bool], ...]
"""Kind, value and whether it is negative, of each."""
Params = tuple[str | int, ...]
Sql = tuple[str, Params]

_TEXT_OF_RECORD = "SELECT s.{key} AS record FROM {table} s WHERE {match}"
_BELONGING = "SELECT {record} AS record FROM {table} s {joins} WHERE {match} AND {condition}"
_NOT_NULL = " AND {record} IS NOT NULL"
# OFFSET keeps PostgreSQL from enumerating all texts that match for the sake of one record.
_ONE_BELONGING = """EXISTS (SELECT 1 FROM {table} s {joins} \
WHERE {record} = {of} AND {match} AND {condition} OFFSET 0)"""
# OFFSET here keeps it from making each array twice.
_DRIVER = """SELECT ids FROM (SELECT * FROM (VALUES {arrays}) AS made (ids) OFFSET 0) AS brought \
WHERE cardinality(ids) <= {most} ORDER BY cardinality(ids) LIMIT 1"""
_ABSENCE = "NOT EXISTS (SELECT 1 FROM ({union}) AS brought WHERE brought.record = {of})"
_DRIVER_ARRAY = "(ARRAY(SELECT record FROM ({union}) AS brought LIMIT {most} + 1))"
_BM25 = """COALESCE((SELECT rank FROM (SELECT rowid AS record, -bm25({index}, {weights}) AS rank \
FROM {index} WHERE {index} MATCH {match} LIMIT -1) WHERE record = {of}), 0.0)"""
_BM25_WEIGHTS = {"A": "10.0", "B": "4.0", "C": "2.0", "D": "1.0"}


class Dialect:
    """How a database says it, from the index or from the texts themselves."""

    def __init__(self, vendor: str, stored: bool) -> None:
        self.is_postgresql = vendor == "postgresql"
        self.stored = stored

    @property
    def has_driver(self) -> bool:
        return self.is_postgresql and self.stored

    def match(
        self, table: str, alias: str, kind: Kind, value: str, *, names_only: bool = False
    ) -> Sql:
        """Whether the texts of a row hold the term."""
        columns = TABLES[table].columns(names_only=names_only)
        if not self.stored:
            unstored = postgresql if self.is_postgresql else sqlite
            return f"({unstored.unstored_match(kind, alias, columns)})", (value,) * len(columns)
        if self.is_postgresql:
            return postgresql.stored_match(kind, alias, names_only=names_only), (value,)
        return sqlite.stored_match(kind, alias, table, columns), (value,)

    def brought(self, table: str, kind: Kind, value: str) -> Sql:
        """The keys of the records that the term brings in; a key can come more than once."""
        own, values = self.match(table, "s", kind, value)
        selects = [_TEXT_OF_RECORD.format(key=TABLES[table].key, table=table, match=own)]
        for belonging in BELONGINGS[table]:
            sql, more = self._of(belonging, _BELONGING + _NOT_NULL, kind, value)
            selects.append(sql)
            values = (*values, *more)
        return " UNION ALL ".join(selects), values

    def presence(self, table: str, record: str, kind: Kind, value: str) -> Sql:
        """Whether a record or what belongs to it holds the term, by enumeration."""
        union, values = self.brought(table, kind, value)
        return f"{record} IN ({union})", values

    def presence_row(self, table: str, record: str, kind: Kind, value: str) -> Sql:
        """The same by a look at each record's texts."""
        own = Belonging(table, f"s.{TABLES[table].key}", is_own=True)
        either, values = self._of(own, _ONE_BELONGING, kind, value, of=record)
        for belonging in BELONGINGS[table]:
            sql, more = self._of(belonging, _ONE_BELONGING, kind, value, of=record)
            either, values = f"{either} OR {sql}", (*values, *more)
        return f"({either})", values

    def absence_row(self, table: str, record: str, kind: Kind, value: str) -> Sql:
        """Whether neither a record nor what belongs to it holds the term, record by record."""
        if not self.is_postgresql:
            return self.absence(table, record, kind, value)
        sql, values = self.presence_row(table, record, kind, value)
        return f"NOT {sql}", values

    def absence(self, table: str, record: str, kind: Kind, value: str) -> Sql:
        """Whether neither a record nor what belongs to it holds the term, by enumeration."""
        union, values = self.brought(table, kind, value)
        if not self.is_postgresql:
            return f"{record} NOT IN ({union})", values
        # As a join, which PostgreSQL never makes once a row, however many records it brings.
        return _ABSENCE.format(union=union, of=record), values

    def driver(self, table: str, terms: Terms) -> Sql:
        """The keys that the rarest positive term brings in, as an array, if it is rare."""
        arrays: list[str] = []
        values: Params = ()
        for kind, value, is_negative in terms:
            if not is_negative:
                union, more = self.brought(table, kind, value)
                arrays.append(_DRIVER_ARRAY.format(union=union, most=MOST_DRIVING))
                values = (*values, *more)
        return _DRIVER.format(arrays=", ".join(arrays), most=MOST_DRIVING), values

    def rank(self, table: str, record: str, alias: str, terms: list[tuple[Kind, str]]) -> Sql:
        """How well a record's own texts answer to any of the terms."""
        values = tuple(value for _, value in terms)
        if self.is_postgresql:
            query = " || ".join(postgresql.query_of_term(kind) for kind, _ in terms)
            vector = f"{alias}.search" if self.stored else postgresql.vector(table, f"{alias}.")
            return f"ts_rank({vector}, {query})", values
        if self.stored:
            match = " || ' OR ' || ".join(sqlite.match(kind) for kind, _ in terms)
            weights = ", ".join(_BM25_WEIGHTS[weight] for weight in TABLES[table].texts.values())
            index = f"{table}_search"
            return _BM25.format(index=index, weights=weights, match=match, of=record), values
        matches = [self.match(table, alias, kind, value) for kind, value in terms]
        held = " + ".join(f"CASE WHEN {sql} THEN 1.0 ELSE 0.0 END" for sql, _ in matches)
        return f"({held})", tuple(value for _, places in matches for value in places)

    def _of(self, belonging: Belonging, template: str, kind: Kind, value: str, **parts: str) -> Sql:
        match, values = self.match(
            belonging.table, "s", kind, value, names_only=belonging.names_only
        )
        sql = template.format(
            table=belonging.table,
            joins=belonging.joins,
            record=belonging.record,
            condition=belonging.condition,
            match=match,
            **parts,
        )
        return sql, values


def all_of(conditions: Iterable[Sql]) -> Sql:
    parts = list(conditions)
    return (
        f"({' AND '.join(sql for sql, _ in parts)})",
        tuple(value for _, values in parts for value in values),
    )
