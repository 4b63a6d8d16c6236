"""What a source said before a finding was made."""

from __future__ import annotations

from sources.differing import Changes, changes_around
from sources.models import Finding, Snapshot


def snapshot_before(finding: Finding) -> Snapshot | None:
    """Return the snapshot before that of the finding.

    ``None`` if nothing can be compared: there is none that was read by the same rules, or an
    editor removed one of the two.
    """
    snapshot = finding.snapshot
    earlier = Snapshot.objects.filter(
        source=snapshot.source_id,
        kind=snapshot.kind,
        rules_hash=snapshot.rules_hash,
        taken_at__lt=snapshot.taken_at,
    )
    if snapshot.poll_id is None:
        earlier = earlier.filter(poll=None, url=snapshot.url)
    else:
        earlier = earlier.of_polls()
    before = earlier.order_by("-taken_at", "-pk").first()
    if before is None or before.removed_at or snapshot.removed_at:
        return None
    return before


def changes_of(finding: Finding) -> tuple[Snapshot, Changes] | None:
    """Return what :func:`snapshot_before` does, and what differs around the passage."""
    before = snapshot_before(finding)
    if before is None:
        return None
    text, start, end = finding.snapshot.text, finding.passage_start, finding.passage_end
    return before, changes_around(before.text, text, start, end)
