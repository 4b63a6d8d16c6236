"""The SQL that finds and ranks, as expressions on the key of a record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, FloatField, Func, Subquery
from django.db.models.sql.compiler import SQLCompiler

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
_DRIVEN = "{record} = ANY(ARRAY(SELECT unnest(ids) FROM search_driver))"
_NEWEST = "{stream} LIMIT {newest}"
_NEWEST_WITHOUT = "SELECT record FROM ({stream}) AS texts WHERE {absent} {order} LIMIT {newest}"
_AMONG_BY_DRIVER = """{record} = ANY(ARRAY(\
WITH search_in_text AS MATERIALIZED ({in_text}), search_driver AS MATERIALIZED ({driver}) \
SELECT * FROM search_in_text \
UNION ALL SELECT * FROM {few} AS few WHERE (SELECT count(*) FROM search_in_text) < {newest} \
UNION ALL SELECT * FROM {found} AS found WHERE (SELECT count(*) FROM search_in_text) < {newest} \
AND NOT EXISTS (SELECT 1 FROM search_driver)))"""
_AMONG = """{record} IN (WITH search_in_text AS MATERIALIZED ({in_text}) \
SELECT * FROM search_in_text \
UNION ALL SELECT * FROM {found} AS found WHERE (SELECT count(*) FROM search_in_text) < {newest})"""
_BM25 = """COALESCE((SELECT rank FROM (SELECT rowid AS record, -bm25({index}, {weights}) AS rank \
FROM {index} WHERE {index} MATCH {match} LIMIT -1) WHERE record = {of}), 0.0)"""
_BM25_WEIGHTS = {"A": "10.0", "B": "4.0", "C": "2.0", "D": "1.0"}


class OnRecord(Func):
    """An expression on the key of a record in a searched table."""

    def __init__(
        self, *expressions: Expression | Any, table: str, terms: Terms, stored: bool
    ) -> None:
        super().__init__(*expressions)
        self.table, self.terms, self.stored = table, terms, stored

    def as_sql(  # type: ignore[override] # a template of words is not enough here
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> Sql:
        key = self.get_source_expressions()[0]
        self_sql, _ = compiler.compile(key)
        alias = compiler.quote_name_unless_alias(key.alias)
        return self.on_record(_Dialect(connection.vendor, self.stored), self_sql, alias, compiler)

    def on_record(self, dialect: _Dialect, record: str, alias: str, compiler: SQLCompiler) -> Sql:
        raise NotImplementedError


class TextHasTerms(OnRecord):
    """Whether a record's own texts hold every positive term, whatever the negative ones do."""

    output_field = BooleanField()

    def on_record(self, dialect: _Dialect, record: str, alias: str, compiler: SQLCompiler) -> Sql:
        return _all(
            dialect.match(self.table, alias, kind, value)
            for kind, value, is_negative in self.terms
            if not is_negative
        )


class HasTerms(OnRecord):
    """Whether a record, or what belongs to it, holds every positive term and no negative one."""

    output_field = BooleanField()

    def on_record(self, dialect: _Dialect, record: str, alias: str, compiler: SQLCompiler) -> Sql:
        return _all(
            dialect.absence(self.table, record, kind, value)
            if is_negative
            else dialect.presence(self.table, record, kind, value)
            for kind, value, is_negative in self.terms
        )


class HasTermsAsDriven(OnRecord):
    """The same for the few records that the rarest term brings in; PostgreSQL only.

    It reads ``search_driver``, which :class:`AmongNewest` writes around it.
    """

    output_field = BooleanField()

    def on_record(self, dialect: _Dialect, record: str, alias: str, compiler: SQLCompiler) -> Sql:
        driven: Sql = (_DRIVEN.format(record=record), ())
        conditions = (
            (f"NOT {sql}" if is_negative else sql, values)
            for kind, value, is_negative in self.terms
            for sql, values in [dialect.presence_row(self.table, record, kind, value)]
        )
        return _all([driven, *conditions])


class AmongNewest(OnRecord):
    """Whether a record is among the newest that hold the terms.

    Those whose own texts hold all terms come first. Only if these are fewer than ``newest`` does
    the database look, term by term, at what belongs to records: on PostgreSQL it takes the rarest
    term, if it is rare, and checks the others on the records which that one brings in; it
    enumerates all that each term brings in only if none is rare.
    """

    output_field = BooleanField()

    def __init__(
        self,
        key: Any,
        in_text: Subquery,
        few: Subquery,
        found: Subquery,
        *,
        newest: int,
        table: str,
        terms: Terms,
        stored: bool,
    ) -> None:
        super().__init__(key, in_text, few, found, table=table, terms=terms, stored=stored)
        self.newest = newest

    def on_record(self, dialect: _Dialect, record: str, alias: str, compiler: SQLCompiler) -> Sql:
        _, in_text, few, found = self.get_source_expressions()
        text_sql, text_values = self._in_text(dialect, *compiler.compile(in_text))
        found_sql, found_values = compiler.compile(found)
        parts = {"record": record, "in_text": text_sql, "found": found_sql, "newest": self.newest}
        if not dialect.has_driver:
            return _AMONG.format(**parts), (*text_values, *found_values)
        driver, driver_values = dialect.driver(self.table, self.terms)
        few_sql, few_values = compiler.compile(few)
        return (
            _AMONG_BY_DRIVER.format(driver=driver, few=few_sql, **parts),
            (*text_values, *driver_values, *few_values, *found_values),
        )

    def _in_text(self, dialect: _Dialect, stream: str, values: Params) -> Sql:
        absent = [
            dialect.absence_row(self.table, "texts.record", kind, value)
            for kind, value, is_negative in self.terms
            if is_negative
        ]
        stream = stream.removeprefix("(").removesuffix(")")
        if not absent:
            return _NEWEST.format(stream=stream, newest=self.newest), values
        sql = _NEWEST_WITHOUT.format(
            # The fence makes PostgreSQL look at negative terms one record after the other, in the
            # order that they come in. An order outside would make it fetch all of them first.
            stream=f"{stream} OFFSET 0" if dialect.is_postgresql else stream,
            order="" if dialect.is_postgresql else "ORDER BY record DESC",
            absent=" AND ".join(sql for sql, _ in absent),
            newest=self.newest,
        )
        return sql, (*values, *(value for _, more in absent for value in more))


class Rank(OnRecord):
    """How well a record's own texts answer to the positive terms; higher is better."""

    output_field = FloatField()

    def on_record(self, dialect: _Dialect, record: str, alias: str, compiler: SQLCompiler) -> Sql:
        terms = [(kind, value) for kind, value, is_negative in self.terms if not is_negative]
        return dialect.rank(self.table, record, alias, terms)


class _Dialect:
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


def _all(conditions: Iterable[Sql]) -> Sql:
    parts = list(conditions)
    return (
        f"({' AND '.join(sql for sql, _ in parts)})",
        tuple(value for _, values in parts for value in values),
    )
