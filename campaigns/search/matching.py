"""The SQL that finds and ranks, as expressions on the key of a record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Exists,
    Expression,
    FloatField,
    Func,
    Subquery,
)
from django.db.models.sql.compiler import SQLCompiler

from campaigns.search.dialects import Dialect, Params, Sql, Terms, all_of

_DRIVEN = "{record} = ANY(ARRAY(SELECT unnest(ids) FROM search_driver))"
_NEWEST = "{stream} LIMIT {newest}"
_NEWEST_WITHOUT = "SELECT record FROM ({stream}) AS texts WHERE {conditions} {order} LIMIT {newest}"
_AMONG_BY_DRIVER = """{record} = ANY(ARRAY(\
WITH search_in_text AS MATERIALIZED ({in_text}), search_driver AS MATERIALIZED ({driver}) \
SELECT * FROM search_in_text \
UNION ALL SELECT * FROM {few} AS few WHERE (SELECT count(*) FROM search_in_text) < {newest} \
UNION ALL SELECT * FROM {found} AS found WHERE (SELECT count(*) FROM search_in_text) < {newest} \
AND NOT EXISTS (SELECT 1 FROM search_driver)))"""
_AMONG = """{record} IN (WITH search_in_text AS MATERIALIZED ({in_text}) \
SELECT * FROM search_in_text \
UNION ALL SELECT * FROM {found} AS found WHERE (SELECT count(*) FROM search_in_text) < {newest})"""


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
        return self.on_record(Dialect(connection.vendor, self.stored), self_sql, alias, compiler)

    def on_record(self, dialect: Dialect, record: str, alias: str, compiler: SQLCompiler) -> Sql:
        raise NotImplementedError


class TextHasTerms(OnRecord):
    """Whether a record's own texts hold every positive term, whatever the negative ones do."""

    output_field = BooleanField()

    def on_record(self, dialect: Dialect, record: str, alias: str, compiler: SQLCompiler) -> Sql:
        return all_of(
            dialect.match(self.table, alias, kind, value)
            for kind, value, is_negative in self.terms
            if not is_negative
        )


class HasTerms(OnRecord):
    """Whether a record, or what belongs to it, holds every positive term and no negative one."""

    output_field = BooleanField()

    def on_record(self, dialect: Dialect, record: str, alias: str, compiler: SQLCompiler) -> Sql:
        return all_of(
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

    def on_record(self, dialect: Dialect, record: str, alias: str, compiler: SQLCompiler) -> Sql:
        driven: Sql = (_DRIVEN.format(record=record), ())
        conditions = (
            (f"NOT {sql}" if is_negative else sql, values)
            for kind, value, is_negative in self.terms
            for sql, values in [dialect.presence_row(self.table, record, kind, value)]
        )
        return all_of([driven, *conditions])


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
        shown: Exists | None,
        newest: int,
        table: str,
        terms: Terms,
        stored: bool,
    ) -> None:
        sources = (key, in_text, few, found, *([shown] if shown else []))
        super().__init__(*sources, table=table, terms=terms, stored=stored)
        self.newest = newest

    def on_record(self, dialect: Dialect, record: str, alias: str, compiler: SQLCompiler) -> Sql:
        _, in_text, few, found, *shown = self.get_source_expressions()
        conditions: list[Sql] = [compiler.compile(condition) for condition in shown]
        text_sql, text_values = self._in_text(dialect, *compiler.compile(in_text), conditions)
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

    def _in_text(self, dialect: Dialect, stream: str, values: Params, shown: Sequence[Sql]) -> Sql:
        conditions = [*shown, *self._absences(dialect)]
        stream = stream.removeprefix("(").removesuffix(")")
        if not conditions:
            return _NEWEST.format(stream=stream, newest=self.newest), values
        sql = _NEWEST_WITHOUT.format(
            # The fence makes PostgreSQL look at the conditions one record after the other, in the
            # order that they come in. An order outside would make it fetch all of them first.
            stream=f"{stream} OFFSET 0" if dialect.is_postgresql else stream,
            order="" if dialect.is_postgresql else "ORDER BY record DESC",
            conditions=" AND ".join(sql for sql, _ in conditions),
            newest=self.newest,
        )
        return sql, (*values, *(value for _, more in conditions for value in more))

    def _absences(self, dialect: Dialect) -> list[Sql]:
        """Return the conditions that no negative term holds of a record."""
        return [
            dialect.absence_row(self.table, "texts.record", kind, value)
            for kind, value, is_negative in self.terms
            if is_negative
        ]


class TextRecord(Func):
    """The record that :class:`AmongNewest` is looking at, for the query ``shown``."""

    template = "texts.record"
    output_field = BigIntegerField()


class Rank(OnRecord):
    """How well a record's own texts answer to the positive terms; higher is better."""

    output_field = FloatField()

    def on_record(self, dialect: Dialect, record: str, alias: str, compiler: SQLCompiler) -> Sql:
        terms = [(kind, value) for kind, value, is_negative in self.terms if not is_negative]
        return dialect.rank(self.table, record, alias, terms)
