"""The switch that stops all alerts."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User

from alerts.models import Pause


def is_paused() -> bool:
    """Whether nothing is to be sent to anybody."""
    return Pause.objects.filter(ended_at=None).exists()


def open_pause() -> Pause | None:
    """Return the pause that stops all alerts now, with who began it; ``None`` if there is none."""
    return Pause.objects.filter(ended_at=None).select_related("began_by").first()


def pause_alerts(*, reason: str, now: dt.datetime, by: User | None = None) -> Pause:
    """Send no alert to anybody until :func:`resume_alerts`; what is owed is written and waits.

    Mails that ask for a confirmation still go out. A pause that is open already stays as it is.
    """
    pause, _is_new = Pause.objects.get_or_create(
        ended_at=None, defaults={"began_at": now, "reason": reason, "began_by": by}
    )
    return pause


def resume_alerts(*, now: dt.datetime) -> None:
    """End the pause; what waited is due at once."""
    Pause.objects.filter(ended_at=None).update(ended_at=now)
