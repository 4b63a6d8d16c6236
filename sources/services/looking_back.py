"""What a source said around a finding, and what it said before."""

from __future__ import annotations

from dataclasses import dataclass

from sources.differing import Changes, changes_around
from sources.kinds import SourceKind
from sources.models import Finding, Snapshot
from sources.passages import Context, context_of


@dataclass(frozen=True, slots=True)
class LookBack:
    """What was there before a finding.

    Attributes:
        changes: what differs from that; ``None`` of an entry or a row that is new as a whole.
        since: the snapshot that is compared with; ``None`` where an entry or a row is, as it was
            read last.
    """

    changes: Changes | None
    since: Snapshot | None = None


def surroundings_of(finding: Finding) -> Context:
    """Return the passage with what stands around it in the page, the entry or the row it is of."""
    body, begin = _body(finding)
    return context_of(body, finding.passage_start - begin, finding.passage_end - begin)


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


def changes_of(finding: Finding) -> LookBack | None:
    """Return what differs around the passage; ``None`` if that cannot be told.

    A page is compared with :func:`snapshot_before`, an entry of a feed and a row of a list with
    itself alone: a snapshot of theirs holds what was new at one visit, of whomever it speaks.
    """
    start, end = finding.passage_start, finding.passage_end
    if finding.body_before is not None:
        if not finding.body_before:
            return LookBack(None)
        body, begin = _body(finding)
        changes = changes_around(finding.body_before, body, start - begin, end - begin)
        return LookBack(changes)
    if finding.snapshot.kind == SourceKind.FEED:
        return None
    before = snapshot_before(finding)
    if before is None:
        return None
    return LookBack(changes_around(before.text, finding.snapshot.text, start, end), before)


def _body(finding: Finding) -> tuple[str, int]:
    """Return what was read as one, and where it begins in the snapshot; all if that is not kept."""
    begin = finding.body_start or 0
    return finding.snapshot.text[begin : finding.body_end], begin
