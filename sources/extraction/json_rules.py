"""What a source of kind JSON looks at in a document, and how it is compared: pure.

The rules are plain values. :meth:`as_mapping` makes them JSON, for a column or for another
process, and :func:`from_mapping` reads that again; :meth:`problems` says for a form what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

from campaigns.statuses import Status
from sources.extraction.json_paths import check_path, parse_path
from sources.extraction.json_text import Number
from sources.extraction.tidying import tidy_line

MOST_NAMES = 100
"""Most fields that may be named, and most values that may have a status."""
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class ValueRules:
    """A path to one value, and what some values say of a target.

    Attributes:
        path: where the value is; see :mod:`sources.extraction.json_paths`.
        statuses: the status that a value reports, a value of ``campaigns.statuses.Status``. Values
            that are not named here report none.
    """

    path: str
    statuses: Mapping[str, str] = field(default_factory=dict)

    def status_of(self, value: str) -> str | None:
        """Return the status that a value reports; case, spacing and ways to write 1 are one."""
        wanted = meaning_of(value)
        for known, status in self.statuses.items():
            if meaning_of(known) == wanted:
                return status
        return None

    def problems(self) -> list[tuple[str, str]]:
        """Return what is wrong: the name of the attribute, and a sentence; nothing if all is."""
        found = _path_problems(self.path)
        if not found and not parse_path(self.path).is_single:
            found.append(("path", "This path may lead to several values: name one."))
        if len(self.statuses) > MOST_NAMES:
            found.append(("statuses", f"At most {MOST_NAMES} values can have a status."))
        meanings = [meaning_of(value) for value in self.statuses]
        found += [
            ("statuses", f"The value “{value}” is named twice.")
            for place, value in enumerate(self.statuses)
            if meanings[place] in meanings[:place]
        ]
        found += [("statuses", "A value is empty.")] * ("" in meanings)
        return found + [
            ("statuses", f"“{status}” is no status. Choose one of: {', '.join(Status.values)}.")
            for status in dict.fromkeys(self.statuses.values())
            if status not in Status.values
        ]

    def as_mapping(self) -> dict[str, Any]:
        """Return the rules as JSON."""
        return {"kind": "value", "path": self.path, "statuses": dict(self.statuses)}


@dataclass(frozen=True, slots=True)
class RowsRules:
    """A path to a list of rows, which of their fields tell them apart, and which count.

    A field is a member of a row; one within another is written ``outer.inner``, and ``outer``
    means all that is in it. A dot, colon or backslash in a name has a backslash before it.

    Attributes:
        path: where the list is, or a path with [*] or a condition that leads to the rows.
        key: the fields that together are a row's own and never change.
        compared: the fields that count; empty for all.
        ignored: fields that do not count even so.
        most_changed_share: how much of the known rows may be gone or edited at a visit, from 0
            (exclusive) to 1; what goes beyond is not believed. 1 believes everything.
        allows_empty: whether a list without rows is an answer, and no failure.
    """

    path: str
    key: tuple[str, ...]
    compared: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    most_changed_share: float = 0.5
    allows_empty: bool = False

    def counts(self, name: str) -> bool:
        """Tell whether a field makes a difference; those of the key tell rows apart instead."""
        return (
            name not in self.key
            and (not self.compared or _covers(self.compared, name))
            and not _covers(self.ignored, name)
        )

    def problems(self) -> list[tuple[str, str]]:
        """Return what is wrong: the name of the attribute, and a sentence; nothing if all is."""
        found = _path_problems(self.path)
        if not self.key:
            found.append(("key", "Name the field that tells one row from another."))
        for attribute in ("key", "compared", "ignored"):
            names = getattr(self, attribute)
            if len(names) > MOST_NAMES:
                found.append((attribute, f"At most {MOST_NAMES} fields can be named."))
            if not all(name.strip() for name in names):
                found.append((attribute, "The name of a field is empty."))
        if both := [name for name in self.compared if _covers(self.ignored, name)]:
            found.append(("ignored", f"“{both[0]}” cannot be both compared and ignored."))
        if not 0 < self.most_changed_share <= 1:
            found.append(("most_changed_share", "Give a share above 0 and up to 1."))
        return found

    def as_mapping(self) -> dict[str, Any]:
        """Return the rules as JSON."""
        values = {name: _listed(value) for name, value in asdict(self).items()}
        return {"kind": "rows"} | values


JsonRules: TypeAlias = ValueRules | RowsRules


def from_mapping(mapping: Mapping[str, Any]) -> JsonRules:
    """Read what :meth:`as_mapping` gave, or a person wrote in its form.

    Raises:
        ValueError: it is no such mapping, or the rules have problems; the message says which.
    """
    values = dict(mapping)
    kind = values.pop("kind", None)
    try:
        rules = _value_rules(**values) if kind == "value" else _rows_rules(**values)
    except TypeError as error:
        raise ValueError("The rules for JSON lack a part, or have one that is unknown.") from error
    if kind not in ("value", "rows"):
        raise ValueError("The rules for JSON are of kind “value” or “rows”.")
    if problems := rules.problems():
        raise ValueError(" ".join(sentence for _, sentence in problems))
    return rules


def meaning_of(value: str) -> str:
    """Return a value in the form in which it is compared with those that have a status."""
    tidy = tidy_line(value).casefold()
    try:
        return Number.of(tidy)
    except ValueError:
        return tidy


def _value_rules(*, path: str, statuses: Mapping[str, str] | None = None) -> ValueRules:
    return ValueRules(_text(path), {_text(k): _text(v) for k, v in dict(statuses or {}).items()})


def _rows_rules(
    *,
    path: str,
    key: str | Iterable[str],
    compared: Iterable[str] = (),
    ignored: Iterable[str] = (),
    most_changed_share: float = 0.5,
    allows_empty: bool = False,
) -> RowsRules:
    if isinstance(most_changed_share, bool) or not isinstance(most_changed_share, int | float):
        raise TypeError(most_changed_share)
    if not isinstance(allows_empty, bool):
        raise TypeError(allows_empty)
    return RowsRules(
        path=_text(path),
        key=_names(key),
        compared=_names(compared),
        ignored=_names(ignored),
        most_changed_share=float(most_changed_share),
        allows_empty=allows_empty,
    )


def _names(names: str | Iterable[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(_text(name) for name in names)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _covers(names: Iterable[str], field_name: str) -> bool:
    return any(field_name == name or field_name.startswith(f"{name}.") for name in names)


def _path_problems(path: str) -> list[tuple[str, str]]:
    try:
        check_path(path)
    except ValueError as error:
        return [("path", f"In the path “{path[:_SHOWN]}”: {error}")]
    return []
