"""Reading what is new for the targets that a source is watched for; nothing is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from campaigns.models import Target
from sources.decisions import Passage
from sources.detection import Candidate, Text, WatchedTarget, detect
from sources.models import Source, Watch

_DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate, the passage that it was found in, and whether its watch is trusted."""

    candidate: Candidate
    passage: Passage
    is_trusted: bool


def detect_changes(*, source: Source, passages: Iterable[Passage], now: dt.datetime) -> list[Hit]:
    """Run detection over what is new; of several hits for one status of a target the best counts.

    Args:
        source: whose watches say what to look for.
        passages: what is new.
        now: the moment of the poll: what states no day of its own appeared just before it.
    """
    watches = {watch.target_id: watch for watch in _watches(source)}
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


def _watches(source: Source) -> Iterable[Watch]:
    return source.watches.select_related(
        "target__campaign", "target__company", "target__product"
    ).prefetch_related("target__company__aliases", "target__campaign__topics")


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
