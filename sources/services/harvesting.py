"""What is to be written about the visits of a handful: decided, stored, and read for what is new.

No lock is held meanwhile. Our own failure with a source is a failed poll, too: it must not be tried
for ever.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from sources import evidence
from sources.causes import Cause
from sources.decisions import Decision, Passage, failed
from sources.kinds import PollResult
from sources.models import Snapshot, Source
from sources.services.announcing import split_passages
from sources.services.bill_records import WrongBill, refuse_another
from sources.services.deciding import Decider
from sources.services.detecting import Hit, Watches, find_hits
from sources.services.guidance import short
from sources.services.removing import Removals
from sources.services.tenure import Tenure
from sources.services.visiting import Visited

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Harvest:
    """What is to be written about a visit.

    Attributes:
        source: that was visited.
        visited: how that ended.
        decision: how the poll ends.
        body_hash: of the answer, if it is to be kept; else "".
        hits: what is new in it for the targets.
        articles: the entries of a feed that wait for their articles before they are judged.
        removal: the snapshot of the same answer that an editor removed, so that only its hash may
            be kept; ``None`` if there is none.
    """

    source: Source
    visited: Visited
    decision: Decision
    body_hash: str = ""
    hits: tuple[Hit, ...] = ()
    articles: tuple[Passage, ...] = ()
    removal: Snapshot | None = None

    @property
    def is_kept(self) -> bool:
        """Whether there will be a snapshot."""
        return self.decision.is_kept and self.visited.fetched is not None

    @property
    def text_hash(self) -> str:
        """What the text of its snapshot is known by."""
        return hashlib.sha256(self.decision.text.encode()).hexdigest()


def harvest_visits(
    *,
    sources: Mapping[int, Source],
    last: Mapping[int, Snapshot],
    visits: Sequence[Visited],
    tenure: Tenure,
    now: dt.datetime,
) -> list[Harvest]:
    """Return what is to be written about visits, in their order; copies to keep are stored.

    Args:
        sources: by key.
        last: their last snapshots that were read as they are read now.
        visits: what came home.
        tenure: renews the lease meanwhile.
        now: the moment of the batch.
    """
    decider = Decider(sources, last, visits, now)

    def decide(harvest: Harvest) -> Harvest:
        decision = decider.decide(harvest.visited)
        if decision.is_kept and decision.bill and harvest.source.bill:
            refuse_another(bill=harvest.source.bill, reading=decision.bill)
        body = harvest.visited.fetched.body if harvest.visited.fetched else b""
        body_hash = hashlib.sha256(body).hexdigest() if decision.is_kept else ""
        return replace(harvest, decision=decision, body_hash=body_hash)

    undecided = failed(Cause.INTERNAL)
    harvests = []
    for visited in visits:
        tenure.renew()
        harvests.append(_attempt(decide, Harvest(sources[visited.source_id], visited, undecided)))
    harvests = _withhold(harvests, last)
    harvests = _detect(harvests, tenure, now)
    return [_attempt(_store, harvest) for harvest in harvests]


def _attempt(step: Callable[[Harvest], Harvest], harvest: Harvest) -> Harvest:
    try:
        return step(harvest)
    except WrongBill as error:
        return _failed(harvest, failed(Cause.WRONG_TYPE, short(str(error))))
    except Exception:
        source = harvest.source
        logger.exception("Polling source %s (%s) failed on our side", source.pk, source.url)
        return _failed(harvest, failed(Cause.INTERNAL))


def _failed(harvest: Harvest, decision: Decision) -> Harvest:
    return Harvest(harvest.source, harvest.visited, decision)


def _withhold(harvests: Sequence[Harvest], last: Mapping[int, Snapshot]) -> list[Harvest]:
    """Mark what an editor removed; that it is still there is no change."""
    kept = [harvest for harvest in harvests if harvest.is_kept]
    removals = Removals((one.source, one.body_hash, one.text_hash) for one in kept)

    def withhold(harvest: Harvest) -> Harvest:
        if not harvest.is_kept:
            return harvest
        removal = removals.of(harvest.source, harvest.body_hash, harvest.text_hash)
        newest = last.get(harvest.source.pk)
        if removal and newest and newest.removed_at and _is_same(newest, harvest):
            unchanged = replace(harvest.decision, result=PollResult.UNCHANGED, detail="")
            return replace(harvest, decision=unchanged)
        return replace(harvest, removal=removal)

    return [_attempt(withhold, harvest) for harvest in harvests]


def _is_same(snapshot: Snapshot, harvest: Harvest) -> bool:
    return snapshot.body_hash == harvest.body_hash or snapshot.text_hash == harvest.text_hash


def _detect(harvests: Sequence[Harvest], tenure: Tenure, now: dt.datetime) -> list[Harvest]:
    """Add what is new; an answer in which detection fails is not accepted, to be seen again."""
    read = [harvest for harvest in harvests if harvest.is_kept and harvest.removal is None]
    split = {harvest.source.pk: _split(harvest) for harvest in read}
    decided = [
        (one.source, replace(one.decision, passages=split[one.source.pk][0])) for one in read
    ]
    watches = Watches(harvest.source.pk for harvest in read)
    try:
        found = find_hits(decided=decided, watches=watches, tenure=tenure, now=now)
    except Exception:
        logger.exception("Detection failed on our side, for all that was read together")
        found = [failed(Cause.INTERNAL)] * len(read)
    hits = {harvest.source.pk: each for harvest, each in zip(read, found, strict=True)}

    def add(harvest: Harvest) -> Harvest:
        key = harvest.source.pk
        if key not in hits:
            return harvest
        each = hits[key]
        if isinstance(each, Decision):
            return _failed(harvest, each)
        return replace(harvest, hits=tuple(each), articles=split[key][1])

    return [add(harvest) for harvest in harvests]


def withheld_since(harvest: Harvest) -> Harvest:
    """Return the same, without what an editor removed while it was judged.

    To be called in the transaction that writes it, with the source locked.
    """
    if not harvest.is_kept or harvest.removal is not None:
        return harvest
    answer = (harvest.source, harvest.body_hash, harvest.text_hash)
    removal = Removals([answer]).of(*answer)
    if removal is None:
        return harvest
    transaction.on_commit(lambda: _remove_unless_kept(harvest.body_hash))
    return replace(harvest, removal=removal, hits=(), articles=())


def _remove_unless_kept(body_hash: str) -> None:
    if not Snapshot.objects.filter(body_hash=body_hash, removed_at=None).exists():
        evidence.remove(body_hash)


def _split(harvest: Harvest) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
    """Return what is judged at once, and what waits for its article; what is pushed never waits."""
    if harvest.visited.pushed_by:
        return harvest.decision.passages, ()
    return split_passages(source=harvest.source, decision=harvest.decision)


def _store(harvest: Harvest) -> Harvest:
    """Store the copy of an answer, but for one that an editor removed."""
    fetched = harvest.visited.fetched
    if harvest.is_kept and harvest.removal is None and fetched is not None:
        evidence.put(fetched.body)
    return harvest
