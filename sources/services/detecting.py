"""Reading what is new for the targets that a source is watched for; nothing is written."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from campaigns.models import Target
from sources.causes import Cause
from sources.decisions import Decision, Passage, failed
from sources.detection import Candidate, Text, WatchedTarget
from sources.extraction import Unreadable
from sources.models import Source, Watch
from sources.parsing import ParserPool, parsers
from sources.parsing.jobs import TextChange
from sources.services.guidance import short
from sources.services.tenure import Tenure

logger = logging.getLogger(__name__)

_DEFAULT_LANGUAGE = "en"
_REPORTED_SCORE = 0.9


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate, and the passage that it was found in.

    Attributes:
        is_trusted: its watch is.
        is_detected: it was read from words; else a value reported it.
    """

    candidate: Candidate
    passage: Passage
    is_trusted: bool
    is_detected: bool = True


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
    *,
    decided: Sequence[tuple[Source, Decision]],
    watches: Watches,
    tenure: Tenure,
    now: dt.datetime,
) -> list[list[Hit] | Decision]:
    """Return what decisions suggest about the targets that their sources are watched for.

    Detection is for the children that read: it goes through text from outside, word by word.

    Args:
        decided: sources that were read together, each with the decision about it.
        watches: of these sources.
        tenure: renews the lease meanwhile.
        now: the moment of the polls: what states no day of its own appeared just before it.

    Returns:
        for each its hits, or the decision that the poll failed: with ``parse_limits`` if detection
        took too much.
    """
    hits: list[list[Hit] | Decision] = [
        _reported(watches.of(source), decision) if decision.reported_status else []
        for source, decision in decided
    ]
    places = [
        place
        for place, (_, decision) in enumerate(decided)
        if decision.passages and not decision.reported_status
    ]
    searches = [
        _Search.of(decision.passages, watches.of(source), now)
        for source, decision in (decided[place] for place in places)
    ]
    found = tenure.run(_search_all(searches)) if searches else []
    for place, answer in zip(places, found, strict=True):
        hits[place] = answer
    return hits


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
            is_detected=False,
        )
        for watch in watches
        if watch.target.status != decision.reported_status
    ]


@dataclass(frozen=True, slots=True)
class _Search:
    """What is to be read for whom.

    Attributes:
        passages: that are new.
        changes: the same, as detection takes them.
        watches: of the targets, by their keys.
    """

    passages: Sequence[Passage]
    changes: Sequence[TextChange]
    watches: Mapping[int, Watch]

    @classmethod
    def of(cls, passages: Sequence[Passage], watched: Iterable[Watch], now: dt.datetime) -> Self:
        changes = [TextChange(passage.before, _text_of(passage, now)) for passage in passages]
        return cls(passages, changes, {watch.target_id: watch for watch in watched})

    async def run(self, pool: ParserPool) -> list[Hit]:
        """Have it done; of several hits for one status of a target the best counts."""
        if not self.watches:
            return []
        targets = [watched(watch.target) for watch in self.watches.values()]
        found = await pool.detect(self.changes, targets)
        best: dict[tuple[int, str], Hit] = {}
        for passage, candidates in zip(self.passages, found, strict=True):
            for candidate in candidates:
                key = (candidate.target, candidate.status)
                if key not in best or candidate.score > best[key].candidate.score:
                    is_trusted = self.watches[candidate.target].is_trusted
                    best[key] = Hit(candidate, passage, is_trusted)
        return list(best.values())


async def _search_all(searches: Iterable[_Search]) -> list[list[Hit] | Decision]:
    pool = await parsers()
    return await asyncio.gather(*(_hits_or_failure(search, pool) for search in searches))


async def _hits_or_failure(search: _Search, pool: ParserPool) -> list[Hit] | Decision:
    try:
        return await search.run(pool)
    except Unreadable as error:
        return failed(error.cause, short(f"detection: {error.detail}"))
    except Exception:
        logger.exception("Detection failed on our side")
        return failed(Cause.INTERNAL)


def _text_of(passage: Passage, now: dt.datetime) -> Text:
    return Text(
        body=passage.body,
        title=passage.title,
        published_on=passage.published_on or now.date(),
        language=passage.language or _DEFAULT_LANGUAGE,
        is_day_assumed=passage.published_on is None,
    )


def watched(target: Target) -> WatchedTarget:
    """Return a target as detection takes it; its relations are best loaded beforehand."""
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
