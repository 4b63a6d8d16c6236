"""Files between the two steps of an import."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User

from campaigns.models import Upload

KEPT_FOR = dt.timedelta(hours=1)
"""So long somebody may look at a preview."""


def keep_upload(
    *, user: User, kind: str, name: str, content: bytes, is_silent: bool, now: dt.datetime
) -> Upload:
    """Keep a file of somebody for an hour; forget all whose hour has passed."""
    Upload.objects.filter(expires_at__lte=now).delete()
    return Upload.objects.create(
        user=user,
        kind=kind,
        name=name[:200],
        content=content,
        is_silent=is_silent,
        created_at=now,
        expires_at=now + KEPT_FOR,
    )


def kept_upload(*, user: User, number: int, now: dt.datetime) -> Upload | None:
    """Return a file of this person, ``None`` if there is none, or no longer."""
    return Upload.objects.filter(user=user, pk=number, expires_at__gt=now).first()
