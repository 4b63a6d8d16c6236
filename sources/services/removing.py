"""Taking the content of a snapshot away; that there was one, and why it went, stays."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction

from sources import evidence
from sources.errors import ReasonMissing
from sources.models import Snapshot


def remove_snapshot(*, snapshot: Snapshot, editor: User, reason: str, now: dt.datetime) -> int:
    """Remove the copy and the texts of a snapshot, and return how many snapshots held that copy.

    All snapshots of the same bytes go together: there is one copy for all. The file goes after the
    commit; if that fails, ``manage.py verify`` names it.

    Raises:
        ReasonMissing: nothing was removed.
    """
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        same = Snapshot.objects.filter(body_hash=snapshot.body_hash, removed_at=None)
        count = same.update(
            text="",
            title="",
            headers=[],
            removed_at=now,
            removed_by=editor,
            removal_reason=reason.strip(),
        )
        transaction.on_commit(lambda: evidence.remove(snapshot.body_hash))
    return count
