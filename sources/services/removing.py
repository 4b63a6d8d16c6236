"""Taking the content of a snapshot away; that there was one, and why it went, stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from sources import evidence
from sources.errors import ReasonMissing
from sources.models import Finding, Snapshot, Source


def remove_snapshot(*, snapshot: Snapshot, editor: User, reason: str, now: dt.datetime) -> int:
    """Remove the copy and the texts of a snapshot, and return how many snapshots held that copy.

    All snapshots of the same bytes go together: there is one copy for all. The file goes after the
    commit; if that fails, ``manage.py verify`` names it. What was removed is not kept again when it
    comes again; see :class:`Removals`.

    What entries of these sources said before is forgotten as well, for it may be of what goes.

    Raises:
        ReasonMissing: nothing was removed.
    """
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        # Who writes what the source says now looks for removals before or after this one.
        Source.objects.select_for_update().get(pk=snapshot.source_id)
        same = Snapshot.objects.filter(body_hash=snapshot.body_hash, removed_at=None)
        Finding.objects.filter(snapshot__source__in=same.values("source")).update(body_before=None)
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


class Removals:
    """What editors removed of what some sources answer now: it is not to be kept again.

    The same bytes are removed for every source, the same text for the source that said it: pages
    change their markup, and say the same. An editor who has a source begin anew after the removal
    asks for it back.
    """

    def __init__(self, answers: Iterable[tuple[Source, str, str]]) -> None:
        """Look all of them up at once.

        Args:
            answers: the sources, each with the hashes of the body and of the text to be kept.
        """
        wanted = list(answers)
        same = Q(body_hash__in={body for _, body, _ in wanted}) | Q(
            source__in={source.pk for source, _, _ in wanted},
            text_hash__in={text for _, _, text in wanted},
        )
        removed = Snapshot.objects.filter(same, removed_at__isnull=False)
        self._found = list(removed.order_by("-removed_at", "-pk")) if wanted else []

    def of(self, source: Source, body_hash: str, text_hash: str) -> Snapshot | None:
        """Return the snapshot that held the same when it was removed; ``None`` if none did."""
        for snapshot in self._found:
            is_text = (snapshot.source_id, snapshot.text_hash) == (source.pk, text_hash)
            if (is_text or snapshot.body_hash == body_hash) and not _is_asked_for(snapshot, source):
                return snapshot
        return None


def _is_asked_for(snapshot: Snapshot, source: Source) -> bool:
    asked_at, removed_at = source.baseline_after, snapshot.removed_at
    return asked_at is not None and removed_at is not None and asked_at > removed_at
