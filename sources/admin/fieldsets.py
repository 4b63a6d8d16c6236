"""The groups of fields on the form of a source: those of its kind are open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from sources.kinds import SourceKind

Fieldsets = list[tuple[Any, dict[str, Any]]]

HEALTH = [
    "health",
    "broken_since",
    "quarantined_at",
    "last_polled_at",
    "last_success_at",
    "failing_since",
    "failures_count",
    "last_detail",
    "next_poll_at",
    "latest_polls",
    "latest_articles",
]
"""What polling writes."""

_MAIN = ["url", "kind", "name", "slug", "interval_minutes", "is_active"]
_MANNERS_TITLE = _("Stewards and manners")
_MANNERS = ["stewards", "ignores_robots", "robots_reason"]
_RULES = {
    SourceKind.PAGE: (
        _("What is read of a web page"),
        _("Leave all of this empty first, and try it: the main text is found without help."),
        ["include", "exclude", "ignored"],
    ),
    SourceKind.FEED: (
        _("What is read of a feed"),
        _("Its entries are read as they stand in the feed. Many feeds give only their beginning."),
        ["reads_articles"],
    ),
    SourceKind.JSON: (
        _("What is read of JSON"),
        _("For data that a program reads: say where in it the value or the list is."),
        [
            "json_kind",
            "path",
            "statuses",
            "key",
            "compared",
            "ignored_fields",
            "most_changed_share",
        ],
    ),
    SourceKind.BILL: (
        _("Which bill, and who tells"),
        _("For the address at which a tracker of legislation answers for one bill."),
        ["bill", "form", "session_ends_on"],
    ),
}


def fieldsets_for_readers() -> Fieldsets:
    """Return the groups for who may only look: rules are no columns, and shown in one piece."""
    return [
        (None, {"fields": [*_MAIN, "reads_articles", "bill", "rules_in_force"]}),
        (_MANNERS_TITLE, {"fields": _MANNERS}),
        (_("Health"), {"fields": HEALTH}),
    ]


def fieldsets_of(kind: str, *, is_known: bool) -> Fieldsets:
    """Return the groups for a source.

    Args:
        kind: of the source; the fields of other kinds are folded away.
        is_known: whether it is on record, so that there is something to say of its health.
    """
    shown: Fieldsets = [(None, {"fields": _MAIN})]
    for rules_kind, (title, description, fields) in _RULES.items():
        classes: Sequence[str] = () if rules_kind == kind else ("collapse",)
        shown.append((title, {"fields": fields, "classes": classes, "description": description}))
    shown.append((_MANNERS_TITLE, {"fields": _MANNERS, "classes": ["collapse"]}))
    return [*shown, (_("Health"), {"fields": HEALTH})] if is_known else shown
