"""E-mail: what is in the letters, in the language that is active."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from alerts import messages, wording
from alerts.channels import letters
from alerts.channels.letters import Letter, Personal
from alerts.links import absolute, confirmation_link, domain, manage_link, unsubscribe_link
from alerts.models import Delivery, Digest, Event, Subscriber, Subscription
from campaigns.models import StatusChange

_LONGEST_SUBJECT = 200


def alert_letter(event: Event) -> Letter:
    """Return what tells of one event; its status change is loaded with its parts."""
    if event.status_change:
        return _change_letter(event.status_change)
    return _warning_letter(event)


def digest_letter(digest: Digest, events: Sequence[Event]) -> Letter:
    """Return what tells of several events, loaded with their parts.

    They are grouped by campaign; the campaign and, within it, the event that came last is first.
    Each digest is a thread of its own: it tells of other campaigns than the one before.
    """
    groups = wording.grouped(events)
    context = {
        "intro": wording.digest_intro(digest, events),
        "groups": groups,
        "contents": wording.contents(groups),
    }
    subject = messages.short(wording.digest_subject(digest, events), _LONGEST_SUBJECT)
    return _letter(subject, "digest", context, _own_headers())


def confirmation_letter(subscription: Subscription, *, now: dt.datetime) -> Letter:
    """Return what asks to confirm a subscription."""
    followed = subscription.followed
    context = {
        "wish": wording.wish(subscription),
        "confirmation_link": confirmation_link(subscription_id=subscription.pk, now=now),
        "site_link": absolute("/"),
    }
    asked = _("Please confirm: alerts about %(what)s") % {"what": followed}
    subject = messages.short(asked, _LONGEST_SUBJECT)
    return _letter(subject, "confirmation", context, {})


def personal(message: Delivery | Digest, reasons: str) -> Personal:
    """Return what is the recipient's own in the mail of a delivery or digest.

    Its Message-ID is the same whenever it is tried.
    """
    subscriber = message.subscriber
    if subscriber is None:
        raise ValueError(f"{message!r} is not owed to a subscriber")
    kind = "digest" if isinstance(message, Digest) else "delivery"
    return _personal(subscriber, messages.message_id(kind, message.pk, domain()), reasons)


def personal_confirmation(subscription: Subscription) -> Personal:
    """Return what is the recipient's own in a confirmation mail.

    Asked anew, it is another message; tried again, the same.
    """
    kind = f"confirmation-{subscription.requested_at.timestamp():.0f}"
    message_id = messages.message_id(kind, subscription.pk, domain())
    return _personal(subscription.subscriber, message_id, "")


def _personal(subscriber: Subscriber, message_id: str, reasons: str) -> Personal:
    return Personal(
        address=subscriber.email,
        message_id=message_id,
        unsubscribe_link=unsubscribe_link(subscriber_id=subscriber.pk),
        manage_link=manage_link(subscriber_id=subscriber.pk),
        reasons=reasons,
    )


def _change_letter(change: StatusChange) -> Letter:
    headline = wording.headline(change)
    undone = wording.undone_outcome(change)
    steps = wording.earlier_steps(change)
    context = {
        "change": change,
        "headline": headline,
        "explanation": wording.explanation(change),
        "facts": wording.facts(change, steps),
        "terms": wording.terms(change.outcome),
        "undone_terms": wording.terms(undone),
        "steps": [(step.day, step.words) for step in steps],
        "sources": wording.sources(change),
        "change_link": absolute(change.get_absolute_url()),
        "campaign_link": absolute(change.target.campaign.get_absolute_url()),
    }
    subject = messages.subject(headline, change.target.demand)
    headers = {**_own_headers(), **messages.thread_headers(change.target.campaign_id, domain())}
    return _letter(subject, "change", context, headers)


def _warning_letter(event: Event) -> Letter:
    headline = wording.warning_headline(event)
    context = {
        "headline": headline,
        "facts": wording.warning_facts(event),
        "terms": wording.terms(event.outcome),
        "outlook": wording.warning_outlook(event),
        "campaign_link": absolute(event.target.campaign.get_absolute_url()),
    }
    subject = messages.subject(headline, event.target.demand)
    headers = {**_own_headers(), **messages.thread_headers(event.target.campaign_id, domain())}
    return _letter(subject, "warning", context, headers)


def _own_headers() -> dict[str, str]:
    return {
        **messages.unsubscribe_headers(letters.UNSUBSCRIBE_LINK),
    }


def _letter(
    subject: str, template: str, context: Mapping[str, Any], headers: Mapping[str, str]
) -> Letter:
    context = {
        **context,
        "language": get_language(),
        "direction": "rtl" if get_language_bidi() else "ltr",
        "subject": subject,
        "manage_link": letters.MANAGE_LINK,
        "unsubscribe_link": letters.UNSUBSCRIBE_LINK,
        "reasons": letters.REASONS,
        "reasons_html": letters.REASONS_HTML,
    }
    text = render_to_string(f"alerts/mail/{template}.txt", context)
    html = render_to_string(f"alerts/mail/{template}.html", context)
    return Letter(
        subject,
        _without_gaps(messages.printable(text)),
        messages.folded(messages.printable(html)),
        {
            "Message-ID": letters.MESSAGE_ID,
            **messages.report_headers(settings.ANYMAIL_PROVIDERS, letters.MESSAGE_ID),
            **messages.automatic_headers(domain()),
            **headers,
        },
    )


def _without_gaps(text: str) -> str:
    """Return the text with at most one empty line in a row: what template tags leave behind."""
    return re.sub(r"\n\s*\n", "\n\n", text).strip() + "\n"
