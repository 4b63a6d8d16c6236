"""Ending sessions: whoever was signed in anywhere has to sign in again."""

from __future__ import annotations

from accounts.models import Session


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
