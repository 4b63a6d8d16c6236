"""Reading what is new for the targets that a source is watched for; nothing is written."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from campaigns.models import Target
from sources.decisions import Decision, Passage
from sources.detection import Candidate, Text, WatchedTarget, detect
from sources.models import Source, Watch

_DEFAULT_LANGUAGE = "en"
_REPORTED_SCORE = 0.9


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate, the passage that it was found in, and whether its watch is trusted."""

    candidate: Candidate
    passage: Passage
    is_trusted: bool


class Watches:
    """What some sources are watched for; read when it is first asked for, and for all at once."""

    def __init__(self, source_ids: Iterable[int]) -> None:
        self._source_ids = frozenset(source_ids)

    def of(self, source: Source) -> Sequence[Watch]:
        """Return the watches of one of the sources."""
        return self._by_source[source.pk]

    @cached_property
    def _by_source(self) -> Mapping[int, list[Watch]]:
        found: defaultdict[int, list[Watch]] = defaultdict(list)
        watches = Watch.objects.filter(source__in=self._source_ids).select_related(
            "target__campaign", "target__company", "target__product"
        )
        for watch in watches.prefetch_related(
            "target__company__aliases", "target__campaign__topics"
        ):
            found[watch.source_id].append(watch)
        return found


def find_hits(
    *, source: Source, watches: Watches, decision: Decision, now: dt.datetime
) -> list[Hit]:
    """Return what a decision suggests about the targets that its source is watched for.

    Args:
        source: that was read.
        watches: of the source, and of those that are read together with it.
        decision: about it.
        now: the moment of the poll: what states no day of its own appeared just before it.
    """
    if not decision.passages:
        return []
    if decision.reported_status:
        return _reported(watches.of(source), decision)
    return _detected(watches.of(source), decision.passages, now)


def _reported(watches: Iterable[Watch], decision: Decision) -> list[Hit]:
    """Return a hit for each target whose status is another than the one that the value reports."""
    [passage] = decision.passages
    return [
        Hit(
            Candidate(
                target=watch.target_id,
                status=decision.reported_status,
                extends=False,
                effective_on=None,
                effective_precision="day",
                expires_on=None,
                expires_precision="day",
                exemptions=(),
                condition="",
                sentence=passage.body,
                start=0,
                end=len(passage.body),
                score=_REPORTED_SCORE,
                reasons=(decision.detail,),
            ),
            passage,
            watch.is_trusted,
        )
        for watch in watches
        if watch.target.status != decision.reported_status
    ]


def _detected(watched: Iterable[Watch], passages: Iterable[Passage], now: dt.datetime) -> list[Hit]:
    """Detect in what is new; of several hits for one status of a target the best counts."""
    watches = {watch.target_id: watch for watch in watched}
    targets = [_watched(watch.target) for watch in watches.values()]
    best: dict[tuple[int, str], Hit] = {}
    for passage in passages if targets else ():
        text = Text(
            body=passage.body,
            title=passage.title,
            published_on=passage.published_on or now.date(),
            language=passage.language or _DEFAULT_LANGUAGE,
            is_day_assumed=passage.published_on is None,
        )
        for candidate in detect(passage.before, text, targets):
            key = (candidate.target, candidate.status)
            if key not in best or candidate.score > best[key].candidate.score:
                best[key] = Hit(candidate, passage, watches[candidate.target].is_trusted)
    return list(best.values())


def _watched(target: Target) -> WatchedTarget:
    return WatchedTarget(
        key=target.pk,
        company=target.company.name,
        aliases=tuple(alias.name for alias in target.company.aliases.all()),
        products=(target.product.name,) if target.product else (),
        demand=target.demand,
        topics=tuple(topic.name for topic in target.campaign.topics.all()),
        status=target.status,
        status_since=target.status_since,
        expires_on=target.expires_on,
    )
