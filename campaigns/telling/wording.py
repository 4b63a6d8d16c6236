"""The words in which a status change is told, in the language that is active."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from campaigns.formats import format_on
from campaigns.models import Outcome, StatusChange
from campaigns.statuses import Status
from campaigns.telling.happenings import Facts


def change_headline(
    *,
    kind: str,
    company: str,
    campaign: str,
    before: str | None,
    after: str | None,
    replaced_by: str | None,
) -> str:
    """Return "Amazon: refused → paused (Stop selling face recognition to police)".

    Args:
        kind: of the entry of the log.
        company: its name.
        campaign: its title.
        before: the status it follows.
        after: the status it reaches; ``None`` for a retraction.
        replaced_by: the kind of the entry that corrects or retracts this one; ``None`` if none
            does. It is said first.
    """
    left, reached = status_label(before), status_label(after)
    moved = reached if left in ("", reached) else f"{left} → {reached}"
    patterns = {
        StatusChange.Kind.RETRACTION: _("Retraction: %(company)s (%(campaign)s)"),
        StatusChange.Kind.CORRECTION: _("Correction: %(company)s: %(what)s (%(campaign)s)"),
        StatusChange.Kind.EXTENSION: _("%(company)s: %(what)s, extended (%(campaign)s)"),
        StatusChange.Kind.CHANGE: _("%(company)s: %(what)s (%(campaign)s)"),
    }
    words = {"company": company, "what": moved, "campaign": campaign}
    headline = patterns[StatusChange.Kind(kind)] % words
    if replaced_by is None:
        return headline
    if replaced_by == StatusChange.Kind.RETRACTION:
        return _("Retracted: %(headline)s") % {"headline": headline}
    return _("Corrected: %(headline)s") % {"headline": headline}


def status_label(value: str | None) -> str:
    """Return a status in words; "" for none."""
    return str(Status(value).label) if value else ""


def correcting(kind: str) -> str:
    """Return what a correction or retraction is to the entry that it replaces."""
    if kind == StatusChange.Kind.RETRACTION:
        return _("This takes back an earlier entry.")
    return _("This corrects an earlier entry.")


def corrected() -> str:
    """Return what is said of an entry that a later one replaces."""
    return _("This was wrong: a later entry replaces it.")


def target_facts(*, demand: str, company: str, product: str, campaign: str) -> Facts:
    """Return who is asked what."""
    return told(
        (_("Demand"), demand),
        (_("Company"), company),
        (_("Product"), product),
        (_("Campaign"), campaign),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was conceded."""

    kind: str
    terms: str
    scope: str
    exemptions: Sequence[str]
    condition: str
    bill: str
    """The name of the bill that it waits for, if it waits for one."""
    effective_on: dt.date
    effective_precision: str
    expires_on: dt.date | None
    expires_precision: str
    review_on: dt.date | None

    def facts(self) -> Facts:
        """Return the terms as they are read."""
        expiry = format_on(self.expires_on, self.expires_precision)
        return told(
            (_("Outcome"), str(Outcome.Kind(self.kind).label)),
            (_("Terms"), self.terms),
            (_("Applies to"), self.scope),
            (_("Exempt"), "; ".join(self.exemptions)),
            (_("Condition"), "; ".join(filter(None, (self.condition, self.bill)))),
            (_("In effect from"), format_on(self.effective_on, self.effective_precision)),
            (_("Expires"), expiry or _("no date")),
            (_("To be reviewed"), format_on(self.review_on)),
        )


def told(*facts: tuple[str, str]) -> Facts:
    """Return the facts about which there is something to tell."""
    return tuple((label, value) for label, value in facts if value)
