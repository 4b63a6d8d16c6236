"""What an import would do, row by row, before anything is written."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, TextChoices
from django.utils.translation import gettext_lazy as _

from campaigns.importing.rows import Row


class Refusal(Exception):
    """Why a plan is not applied. ``str()`` is a sentence for the user; nothing was written."""


class Verdict(TextChoices):
    """What becomes of a row."""

    CREATE = "create", _("new")
    UPDATE = "update", _("updated")
    UNCHANGED = "unchanged", _("unchanged")
    REFUSED = "refused", _("refused")


@dataclass(kw_only=True)
class PlannedRow:
    """A row of the file, and what an import would do with it.

    Attributes:
        source: the row as it was read.
        label: what the row is about, for people.
        record: the record that it updates, or a new one.
        is_new: whether the record was a new one when the row was judged.
        values: what is written, by name; belongs to the importer of the kind.
        errors: why it is refused, all of it, as sentences.
        notes: what was rewritten or left out.
        changes: what an update changes: "title: “a” becomes “b”".
        creates: what is created besides: companies, targets, documents.
        duplicates: records and rows that are perhaps the same thing.
    """

    source: Row
    label: str = ""
    record: Model | None = None
    is_new: bool = True
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    creates: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        """What becomes of the row."""
        if self.errors:
            return Verdict.REFUSED
        if self.is_new:
            return Verdict.CREATE
        return Verdict.UPDATE if self.changes or self.creates else Verdict.UNCHANGED


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What an import of a file would do; ``errors`` are those of the file as a whole."""

    kind: str
    columns: tuple[str, ...] = ()
    rows: list[PlannedRow] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows there are of each verdict."""
        found = Counter(row.verdict for row in self.rows)
        return {verdict.value: found[verdict] for verdict in Verdict}

    @property
    def creations(self) -> list[str]:
        """What is created besides the rows themselves, each once."""
        written = (row for row in self.rows if not row.errors)
        return list(dict.fromkeys(entry for row in written for entry in row.creates))

    @property
    def refused(self) -> list[PlannedRow]:
        """The rows that are refused."""
        return [row for row in self.rows if row.errors]

    @property
    def is_clean(self) -> bool:
        """Whether it can be applied as a whole."""
        return not self.errors and not self.refused

    @property
    def fingerprint(self) -> str:
        """What two plans share that would write the same in the same state of the database."""
        told = [
            (row.source.line, row.verdict.value, row.record and row.record.pk, row.label)
            for row in self.rows
        ]
        said = [(row.errors, row.changes, row.creates, row.duplicates) for row in self.rows]
        return hashlib.sha256(repr((self.kind, self.errors, told, said)).encode()).hexdigest()
