"""What happened, as a feed or a timeline tells it: the same of actions, responses and changes.

Everything here is read off records as the API shows them, so that it can say no more than they.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from api.shapes import Item
from campaigns.dates import Precision
from campaigns.formats import format_on
from campaigns.models import Action, Outcome, Response, StatusChange
from campaigns.statuses import Status

Facts = tuple[tuple[str, str], ...]
"""Labels and what they say, in the order of reading; none is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One record, in words; nothing in it is escaped."""

    key: str
    """Unique among all of them: ``status-changes-12``."""
    address: str
    """In the API, for ever the same."""
    page: str
    headline: str
    summary: str
    day: dt.date
    precision: str
    last_day: tuple[dt.date, str] | None = None
    """Until when it holds by its own terms, and how much of that is known."""
    group: str
    facts: Facts
    related: tuple[tuple[str, str], ...] = ()
    """Entries that correct it, or that it corrects: what is said of each, and its page."""
    citations: Sequence[Item]
    recorded_at: dt.datetime
    updated_at: dt.datetime
    is_undone: bool = False
    """Whether it did not happen: corrected since, or itself only the taking back of another."""


def happening_of_change(item: Item) -> Happening:
    """Return an entry of the status log in words; it must be published."""
    target, outcome = item["target"], item["outcome"]
    ends = outcome and outcome["expires_on"]
    return Happening(
        key=f"status-changes-{item['id']}",
        address=item["url"],
        page=item["html_url"],
        headline=_change_headline(item),
        summary=item["summary"],
        day=item["effective_on"],
        precision=item["effective_precision"],
        last_day=(ends, outcome["expires_precision"]) if ends else None,
        group=target["company"]["name"],
        facts=_facts(
            (_("Effective"), format_on(item["effective_on"], item["effective_precision"])),
            *_target_facts(target),
            *_terms(outcome),
        ),
        related=tuple(_related(item)),
        citations=item["citations"],
        recorded_at=item["recorded_at"],
        updated_at=item["updated_at"],
        is_undone=item["corrected_by"] is not None or item["to_status"] is None,
    )


def _change_headline(item: Item) -> str:
    kinds = StatusChange.Kind
    before = _label(Status, item["follows_status"] or item["from_status"])
    after = _label(Status, item["to_status"])
    moved = after if before in ("", after) else f"{before} → {after}"
    words = {
        "company": item["target"]["company"]["name"],
        "what": moved,
        "campaign": item["target"]["campaign"]["name"],
    }
    if item["kind"] == kinds.RETRACTION:
        return _("Retraction: %(company)s (%(campaign)s)") % words
    if item["kind"] == kinds.CORRECTION:
        return _("Correction: %(company)s: %(what)s (%(campaign)s)") % words
    if item["kind"] == kinds.EXTENSION:
        return _("%(company)s: %(what)s, extended (%(campaign)s)") % words
    return _("%(company)s: %(what)s (%(campaign)s)") % words


def _related(item: Item) -> Iterable[tuple[str, str]]:
    if item["corrects"] is not None:
        is_retraction = item["kind"] == StatusChange.Kind.RETRACTION
        said = (
            _("This takes back an earlier entry.")
            if is_retraction
            else _("This corrects an earlier entry.")
        )
        yield said, item["corrects"]["html_url"]
    if item["corrected_by"] is not None:
        yield _("This was wrong: a later entry replaces it."), item["corrected_by"]["html_url"]


def _terms(outcome: Item | None) -> Iterable[tuple[str, str]]:
    if outcome is None:
        return ()
    bill = outcome["condition_bill"]
    conditions = (outcome["condition"], bill["name"] if bill else "")
    expiry = format_on(outcome["expires_on"], outcome["expires_precision"])
    return (
        (_("Outcome"), _label(Outcome.Kind, outcome["kind"])),
        (_("Terms"), outcome["terms"]),
        (_("Applies to"), outcome["scope"]),
        (_("Exempt"), "; ".join(outcome["exemptions"])),
        (_("Condition"), "; ".join(filter(None, conditions))),
        (_("In effect from"), format_on(outcome["effective_on"], outcome["effective_precision"])),
        (_("Expires"), expiry or _("no date")),
        (_("To be reviewed"), format_on(outcome["review_on"])),
    )


def happening_of_action(item: Item) -> Happening:
    """Return an action in words."""
    companies = {target["company"]["name"] for target in item["targets"]}
    campaign = item["campaign"]["name"]
    words = {"kind": capfirst(_label(Action.Kind, item["kind"])), "title": item["title"]}
    count = item["participants_count"]
    return Happening(
        key=f"actions-{item['id']}",
        address=item["url"],
        page=item["html_url"],
        headline=f"{_('%(kind)s: %(title)s') % words} ({campaign})",
        summary=item["description"],
        day=item["happened_on"],
        precision=item["happened_precision"],
        group=companies.pop() if len(companies) == 1 else campaign,
        facts=_facts(
            (_("Date"), format_on(item["happened_on"], item["happened_precision"])),
            (_("By"), "; ".join(found["name"] for found in item["organizations"])),
            (_("Participants"), "" if count is None else str(count)),
            *(fact for target in item["targets"] for fact in _aim(target)),
            (_("Campaign"), campaign),
        ),
        citations=item["citations"],
        recorded_at=item["created_at"],
        updated_at=item["updated_at"],
    )


def _aim(target: Item) -> Iterable[tuple[str, str]]:
    yield _("Asked of %(company)s") % {"company": target["company"]["name"]}, target["demand"]


def happening_of_response(item: Item) -> Happening:
    """Return a response in words."""
    target, answered = item["target"], item["answers"]
    words = {
        "company": target["company"]["name"],
        "kind": _label(Response.Kind, item["kind"]),
        "campaign": target["campaign"]["name"],
    }
    return Happening(
        key=f"responses-{item['id']}",
        address=item["url"],
        page=item["html_url"],
        headline=_("%(company)s: %(kind)s (%(campaign)s)") % words,
        summary=item["summary"],
        day=item["happened_on"],
        precision=item["happened_precision"],
        group=target["company"]["name"],
        facts=_facts(
            (_("Date"), format_on(item["happened_on"], item["happened_precision"])),
            (_("In answer to"), answered["title"] if answered else ""),
            *_target_facts(target),
        ),
        citations=item["citations"],
        recorded_at=item["created_at"],
        updated_at=item["updated_at"],
    )


def _target_facts(target: Item) -> Iterable[tuple[str, str]]:
    product = target["product"]
    yield _("Demand"), target["demand"]
    yield _("Company"), target["company"]["name"]
    yield _("Product"), product["name"] if product else ""
    yield _("Campaign"), target["campaign"]["name"]


def _label(choices: type[Action.Kind | Outcome.Kind | Response.Kind | Status], value: str) -> str:
    return str(choices(value).label) if value else ""


def _facts(*facts: tuple[str, str]) -> Facts:
    return tuple((label, value) for label, value in facts if value)


READERS: dict[str, Callable[[Item], Happening]] = {
    "status-changes": happening_of_change,
    "actions": happening_of_action,
    "responses": happening_of_response,
}
"""How the records of a resource are told, by its name."""


def happenings_of(resource: str, items: Iterable[Item]) -> list[Happening]:
    """Return records of a resource in words, without tombstones, of which nothing may be told."""
    read = READERS[resource]
    return [read(item) for item in items if item.get("event") != "withdrawn"]


def date_parts(day: dt.date, precision: str) -> tuple[int, ...]:
    """Return year, month and day, as far as they are known."""
    known = {Precision.YEAR: 1, Precision.MONTH: 2}.get(Precision(precision), 3)
    return (day.year, day.month, day.day)[:known]
