"""E-mail: one message a delivery, in text and HTML, by Django's mail backend."""

from __future__ import annotations

import datetime as dt
import re
import smtplib
from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from alerts import messages, wording
from alerts.errors import PermanentFailure, TemporaryFailure
from alerts.links import absolute, confirmation_link, domain, unsubscribe_link
from alerts.models import Delivery, Subscriber, Subscription

_FIRST_PERMANENT = 500
"""SMTP replies from here on are final (RFC 5321, section 4.2.1)."""

_LONGEST_LINE = 998
"""Characters of a header line (RFC 5322, section 2.1.1)."""


class Mail(EmailMultiAlternatives):
    """A mail whose headers stay on one line where they may.

    Django folds at 78 characters, which leaves the line of a long List-Unsubscribe or Subject
    empty up to its continuation: correct, and more than some readers of such headers understand.
    """

    def message(self, **kwargs: Any) -> Any:
        message = super().message(**kwargs)
        message.policy = message.policy.clone(max_line_length=_LONGEST_LINE)
        return message


def send_alert(delivery: Delivery, subscriptions: Sequence[Subscription]) -> None:
    """Mail a status change to a subscriber.

    Args:
        delivery: what is owed, its ``status_change`` loaded with its parts.
        subscriptions: why it is owed, which the mail says.

    Raises:
        TemporaryFailure: the server cannot be reached, or says "later".
        PermanentFailure: the server refuses the recipient or the message.
    """
    with override(delivery.subscriber.language):
        message = build_alert(delivery, subscriptions)
    _send(message)


def send_confirmation_mail(subscription: Subscription, *, now: dt.datetime) -> None:
    """Mail the link that confirms a subscription; raises like :func:`send_alert`."""
    with override(subscription.subscriber.language):
        message = build_confirmation(subscription, now=now)
    _send(message)


def build_alert(delivery: Delivery, subscriptions: Sequence[Subscription]) -> Mail:
    """Return the mail of a delivery, in the active language."""
    change, host = delivery.status_change, domain()
    leave = unsubscribe_link(subscriber_id=delivery.subscriber_id)
    headline = wording.headline(change)
    undone = wording.undone_outcome(change)
    context = {
        "change": change,
        "headline": headline,
        "explanation": wording.explanation(change),
        "facts": wording.facts(change),
        "terms": wording.terms(change.outcome),
        "undone_terms": wording.terms(undone),
        "sources": wording.sources(change),
        "change_link": absolute(change.get_absolute_url()),
        "campaign_link": absolute(change.target.campaign.get_absolute_url()),
        "reasons": wording.reasons(change, subscriptions),
        "unsubscribe_link": leave,
    }
    return _build(
        delivery.subscriber,
        subject=messages.subject(headline, change.target.demand),
        template="change",
        context=context,
        headers={
            "Message-ID": delivery.message_id,
            **messages.thread_headers(change.target.campaign_id, host),
            **messages.unsubscribe_headers(leave),
        },
    )


def build_confirmation(subscription: Subscription, *, now: dt.datetime) -> Mail:
    """Return the mail that asks to confirm a subscription, in the active language."""
    followed = wording.followed(subscription)
    # Asked anew, it is another message; tried again, the same.
    kind = f"confirmation-{subscription.requested_at.timestamp():.0f}"
    return _build(
        subscription.subscriber,
        subject=messages.one_line(_("Please confirm: alerts about %(what)s") % {"what": followed}),
        template="confirmation",
        context={
            "followed": followed,
            "confirmation_link": confirmation_link(subscription_id=subscription.pk, now=now),
            "site_link": absolute("/"),
        },
        headers={"Message-ID": messages.message_id(kind, subscription.pk, domain())},
    )


def _build(
    subscriber: Subscriber,
    *,
    subject: str,
    template: str,
    context: dict[str, Any],
    headers: dict[str, str],
) -> Mail:
    context = {**context, "language": get_language(), "subject": subject}
    text = render_to_string(f"alerts/mail/{template}.txt", context)
    message = Mail(
        subject=subject,
        body=_without_gaps(text),
        to=[subscriber.email],
        headers={**messages.automatic_headers(domain()), **headers},
    )
    message.attach_alternative(
        render_to_string(f"alerts/mail/{template}.html", context), "text/html"
    )
    return message


def _without_gaps(text: str) -> str:
    """Return the text with at most one empty line in a row: what template tags leave behind."""
    return re.sub(r"\n\s*\n", "\n\n", text).strip() + "\n"


def _send(message: Mail) -> None:
    try:
        with get_connection() as connection:  # closes what a failed login leaves open
            connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        [(code, reply)] = error.recipients.values()
        raise _failure(code, reply) from error
    except smtplib.SMTPDataError as error:
        raise _failure(error.smtp_code, error.smtp_error) from error
    except OSError as error:
        # No connection, or a refusal that is not about this recipient or message (SMTPException
        # is an OSError): a wrong password must not end what is owed to everybody.
        raise TemporaryFailure(str(error) or repr(error)) from error


def _failure(code: int, reply: bytes | str) -> TemporaryFailure | PermanentFailure:
    said = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    kind = PermanentFailure if code >= _FIRST_PERMANENT else TemporaryFailure
    return kind(f"{code} {said}")
