"""Records of the API as happenings, as a feed or a timeline tells them.

Everything here is read off records as the API shows them, so that it can say no more than they.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from api.shapes import Item
from campaigns.dates import Precision
from campaigns.formats import format_on
from campaigns.models import Action, Response
from campaigns.telling import wording
from campaigns.telling.happenings import Cited, Facts, Happening


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
        facts=wording.told(
            (_("Effective"), format_on(item["effective_on"], item["effective_precision"])),
            *_target_facts(target),
            *_terms(outcome),
        ),
        related=tuple(_related(item)),
        citations=_cited(item),
        recorded_at=item["recorded_at"],
        updated_at=item["updated_at"],
        is_undone=item["corrected_by"] is not None or item["to_status"] is None,
    )


def _change_headline(item: Item) -> str:
    return wording.change_headline(
        kind=item["kind"],
        company=item["target"]["company"]["name"],
        campaign=item["target"]["campaign"]["name"],
        before=item["follows_status"] or item["from_status"],
        after=item["to_status"],
        replaced_by=item["corrected_by"]["kind"] if item["corrected_by"] else None,
    )


def _related(item: Item) -> Iterable[tuple[str, str]]:
    if item["corrected_by"] is not None:
        yield wording.corrected(), item["corrected_by"]["html_url"]
    if item["corrects"] is not None:
        yield wording.correcting(item["kind"]), item["corrects"]["html_url"]


def _terms(outcome: Item | None) -> Facts:
    if outcome is None:
        return ()
    bill = outcome["condition_bill"]
    return wording.Terms(
        kind=outcome["kind"],
        terms=outcome["terms"],
        scope=outcome["scope"],
        exemptions=outcome["exemptions"],
        condition=outcome["condition"],
        bill=bill["name"] if bill else "",
        effective_on=outcome["effective_on"],
        effective_precision=outcome["effective_precision"],
        expires_on=outcome["expires_on"],
        expires_precision=outcome["expires_precision"] or Precision.DAY,
        review_on=outcome["review_on"],
    ).facts()


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
        facts=wording.told(
            (_("Date"), format_on(item["happened_on"], item["happened_precision"])),
            (_("By"), "; ".join(found["name"] for found in item["organizations"])),
            (_("Participants"), "" if count is None else str(count)),
            *(fact for target in item["targets"] for fact in _aim(target)),
            (_("Campaign"), campaign),
        ),
        citations=_cited(item),
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
        facts=wording.told(
            (_("Date"), format_on(item["happened_on"], item["happened_precision"])),
            (_("In answer to"), answered["title"] if answered else ""),
            *_target_facts(target),
        ),
        citations=_cited(item),
        recorded_at=item["created_at"],
        updated_at=item["updated_at"],
    )


def _target_facts(target: Item) -> Facts:
    product = target["product"]
    return wording.target_facts(
        demand=target["demand"],
        company=target["company"]["name"],
        product=product["name"] if product else "",
        campaign=target["campaign"]["name"],
    )


def _cited(item: Item) -> tuple[Cited, ...]:
    return tuple(
        Cited(
            quote=one["quote"],
            title=one["title"],
            publisher=one["publisher"],
            published_on=one["published_on"],
            published_precision=one["published_precision"],
            url=one["document_url"] or "",
            copy_url=one["snapshot_url"] or "",
        )
        for one in item["citations"]
    )


def _label(choices: type[Action.Kind | Response.Kind], value: str) -> str:
    return str(choices(value).label)


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
