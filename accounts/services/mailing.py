"""Sending what is owed: invitations, and links to a new password.

A link is made when its mail is built. So none is to be found in the database or in the queue.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from accounts.models import Invitation, Mailed, PasswordMail
from accounts.tokens import hash_token, new_token

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
FIRST_RETRY = dt.timedelta(minutes=2)
"""Also the time for which whoever sends a mail has it to himself."""


def send_mails(*, now: dt.datetime) -> int:
    """Send the mails that are due and return how many were; one that fails is due again later.

    Any number of workers may try at once: each mail is taken by one. Should that one die, the
    mail is sent again, and its first link is dead.
    """
    sent = 0
    invitations = Invitation.objects.standing(now).due(now).order_by("next_attempt_at", "pk")
    for invitation in invitations.select_related("organization", "invited_by"):
        sent += _take(invitation, now) and _send(invitation, _invitation_mail(invitation), now)
    asked = PasswordMail.objects.due(now).order_by("next_attempt_at", "pk")
    for mail in asked.filter(user__is_active=True).select_related("user"):
        sent += _take(mail, now) and _send(mail, _password_mail(mail), now)
    return sent


def _take(mail: Mailed, now: dt.datetime) -> bool:
    is_last = mail.attempts_count + 1 >= MOST_ATTEMPTS
    due = _rows(mail)
    mail.next_attempt_at = None if is_last else now + FIRST_RETRY * 2**mail.attempts_count
    return bool(
        due.update(next_attempt_at=mail.next_attempt_at, attempts_count=F("attempts_count") + 1)
    )


def _send(mail: Mailed, message: EmailMessage, now: dt.datetime) -> bool:
    row = _rows(mail)  # not if it was asked for again meanwhile
    try:
        message.send()
    except OSError as error:  # of the SMTP client, all kinds
        logger.warning("%s %s could not be sent: %s", mail._meta.verbose_name, mail.pk, error)
        row.update(last_error=str(error))
        return False
    row.update(sent_at=now, next_attempt_at=None, last_error="")
    return True


def _rows(mail: Mailed) -> Any:
    """Return the row, as long as it is owed as it was when it was read or taken."""
    rows = type(mail)._default_manager.filter(pk=mail.pk)
    return rows.filter(next_attempt_at=mail.next_attempt_at)


def _invitation_mail(invitation: Invitation) -> EmailMessage:
    token = new_token()
    # Not if it was withdrawn just now: then the link leads nowhere.
    _rows(invitation).filter(revoked_at=None, accepted_at=None).update(token_hash=hash_token(token))
    subject = _("You are invited to work for %(organization)s on Followthrough")
    return _build(
        "invitation",
        subject % {"organization": invitation.organization},
        invitation.email,
        invitation=invitation,
        link=_address("accounts:invitation", token),
    )


def _password_mail(mail: PasswordMail) -> EmailMessage:
    user = mail.user
    link = _address(
        "password_reset_confirm",
        urlsafe_base64_encode(force_bytes(user.pk)),
        default_token_generator.make_token(user),
    )
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    subject = _("A new password for Followthrough")
    return _build("password", subject, user.email, person=user, link=link, hours=hours)


def _build(name: str, subject: str, to: str, **context: Any) -> EmailMessage:
    body = render_to_string(f"accounts/mail/{name}.txt", {**context, "site": settings.BASE_URL})
    headers = {"Auto-Submitted": "auto-generated"}
    return EmailMessage(" ".join(subject.split()), body, to=[to], headers=headers)


def _address(name: str, *arguments: str) -> str:
    return f"{settings.BASE_URL}{reverse(name, args=arguments)}"
