"""Candidates of a Spanish, French or German text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sources.detection.claims import Claim
from sources.detection.deadlines import end_ahead, end_behind
from sources.detection.dates import When
from sources.detection.foreign.reader import Outlook, Story
from sources.detection.lateness import Reading
from sources.detection.lexicon import lexicon
from sources.detection.model import Candidate, Text, WatchedTarget
from sources.detection.novelty import new_sentences
from sources.detection.record import CONCEDED, is_news
from sources.detection.relevance import Demand
from sources.detection.verdicts import Verdict, judge

_SETTLED = frozenset({"met", "mandated", "settled"})
"""On record, these are left only by what takes them back, or what was ordered being done."""
_ENDING = frozenset({"paused", "committed", "partial", "settled", "expired"})
_UNTOUCHED_BY_RECORD = frozenset({"resume", "lapse", "extend", "settle", "sue"})
_BASE, _NAMED, _TITLE, _TOUCHED = 0.7, 0.08, 0.1, 0.04


@dataclass(frozen=True, slots=True)
class _Found:
    verdict: Verdict
    claim: Claim
    place: int
    reading: Reading
    score: float


def find_in(
    before: str | None, text: Text, targets: Sequence[WatchedTarget], language: str, most: int
) -> list[Candidate]:
    """Find the status changes that a text states plainly.

    Args:
        before: the text as it was; ``None``: all of it is new.
        text: the text as it is, in a language of :data:`vocabulary.LANGUAGES`.
        targets: what is watched.
        language: the language it is written in.
        most: so many new sentences are read.

    Returns:
        At most one candidate per target, best first.
    """
    late = before is not None and text.is_day_assumed
    story = Story(text, targets, language, may_be_late=late)
    places = new_sentences(before, text.body, story.sentences)[:most]
    found = []
    for target in targets:
        outlook = Outlook(story, target)
        best = _best(outlook, places)
        if best:
            found.append(_candidate(outlook, best))
    return sorted(found, key=lambda candidate: (-candidate.score, candidate.start))


def _best(outlook: Outlook, places: Sequence[int]) -> _Found | None:
    found = [one for place in places for one in _at(outlook, place)]
    return max(found, key=lambda one: (one.score, -one.place), default=None)


def _at(outlook: Outlook, place: int) -> list[_Found]:
    """Return what a sentence reports for a target."""
    story, target = outlook.story, outlook.target
    line = story.line(place)
    if not line.sentence.is_prose or line.sentence.text.rstrip("\"'”’»“)").endswith("?"):
        return []
    if any(story.words.has(one, line.tokens) for one in ("nobody_says", "not_so")):
        return []
    claims = list(outlook.claims(place))
    if not claims or not outlook.touches_demand(place):
        return []
    reading = story.reading(place)
    if reading is None or (target.status_since and reading.is_before(target.status_since)):
        return []
    found = []
    for claim in claims:
        if claim.meaning not in _UNTOUCHED_BY_RECORD and story.words.has("restated", line.tokens):
            continue
        if claim.meaning != "lapse" and story.words.has("not_final", line.tokens):
            continue
        verdict = _verdict(outlook, claim, reading)
        if verdict and _is_news(verdict, target):
            found.append(_Found(verdict, claim, place, reading, _score(outlook, claim, place)))
    return found


def _verdict(outlook: Outlook, claim: Claim, reading: Reading) -> Verdict | None:
    demand = Demand(outlook.target, lexicon())
    demand.asks_to_stop = outlook.topics.asks_to_stop
    published = reading.told.day if reading.told else None
    return judge(claim, reading.timing, demand, outlook.target.status, published)


def _is_news(verdict: Verdict, target: WatchedTarget) -> bool:
    recorded = target.status
    if verdict.extends:
        return recorded in CONCEDED
    if verdict.status in ("reversed", "expired") and recorded not in CONCEDED:
        return False
    if verdict.status == "called_on" and recorded not in (None, "withdrawn"):
        return False
    if recorded in _SETTLED and verdict.status != "reversed":
        return recorded == "mandated" and verdict.status == "met"
    return is_news(verdict.status, recorded)


def _score(outlook: Outlook, claim: Claim, place: int) -> float:
    line, title = outlook.story.line(place), outlook.story.title
    score = _BASE + _NAMED * line.names(outlook.target.key)
    score += _TITLE * any(act.meaning == claim.meaning for act in outlook.story.acts(title))
    return score + _TOUCHED * min(2, len(outlook.topics.shared(line.tokens)))


def _candidate(outlook: Outlook, found: _Found) -> Candidate:
    story, target, verdict = outlook.story, outlook.target, found.verdict
    sentence = story.sentences[found.place]
    status = (target.status or "") if verdict.extends else verdict.status
    effective, expires = _terms(story, found, status)
    return Candidate(
        target=target.key,
        status=status,
        extends=verdict.extends,
        effective_on=effective.day if effective else None,
        effective_precision=effective.precision if effective else "day",
        expires_on=expires.day if expires else None,
        expires_precision=expires.precision if expires else "day",
        exemptions=(),
        condition="",
        sentence=sentence.text,
        start=sentence.start,
        end=sentence.end,
        score=round(found.score - found.reading.penalty, 2),
        reasons=_reasons(outlook, found, status),
    )


def _terms(story: Story, found: _Found, status: str) -> tuple[When | None, When | None]:
    """Return since when it holds, and when it ends or falls due."""
    timing = found.reading.timing
    if status == "expired" and not found.verdict.extends:
        return None, end_behind(story.english(found.place), story.published)
    if timing.is_open_ended or not (status in _ENDING or found.verdict.extends):
        return timing.effective, None
    if status == "paused" and timing.expires:
        return timing.effective, timing.expires
    return timing.effective, end_ahead(story.english(found.place), story.published)


def _reasons(outlook: Outlook, found: _Found, status: str) -> tuple[str, ...]:
    claim, recorded = found.claim, outlook.target.status
    shared = outlook.topics.shared(outlook.story.line(found.place).tokens)
    told = f"{status}, extended" if found.verdict.extends else status
    reasons = [claim.reasons[0], f"'{claim.phrase}' → {told}", claim.reasons[1]]
    if shared:
        reasons.append(f"shares with the demand: {', '.join(shared)}")
    if found.verdict.extends:
        reasons.append(f"gives the recorded {recorded} a later end")
    else:
        reasons.append(
            f"differs from the recorded {recorded}" if recorded else "nothing is on record"
        )
    if found.reading.lateness:
        reasons.append(found.reading.lateness)
    return tuple(reason for reason in reasons if reason)
