"""Trying a source before it is saved: what it says now, and how its past would have been judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

from outbound.background import run
from sources import evidence
from sources.causes import Cause
from sources.decisions import Decision, failed
from sources.extraction import Page
from sources.kinds import SourceKind
from sources.models import Snapshot, Source
from sources.reading import Reading
from sources.services.replaying import Copy, Replay
from sources.services.scouting import scout
from sources.services.visiting import Visited

MOST_COPIES = 10
"""How many of the latest snapshots are judged."""
MOST_SECONDS = 20.0
"""After so long no further one is begun: a person waits."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How an answer is judged under the rules that are tried.

    Attributes:
        taken_at: when it was given.
        decision: how the poll would have ended.
        is_now: whether it is the answer that was fetched for the trial.
    """

    taken_at: dt.datetime
    decision: Decision
    is_now: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What trying a source showed.

    Attributes:
        visited: the visit of now.
        reading: what the answer says; ``None`` if it failed.
        failure: why it failed; ``None`` if it did not.
        sentences: of a page, those that are compared.
        judged: the kept copies, the oldest first, and then the answer of now if it can be read;
            nothing if there are no copies.
        unjudged_count: how many copies were left for want of time.
    """

    visited: Visited
    reading: Reading | None
    failure: Decision | None
    sentences: tuple[str, ...]
    judged: tuple[Judged, ...]
    unjudged_count: int


def try_source(*, source: Source, now: dt.datetime) -> Trial:
    """Fetch a source as its fields stand, saved or not, and judge its past by them.

    Nothing is written but when the host may be asked again.

    Args:
        source: with a checked URL and checked rules.
        now: the moment.

    Raises:
        HostBusy: the host cannot be asked just now.
    """
    visited = scout(source=source, now=now)
    replay = Replay(SourceKind(source.kind), source.rules)
    reading, failure = _read(replay, visited, now)
    sentences = run(replay.counted(reading)) if isinstance(reading, Page) else ()
    snapshots = _snapshots(source)
    judged = list(_judged(replay, snapshots))
    unjudged_count = len(snapshots) - len(judged)
    if reading is not None and judged and not unjudged_count:
        judged.append(Judged(now, run(replay.judge(reading, now)), is_now=True))
    return Trial(
        visited=visited,
        reading=reading,
        failure=failure,
        sentences=sentences,
        judged=tuple(judged),
        unjudged_count=unjudged_count,
    )


def _read(
    replay: Replay, visited: Visited, now: dt.datetime
) -> tuple[Reading | None, Decision | None]:
    fetched = visited.fetched
    if visited.decision is not None or fetched is None:
        return None, visited.decision or failed(Cause.INTERNAL)
    content_type = fetched.headers.get("Content-Type", "")
    found = run(replay.read(Copy(fetched.body, content_type, fetched.final_url, now)))
    return (None, found) if isinstance(found, Decision) else (found, None)


def _snapshots(source: Source) -> list[Snapshot]:
    """Return the latest snapshots whose copies were not removed, the oldest first."""
    if source._state.adding:
        return []
    latest = (
        Snapshot.objects.of_polls()
        .filter(source=source.pk, removed_at=None)
        .defer("text", "headers")
    )
    return list(latest.order_by("-taken_at", "-pk")[:MOST_COPIES])[::-1]


def _judged(replay: Replay, snapshots: list[Snapshot]) -> Iterator[Judged]:
    began = monotonic()
    for snapshot in snapshots:
        if monotonic() - began > MOST_SECONDS:
            return
        yield Judged(snapshot.taken_at, _judge(replay, snapshot))


def _judge(replay: Replay, snapshot: Snapshot) -> Decision:
    try:
        body = evidence.get(snapshot.body_hash)
    except (evidence.EvidenceError, OSError) as error:
        return failed(Cause.INTERNAL, str(error))
    copy = Copy(body, snapshot.content_type, snapshot.final_url, snapshot.taken_at)
    found = run(replay.read(copy))
    return found if isinstance(found, Decision) else run(replay.judge(found, snapshot.taken_at))
