"""What a source said before a finding was made."""

from __future__ import annotations

from sources.differing import Changes, changes_around
from sources.models import Finding, Snapshot


def changes_of(finding: Finding) -> tuple[Snapshot, Changes] | None:
    """Return the snapshot before that of the finding, and what differs around the passage.

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
    start, end = finding.passage_start, finding.passage_end
    return before, changes_around(before.text, snapshot.text, start, end)
