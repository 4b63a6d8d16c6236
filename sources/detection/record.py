"""What a reported status adds to the one on record."""

from __future__ import annotations

CONCEDED = frozenset({"partial", "committed", "paused", "met", "mandated", "settled"})
"""Statuses in which something was won: only these can lapse, be extended or walked back."""

_EARLIER = {
    # A report of one of these, once the status on record is reached, is background.
    None: frozenset({"reversed", "expired"}),
    "called_on": frozenset({"called_on", "reversed", "expired"}),
    "under_review": frozenset({"called_on", "reversed", "expired"}),
    "refused": frozenset({"called_on", "reversed", "expired"}),
    "in_court": frozenset({"called_on", "under_review", "refused", "reversed", "expired"}),
    "partial": frozenset({"called_on", "under_review", "refused", "in_court"}),
    "committed": frozenset({"called_on", "under_review", "refused", "partial", "in_court"}),
    "paused": frozenset({"called_on", "under_review", "refused", "partial", "in_court"}),
    # What a settlement binds a company to is part of it.
    "settled": frozenset(
        {"called_on", "under_review", "refused", "partial", "in_court", "paused", "committed"}
    ),
    "met": frozenset(
        {"called_on", "under_review", "refused", "partial", "committed", "paused", "in_court"}
        | {"settled"}
    ),
    "mandated": frozenset(
        {"called_on", "under_review", "refused", "partial", "committed", "paused", "in_court"}
        | {"settled"}
    ),
    "reversed": frozenset({"called_on", "refused", "expired"}),
    "expired": frozenset({"called_on", "refused", "reversed"}),
}


def is_news(status: str, recorded: str | None) -> bool:
    """Tell whether a reported status differs from the record and does not lie behind it.

    A withdrawn demand can only be made anew.
    """
    if recorded == "withdrawn":
        return status == "called_on"
    return status != recorded and status not in _EARLIER[recorded]


def can_extend(recorded: str | None) -> bool:
    """Tell whether the record holds an outcome that can get a later end."""
    return recorded in CONCEDED
