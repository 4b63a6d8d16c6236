"""Ending sessions: whoever was signed in anywhere has to sign in again; and forgetting them."""

from __future__ import annotations

import datetime as dt

from axes.models import AccessAttempt, AccessFailureLog, AccessLog

from accounts.models import Session

KEPT_SIGN_INS = dt.timedelta(days=90)
"""For how long it is kept who signed in, or failed to, from where."""


def end_sessions(*, user_id: int, but: str | None = None) -> int:
    """End the sessions of a person at once, in all browsers.

    A request that is under way when its session ends cannot bring it back: Django refuses to
    write a session that is gone.

    Args:
        user_id: whose.
        but: key of one session that goes on, or ``None``.

    Returns:
        how many ended.
    """
    rows = Session.objects.filter(user_id=user_id).exclude(session_key=but or "")
    return rows.delete()[0]


def forget_lapsed(*, now: dt.datetime) -> int:
    """Delete sessions that lapsed, and what is known of sign-ins older than ``KEPT_SIGN_INS``.

    Returns:
        how many rows were deleted.
    """
    old = [
        model.objects.filter(attempt_time__lt=now - KEPT_SIGN_INS)
        for model in (AccessAttempt, AccessFailureLog, AccessLog)
    ]
    lapsed = Session.objects.filter(expire_date__lt=now)
    return sum(rows.delete()[0] for rows in (lapsed, *old))
