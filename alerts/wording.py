"""What a mail says, in the language that is active: the same words for its text and HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alerts.cadences import Cadence
from alerts.links import absolute, evidence_link
from alerts.models import Digest, Event, Subscription
from campaigns.formats import format_on
from campaigns.models import Citation, Outcome, StatusChange
from campaigns.statuses import Status

Facts = list[tuple[str, str]]
"""Labels and what they say, in the order of reading."""

_UNDONE = (Status.EXPIRED, Status.REVERSED)


@dataclass(frozen=True, slots=True)
class Source:
    """One citation, ready to be shown."""

    quote: str
    title: str
    origin: str
    """Publisher and date, as far as known."""
    link: str
    copy_link: str
    """Our kept copy of the page; empty if none was kept."""


def headline(change: StatusChange) -> str:
    """Return "Amazon: paused → expired", or what an extension, correction or retraction is."""
    kinds = StatusChange.Kind
    if change.kind == kinds.RETRACTION and change.corrects:
        return _("Retracted: %(what)s") % {"what": _movement(change.corrects)}
    if change.kind == kinds.CORRECTION:
        return _("Correction: %(what)s") % {"what": _movement(change)}
    if change.kind == kinds.EXTENSION:
        return _("%(what)s, extended") % {"what": _movement(change)}
    return _movement(change)


def _movement(change: StatusChange) -> str:
    before, after = change.get_from_status_display(), change.get_to_status_display()
    steps = after if before in (None, "", after) else f"{before} → {after}"
    return f"{change.target.company.name}: {steps}"


def explanation(change: StatusChange) -> str:
    """Return what a correction or retraction undoes, as sentences; empty for other changes.

    Also whether a change was itself corrected while this mail waited.
    """
    wrong = change.corrects
    if wrong is None:
        # Without a row, the attribute raises an AttributeError.
        is_corrected = getattr(change, "corrected_by", None) is not None
        return _("By now this is known to be wrong, and was corrected.") if is_corrected else ""
    words = {
        "day": format_on(wrong.recorded_at.date()),
        "what": _movement(wrong),
        "since": format_on(wrong.effective_on, wrong.effective_precision),
    }
    if change.kind == StatusChange.Kind.RETRACTION:
        return (
            _("On %(day)s we recorded “%(what)s” (%(since)s). That was wrong, and is taken back.")
            % words
        )
    return (
        _("On %(day)s we recorded “%(what)s” (%(since)s). That was wrong; this replaces it.")
        % words
    )


def facts(change: StatusChange) -> Facts:
    """Return since when, where the target stands today if elsewhere, and who was asked what."""
    target = change.target
    is_retraction = change.kind == StatusChange.Kind.RETRACTION
    found = []
    if not is_retraction:
        label = _("Extended") if change.kind == StatusChange.Kind.EXTENSION else _("Since")
        found.append((label, format_on(change.effective_on, change.effective_precision)))
    if is_retraction or target.status != change.to_status:
        found.append((_("Today it stands at"), _standing(change)))
    found += [(_("Demand"), target.demand), (_("Campaign"), target.campaign.title)]
    found.append((_("Company"), target.company.name))
    if target.product:
        found.append((_("Product"), target.product.name))
    return found


def _standing(change: StatusChange) -> str:
    target = change.target
    if target.status is None:
        return _("nothing on record")
    return _("%(status)s, since %(day)s") % {
        "status": target.get_status_display(),
        "day": format_on(target.status_since, target.status_precision),
    }


def undone_outcome(change: StatusChange) -> Outcome | None:
    """Return the outcome that lapsed or was walked back by this change, if one was on record."""
    if change.to_status not in _UNDONE or change.outcome:
        return None
    before = (
        change.target.status_changes.in_effect(known_at=change.recorded_at)
        .filter(outcome__isnull=False, effective_on__lte=change.effective_on)
        .filter(sequence__lt=change.sequence)
        .order_by("-effective_on", "-sequence")
        .select_related("outcome__condition_bill")
        .first()
    )
    return before.outcome if before else None


def terms(outcome: Outcome | None) -> Facts:
    """Return what was conceded: terms, scope, exemptions, condition, effect and expiry."""
    if outcome is None:
        return []
    condition = [outcome.condition, str(outcome.condition_bill or "")]
    rows = [
        (_("Kind"), outcome.get_kind_display()),
        (_("Terms"), outcome.terms),
        (_("Applies to"), outcome.scope),
        (_("Exempt"), "; ".join(exemption.name for exemption in outcome.exemptions.all())),
        (_("Condition"), "; ".join(filter(None, condition))),
        (_("In effect from"), format_on(outcome.effective_on, outcome.effective_precision)),
        (_("Expires"), format_on(outcome.expires_on, outcome.expires_precision) or _("no date")),
        (_("To be reviewed"), format_on(outcome.review_on)),
    ]
    return [(label, value) for label, value in rows if value]


def sources(change: StatusChange) -> list[Source]:
    """Return the citations of a change; only links of the web are links."""
    return [_source(citation) for citation in change.citations.all()]


def _source(citation: Citation) -> Source:
    document = citation.document
    day = format_on(document.published_on, document.published_precision)
    is_web = document.url.lower().startswith(("https://", "http://"))
    return Source(
        quote=citation.quote,
        title=document.title,
        origin=", ".join(filter(None, [document.publisher, day])),
        link=document.url if is_web else "",
        copy_link=evidence_link(citation.snapshot_hash) if citation.snapshot_hash else "",
    )


def reasons(event: Event, subscriptions: Sequence[Subscription]) -> str:
    """Return why somebody gets this: "because you follow Amazon and its subsidiaries"."""
    if event.type == Event.Type.CORRECTED:
        return _(
            "You get this because you follow %(what)s, and were told, or would have been, "
            "what is corrected here."
        ) % {"what": _followed(subscriptions)}
    return _("You get this because you follow %(what)s.") % {"what": _followed(subscriptions)}


def digest_reasons(subscriptions: Sequence[Subscription]) -> str:
    """Return why somebody gets a digest."""
    return _("You get this because you follow %(what)s.") % {"what": _followed(subscriptions)}


def _followed(subscriptions: Sequence[Subscription]) -> str:
    return _(" and ").join(dict.fromkeys(one.followed for one in subscriptions))


def warning_headline(event: Event) -> str:
    """Return "Amazon: the moratorium expires on 10 June 2021"."""
    outcome = event.outcome
    return _("%(company)s: the %(kind)s expires %(day)s") % {
        "company": event.target.company.name,
        "kind": outcome.get_kind_display() if outcome else "",
        "day": format_on(outcome.expires_on, outcome.expires_precision) if outcome else "",
    }


def warning_facts(event: Event) -> Facts:
    """Return where the target stands, and who was asked what."""
    target = event.target
    found = [
        (
            _("Today it stands at"),
            _("%(status)s, since %(day)s")
            % {
                "status": target.get_status_display(),
                "day": format_on(target.status_since, target.status_precision),
            },
        ),
        (_("Demand"), target.demand),
        (_("Campaign"), target.campaign.title),
    ]
    if target.product:
        found.append((_("Product"), target.product.name))
    return found


@dataclass(frozen=True, slots=True)
class Item:
    """One event within a digest."""

    headline: str
    explanation: str
    facts: Facts
    summary: str
    link: str


@dataclass(frozen=True, slots=True)
class Group:
    """What a digest tells of one campaign, the latest first."""

    title: str
    link: str
    items: list[Item]


def grouped(events: Sequence[Event]) -> list[Group]:
    """Return events by campaign; what came last is first, in and among them."""
    groups: dict[int, Group] = {}
    for event in sorted(events, key=lambda event: event.pk, reverse=True):
        campaign = event.target.campaign
        link = absolute(campaign.get_absolute_url())
        group = groups.setdefault(campaign.pk, Group(campaign.title, link, []))
        group.items.append(_item(event))
    return list(groups.values())


def _item(event: Event) -> Item:
    change = event.status_change
    if change is None:
        link = absolute(event.target.campaign.get_absolute_url())
        return Item(warning_headline(event), "", warning_facts(event), "", link)
    return Item(
        headline(change),
        explanation(change),
        facts(change),
        change.summary,
        absolute(change.get_absolute_url()),
    )


def digest_subject(digest: Digest, events: Sequence[Event]) -> str:
    """Return "3 status changes today: Amazon, IBM" or the like."""
    companies = dict.fromkeys(event.target.company.name for event in events)
    pattern = ngettext(
        "%(count)d alert: %(companies)s", "%(count)d alerts: %(companies)s", len(events)
    )
    return pattern % {"count": len(events), "companies": ", ".join(companies)}


def digest_intro(digest: Digest, events: Sequence[Event]) -> str:
    """Return what this digest is."""
    if digest.cadence == Cadence.AT_ONCE:
        return _(
            "There were more alerts within an hour than you would want mails: "
            "here are the others together."
        )
    if digest.cadence == Cadence.DAILY:
        return _("What happened since your last daily digest.")
    return _("What happened since your last weekly digest.")
