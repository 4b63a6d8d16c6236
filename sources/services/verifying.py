"""Whether the kept copies are what they were."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from campaigns.models import Citation
from sources import evidence
from sources.models import Snapshot


@dataclass(frozen=True, slots=True)
class Checked:
    """A copy that was looked at.

    Attributes:
        content_hash: its name.
        problem: a sentence, "" if it is what was stored.
        total: how many are looked at.
    """

    content_hash: str
    problem: str
    total: int


def verify_evidence(*, hashes: Collection[str] | None = None) -> Iterator[Checked]:
    """Look at each copy that a snapshot or a citation names, and yield what was found.

    A copy that an editor removed is not missing; one that is still there is wrong, unless a later
    visit brought the same bytes again.

    Args:
        hashes: only these; ``None`` for all.
    """
    kept = set(Snapshot.objects.filter(removed_at=None).values_list("body_hash", flat=True))
    gone = Snapshot.objects.exclude(removed_at=None).values_list("body_hash", flat=True)
    removed = set(gone) - kept
    cited = set(Citation.objects.exclude(snapshot_hash="").values_list("snapshot_hash", flat=True))
    wanted = sorted(hashes if hashes is not None else kept | removed | cited)
    for content_hash in wanted:
        yield Checked(content_hash, _problem(content_hash, content_hash in removed), len(wanted))


def _problem(content_hash: str, is_removed: bool) -> str:
    if is_removed:
        return "An editor removed it, and it is still there." if _is_there(content_hash) else ""
    try:
        evidence.get(content_hash)
    except evidence.EvidenceError as error:
        return str(error)
    return ""


def _is_there(content_hash: str) -> bool:
    return evidence.path_of(content_hash).exists()
