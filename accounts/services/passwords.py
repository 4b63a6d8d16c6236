"""Asking for the link to a new password."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction

from accounts.models import PasswordMail

PAUSE = dt.timedelta(minutes=5)
"""A person is sent no second link within this time, however often anybody asks."""


@transaction.atomic
def ask_for_password(*, email: str, now: dt.datetime) -> int:
    """Owe the link to everybody who has this address and can sign in by a password.

    What is answered and how long it takes tell nobody whether there is such an account: nothing
    is sent here.

    Returns:
        how many mails are owed, for tests.
    """
    people = User.objects.filter(email__iexact=email, is_active=True).exclude(email="")
    return sum(_owe(user, now) for user in people.select_for_update() if user.has_usable_password())


def _owe(user: User, now: dt.datetime) -> bool:
    mail = PasswordMail.objects.filter(user=user).first()
    if mail is not None and mail.requested_at > now - PAUSE:
        return False
    mail = mail or PasswordMail(user=user)
    mail.requested_at = now
    mail.owe(now=now)
    mail.save()
    return True
