"""What an answer is compared with: the last snapshot, if that was read as we read now."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence

import orjson
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from sources import reading
from sources.models import Snapshot, Source


def rules_hash(source: Source, version: int = reading.VERSION) -> str:
    """Return what stands for all that decides how an answer is read.

    A snapshot that was read by other rules, or by an older version of ours, is no measure.
    """
    return _hash_of(source.rules, version)


def article_rules_hash() -> str:
    """Return the same for articles, which have no rules of their own."""
    return _hash_of({}, reading.VERSION)


def _hash_of(rules: reading.Rules, version: int) -> str:
    parts = orjson.dumps([version, rules], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(parts).hexdigest()


def last_snapshots(sources: Sequence[Source]) -> dict[int, Snapshot]:
    """Return the last snapshot of each source that was read as the source is read now.

    Of one that an editor removed the hashes are left: they tell that an answer is still the same.
    """
    rows = newest_snapshots([source.pk for source in sources])
    return {
        source.pk: rows[source.pk]
        for source in sources
        if source.pk in rows and not _why_unlike(rows[source.pk], source)
    }


def newest_snapshots(source_ids: Collection[int]) -> dict[int, Snapshot]:
    """Return the last snapshot of each source, whether or not it is a measure."""
    newest = Snapshot.objects.of_polls().filter(source=OuterRef("pk")).order_by("-taken_at", "-pk")
    keys = (
        Source.objects.filter(pk__in=source_ids)
        .annotate(newest=Subquery(newest.values("pk")[:1]))
        .values_list("newest", flat=True)
    )
    rows = Snapshot.objects.filter(pk__in=[key for key in keys if key])
    return {row.source_id: row for row in rows}


def text_of(snapshot: Snapshot | None) -> str | None:
    """Return what a last snapshot says; ``None`` if there is none, or an editor removed it."""
    return None if snapshot is None or snapshot.removed_at else snapshot.text


def why_no_measure(snapshot: Snapshot, source: Source) -> str:
    """Return why what a source says now cannot be compared with a snapshot, "" if it can."""
    if snapshot.removed_at is not None:
        return _("The last snapshot was removed: this is a new baseline.")
    return _why_unlike(snapshot, source)


def _why_unlike(snapshot: Snapshot, source: Source) -> str:
    if source.baseline_after is not None and snapshot.taken_at <= source.baseline_after:
        return _("Somebody asked to begin anew: this is a new baseline.")
    if (snapshot.url, snapshot.kind) == (source.url, source.kind):
        if snapshot.rules_hash == rules_hash(source):
            return ""
        # Those that were read before there were versions have no hash.
        older = {rules_hash(source, version) for version in range(reading.VERSION)}
        if snapshot.rules_hash in older | {""}:
            return _("Answers are read in another way now: this is a new baseline.")
    return _("The settings were edited: this is a new baseline.")
