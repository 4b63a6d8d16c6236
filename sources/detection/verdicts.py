"""From a claim to the status it means for one target, tested against its demand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sources.detection.claims import Claim
from sources.detection.dates import Timing
from sources.detection.polarity import Mode
from sources.detection.record import can_extend
from sources.detection.relevance import STOPS, Demand

_PROMISES = frozenset({"commit", "pledge", "agree"})
_SETTLED_BY_FACT = (Mode.DONE, Mode.DECIDED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status, and whether it only extends the outcome on record."""

    status: str
    extends: bool = False


def judge(
    claim: Claim, timing: Timing, demand: Demand, recorded: str | None, published: dt.date | None
) -> Verdict | None:
    """Return what a claim means for a target; ``None`` when it changes nothing by itself."""
    if claim.ends_a_measure and claim.mode in (*_SETTLED_BY_FACT, Mode.PLANNED):
        return Verdict("reversed") if can_extend(recorded) else None
    if claim.meaning == "extend":
        extends = claim.mode in _SETTLED_BY_FACT and can_extend(recorded)
        return Verdict(recorded or "", extends=True) if extends else None
    if claim.meaning in STOPS and demand.asks_to_stop:
        return _of_stop(claim, timing, published)
    if claim.meaning == "fulfil" and not demand.asks_to_stop:
        return _of_deed(claim, demand)
    if claim.meaning == "persist":
        persists = demand.asks_to_stop and claim.mode is Mode.DECIDED
        return Verdict("refused") if persists else None
    return _of_fact(claim)


def _of_fact(claim: Claim) -> Verdict | None:
    """Judge what means the same whatever was asked."""
    statuses = {
        "review": "under_review",
        "refuse": "refused",
        "resume": "reversed",
        "lapse": "expired",
        "settle": "settled",
        "sue": "in_court",
        "sued": "in_court",
        "forbid": "mandated",
        "call": "called_on",
    }
    status = statuses.get(claim.meaning)
    if status is None or (
        claim.mode not in _SETTLED_BY_FACT and claim.meaning not in ("call", "forbid")
    ):
        return None
    return Verdict(status)


def _of_stop(claim: Claim, timing: Timing, published: dt.date | None) -> Verdict | None:
    """Judge a stop, a pause or a restriction against a demand to stop."""
    if claim.mode is Mode.REFUSED:
        return Verdict("refused")
    if claim.mode is Mode.WEIGHED:
        return Verdict("under_review")
    if claim.mode is Mode.PLANNED:
        return Verdict("partial" if claim.meaning == "limit" or claim.has_limit else "committed")
    if claim.meaning == "pause":
        return Verdict("paused")
    if claim.meaning == "limit" or claim.has_limit:
        return Verdict("partial")
    if timing.is_temporary:
        return Verdict("paused")
    if claim.meaning == "phase":
        return Verdict("committed" if claim.verb != "phased" else "met")
    if timing.is_far(published):
        return Verdict("committed")
    return Verdict("met")


def _of_deed(claim: Claim, demand: Demand) -> Verdict | None:
    """Judge an act against a demand to do something."""
    if claim.mode is Mode.REFUSED:
        return Verdict("refused")
    if claim.mode is Mode.WEIGHED:
        return Verdict("under_review")
    if claim.has_limit:
        return Verdict("partial")
    promised = any(claim.verb.startswith(word[:-1]) for word in _PROMISES)
    asked_to_promise = demand.text.lower().startswith(tuple(_PROMISES))
    if claim.mode is Mode.DONE and (not promised or asked_to_promise):
        return Verdict("met")
    return Verdict("committed")
