"""Which columns a file of each kind has: one list for import, export and template."""

from __future__ import annotations

from campaigns.importing.rows import Table

LIST_SEPARATOR = "; "
"""Between the entries of a cell that holds a list; a new line in the cell does as well."""

WHY = "why"
"""The column of refused rows that says why; it is not read when they are brought again."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "actions": (
        *("key", "id", "campaign", "kind", "title", "description", "happened_on"),
        *("organizations", "targets", "participants_count", "respond_by", "sources"),
    ),
    "companies": ("slug", "name", "parent", "website", "description", "aliases"),
    "organizations": ("slug", "name", "kind", "parent", "website", "description"),
    "status_changes": (
        *("key", "id", "campaign", "target", "status", "effective_on", "summary"),
        *("outcome_kind", "outcome_terms", "outcome_scope", "outcome_exemptions"),
        *("outcome_condition", "outcome_expires_on", "outcome_review_on", "sources", "quote"),
    ),
}
"""Every column by kind, in the order of templates and exports."""

REQUIRED: dict[str, tuple[str, ...]] = {
    "actions": ("kind", "title", "happened_on"),
    "companies": ("name",),
    "organizations": ("name",),
    "status_changes": ("target", "status", "effective_on"),
}
"""Columns without which no row of the kind can be read."""


def column_errors(kind: str, table: Table) -> list[str]:
    """Say which columns of a table are unknown or missing, as sentences."""
    known = ", ".join(COLUMNS[kind])
    unknown = [name for name in table.columns if name not in (*COLUMNS[kind], WHY)]
    missing = [name for name in REQUIRED[kind] if name not in table.columns]
    return [
        *(f"Unknown column “{name}”. There are: {known}." for name in unknown),
        *(f"The column “{name}” is missing." for name in missing),
    ]


def split_list(text: str) -> list[str]:
    """Return the entries of a cell that holds a list, without empty and repeated ones."""
    parts = (
        part.strip() for line in text.splitlines() for part in f"{line} ".split(LIST_SEPARATOR)
    )
    return list(dict.fromkeys(filter(None, parts)))


def join_list(entries: list[str]) -> str:
    """Return the cell that :func:`split_list` reads as these entries."""
    return LIST_SEPARATOR.join(entries)
