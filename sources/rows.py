"""What differs between two readings of a JSON document, and whether it can be believed: pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, groupby, islice
from operator import attrgetter

from sources.extraction.json_document import Fields, Value, text_of_rows
from sources.extraction.json_rules import RowsRules, ValueRules, meaning_of
from sources.passages import shortened

LEAST_SUSPICIOUS = 3
"""Fewer rows than these may be gone or edited at once, whatever their share: of two rows, one."""

_LONGEST = 500
_LONGEST_VALUE = 150


@dataclass(frozen=True, slots=True)
class Edit:
    """A field of a row that has another value; "" stands for none."""

    key: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowsDifference:
    """What differs between two lists of rows, each part in the order of the keys.

    Attributes:
        added: the rows that only the later list has, by key.
        edited: the fields that differ, of the rows that both have.
        removed: the rows that only the earlier list has, by key.
        share: how much of the rows of the earlier list is gone or edited, from 0 to 1.
    """

    added: Mapping[str, Fields]
    edited: tuple[Edit, ...]
    removed: Mapping[str, Fields]
    share: float

    @property
    def edited_keys(self) -> tuple[str, ...]:
        """The keys of the rows that have other values."""
        return tuple(dict.fromkeys(edit.key for edit in self.edited))

    @property
    def is_meaningful(self) -> bool:
        """Whether anything differs."""
        return bool(self.added or self.edited or self.removed)

    @property
    def summary(self) -> str:
        """How many rows differ, in a line for the record of a poll."""
        counts = (len(self.added), len(self.edited_keys), len(self.removed))
        return "rows: {} new, {} edited, {} gone".format(*counts)


@dataclass(frozen=True, slots=True)
class RowPassage:
    """A row that is new or edited, where it stands in the text that is stored.

    Attributes:
        key: the row's.
        body: its paragraph.
        offset: of the paragraph's first character in the text.
        before: its paragraph in the text before; ``None`` for a new row.
    """

    key: str
    body: str
    offset: int
    before: str | None


@dataclass(frozen=True, slots=True)
class ValueDifference:
    """A value that became another one; ``status`` is what the later one reports, if anything."""

    before: str
    after: str
    status: str | None

    def __str__(self) -> str:
        return f"The value is now “{_cut(self.after)}”; it was “{_cut(self.before)}”."


def compare_rows(
    before: Mapping[str, Fields], after: Mapping[str, Fields], rules: RowsRules
) -> RowsDifference:
    """Return what differs, of the fields that count by the rules as they are now."""
    shared = sorted(before.keys() & after.keys())
    edited = tuple(edit for key in shared for edit in _edits(key, before[key], after[key], rules))
    removed = {key: before[key] for key in sorted(before.keys() - after.keys())}
    touched = len(removed) + len({edit.key for edit in edited})
    return RowsDifference(
        added={key: after[key] for key in sorted(after.keys() - before.keys())},
        edited=edited,
        removed=removed,
        share=touched / len(before) if before else 0.0,
    )


def _edits(key: str, before: Fields, after: Fields, rules: RowsRules) -> Iterator[Edit]:
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new and rules.counts(name):
            yield Edit(key, name, old, new)


def is_suspicious(difference: RowsDifference, rules: RowsRules) -> bool:
    """Tell whether more is gone or edited than the rules believe.

    That is when both hold: of the rows known before, more than ``most_changed_share`` are gone or
    edited, and they are :data:`LEAST_SUSPICIOUS` or more. Rows that were added do not count: a
    list that grows is what it is watched for. A row that got another key is one gone, one added.
    """
    touched = len(difference.removed) + len(difference.edited_keys)
    return touched >= LEAST_SUSPICIOUS and difference.share > rules.most_changed_share


def compare_values(before: str, after: Value, rules: ValueRules) -> ValueDifference | None:
    """Return the change of a value, or ``None``; case and spacing make none.

    Args:
        before: the text of the reading before.
        after: what was read.
        rules: how values report statuses.
    """
    if meaning_of(before) == meaning_of(after.value):
        return None
    return ValueDifference(before, after.value, rules.status_of(after.value))


def describe(difference: RowsDifference, most: int = 50) -> tuple[str, ...]:
    """Say in a sentence each which rows are new and what was edited in others, and which are gone.

    Args:
        difference: what differs.
        most: how many sentences; if there is more to say, one more says how much.
    """
    edits = {key: list(group) for key, group in groupby(difference.edited, attrgetter("key"))}
    sentences = chain(
        (f"New: {_named(key, _listed(row))}." for key, row in difference.added.items()),
        (f"{_named(key, _changes(group))}." for key, group in edits.items()),
        (f"Gone: {_named(key, _listed(row))}." for key, row in difference.removed.items()),
    )
    rest = len(difference.added) + len(edits) + len(difference.removed) - most
    return (*islice(sentences, most), *([f"And {rest} more."] if rest > 0 else []))


def changed_passages(
    before: Mapping[str, Fields],
    after: Mapping[str, Fields],
    difference: RowsDifference,
    most: int = 200,
) -> tuple[RowPassage, ...]:
    """Return the paragraphs of the rows that are new or edited, as the later text has them.

    Args:
        before: the rows before.
        after: the rows whose text, by :func:`text_of_rows`, is stored.
        difference: what differs.
        most: of how many rows.
    """
    changed = {*difference.added, *difference.edited_keys}
    passages: list[RowPassage] = []
    offset = 0
    for key in sorted(after):
        body = text_of_rows({key: after[key]})
        if key in changed and len(passages) < most:
            old = text_of_rows({key: before[key]}) if key in before else None
            passages.append(RowPassage(key, body, offset, old))
        offset += len(body) + len("\n\n")
    return tuple(passages)


def _changes(edits: Iterable[Edit]) -> str:
    return "; ".join(
        f"{edit.field} is now {_shown(edit.after)}, was {_shown(edit.before)}" for edit in edits
    )


def _listed(row: Fields) -> str:
    return "; ".join(f"{name}: {_cut(value)}" for name, value in sorted(row.items()))


def _named(key: str, rest: str) -> str:
    return shortened(f"{_cut(key)}: {rest}" if rest else _cut(key), _LONGEST)


def _shown(value: str) -> str:
    return f"“{_cut(value)}”" if value else "empty"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else f"{shortened(text, _LONGEST_VALUE)}…"
