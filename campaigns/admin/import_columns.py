"""What belongs into each column of a file, for people who fill one in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from campaigns.models import Action, Organization, Outcome
from campaigns.statuses import Status

_DAY = _("2018-05-22, 2018-05 or 2018")
_KEY = _("Any text of yours that names the row, so that the same file changes nothing twice")
_ID = _("The number that an export gives; empty for a new record")
_SOURCES = _("Addresses: https://example.org/page; https://example.org/other")
_NAMED = {
    "slug": _("The name in addresses; empty for a new record"),
    "name": _("The name"),
    "parent": _("The slug of what it is part of"),
    "website": _("https://example.org/"),
    "description": _("In a few words"),
}

HELP: dict[str, dict[str, object]] = {
    "actions": {
        "key": _KEY,
        "id": _ID,
        "campaign": _("The slug of a campaign, as in its address"),
        "kind": ", ".join(Action.Kind.values),
        "title": _("What was done, in a line"),
        "description": _("More about it"),
        "happened_on": _DAY,
        "organizations": _("Names: Union; Coalition"),
        "targets": _(
            "Names of companies, with a product where it is about one: Amazon / Rekognition"
        ),
        "participants_count": _("How many signed, marched or struck"),
        "respond_by": _("The day by which an answer is asked: 2018-06-22"),
        "sources": _SOURCES,
    },
    "companies": {**_NAMED, "aliases": _("Other names: Amazon.com; AWS")},
    "organizations": {**_NAMED, "kind": ", ".join(Organization.Kind.values)},
    "status_changes": {
        "key": _KEY,
        "id": _ID,
        "campaign": _("The slug of a campaign, as in its address"),
        "target": _("A target of the campaign: Amazon, or Amazon / Rekognition"),
        "status": ", ".join(Status.values),
        "effective_on": _DAY,
        "summary": _("What happened, in the words to be published"),
        "outcome_kind": ", ".join(Outcome.Kind.values),
        "outcome_terms": _("What was conceded; needed where anything was"),
        "outcome_scope": _("Where and for what it holds"),
        "outcome_exemptions": _("Who is not covered: schools; border police"),
        "outcome_condition": _("What it depends on"),
        "outcome_expires_on": _DAY,
        "outcome_review_on": _("A day: 2021-06-10"),
        "sources": _SOURCES,
        "quote": _("The words of the source"),
    },
}
"""By kind and column, as a sentence or the values to choose from."""
