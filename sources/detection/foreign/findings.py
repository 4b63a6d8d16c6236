"""Candidates of a Spanish, French or German text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sources.detection.claims import Claim
from sources.detection.dates import When
from sources.detection.deadlines import date_ahead, due_date, end_behind, end_of_stop, later_end
from sources.detection.foreign.dating import in_english
from sources.detection.foreign.outlook import Outlook
from sources.detection.foreign.story import Story
from sources.detection.lateness import Reading
from sources.detection.lexicon import lexicon
from sources.detection.model import Candidate, Text, WatchedTarget
from sources.detection.novelty import new_sentences
from sources.detection.polarity import Mode
from sources.detection.record import CONCEDED, is_news
from sources.detection.relevance import Demand
from sources.detection.verdicts import Verdict, judge

_SETTLED = frozenset({"met", "mandated", "settled"})
"""On record, these are left only by what takes them back, or what was ordered being done."""
_ENDING = frozenset({"paused", "committed", "partial", "settled", "expired"})
_UNTOUCHED_BY_RECORD = frozenset({"resume", "lapse", "extend", "settle", "sue", "call"})
_RANKS = ("settle", "extend", "resume", "lapse", "pause", "limit", "forbid", "sue")
"""Of several claims in a text, the first of these meanings is what it reports."""
_LEAST = 2
"""So much must speak for a statement: of its naming the target, the headline, the demand."""
_NEAR, _SOON = 10, 5
"""So near before and after an act stands what makes it a repeat."""
_CLOSE = 0.01
"""Statements that differ and are told as plainly as this to one another: nothing is reported."""
_YEAR = dt.timedelta(days=366)
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
    new = new_sentences(before, text.body, story.sentences)[:most]
    places = [place for place in new if story.is_readable(place)]
    found = []
    for target in story.targets_spoken_of(places):
        outlook = Outlook(story, target)
        best = _best(outlook, places)
        if best:
            found.append(_candidate(outlook, best))
    return sorted(found, key=lambda candidate: (-candidate.score, candidate.start))


def _best(outlook: Outlook, places: Sequence[int]) -> _Found | None:
    found = [one for place in places for one in _at(outlook, place)]
    if not found:
        return None
    ranked = [one for one in found if one.claim.meaning in _RANKS]
    if ranked:
        first = min(_RANKS.index(one.claim.meaning) for one in ranked)
        found = [one for one in ranked if _RANKS.index(one.claim.meaning) == first]
    best = max(found, key=lambda one: (one.score, -one.place))
    differing = {one.verdict for one in found if one.score >= best.score - _CLOSE}
    return best if len(differing) == 1 else None


def _at(outlook: Outlook, place: int) -> list[_Found]:
    """Return what a sentence reports for a target."""
    story, target = outlook.story, outlook.target
    line = story.line(place)
    if not line.sentence.is_prose or line.sentence.text.rstrip("\"'”’»“)").endswith("?"):
        return []
    if any(story.words.has(one, line.tokens) for one in ("nobody_says", "not_so")):
        return []
    claims = list(outlook.told(place))
    if not claims or not outlook.touches_demand(place):
        return []
    found = []
    for act, claim in claims:
        reading = story.reading(place, is_past_due=claim.meaning == "lapse")
        if reading is None or (target.status_since and reading.is_before(target.status_since)):
            continue
        decided = claim.meaning == "persist" and claim.mode is Mode.DECIDED
        if (
            not decided
            and claim.meaning not in _UNTOUCHED_BY_RECORD
            and story.words.has(
                "restated", line.tokens[max(0, act.first - _NEAR) : act.last + _SOON]
            )
        ):
            continue
        if claim.meaning not in ("lapse", "refuse", "sue", "call") and story.words.has(
            "not_final", line.tokens
        ):
            continue
        verdict = _verdict(outlook, _as_told(outlook, claim, place), reading)
        if verdict and not _is_clear(outlook, claim, verdict, place):
            continue
        if verdict and _is_news(verdict, target) and _support(outlook, claim, place) >= _LEAST:
            found.append(_Found(verdict, claim, place, reading, _score(outlook, claim, place)))
    return found


def _verdict(outlook: Outlook, claim: Claim, reading: Reading) -> Verdict | None:
    if claim.meaning == "forbid" and claim.mode is not Mode.DONE:
        return None
    if claim.meaning == "keep":
        kept = outlook.target.status == "committed" and claim.mode is Mode.DONE
        return Verdict("met") if kept else None
    demand = Demand(outlook.target, lexicon())
    demand.asks_to_stop = outlook.topics.asks_to_stop
    published = reading.told.day if reading.told else None
    return judge(claim, reading.timing, demand, outlook.target.status, published)


def _as_told(outlook: Outlook, claim: Claim, place: int) -> Claim:
    """Return a claim as its surroundings qualify it: for a time only, by and by, by a far day."""
    story = outlook.story
    tokens = story.line(place).tokens
    if claim.meaning in ("stop", "renounce") and story.words.has("temporary", tokens):
        return replace(claim, meaning="pause")
    if claim.meaning == "forbid" and story.words.has("provisional", tokens):
        return replace(claim, meaning="pause")
    if claim.mode in (Mode.DONE, Mode.DECIDED) and claim.meaning in ("stop", "renounce", "fulfil"):
        after = story.line(place + 1).tokens if place + 1 < len(story.sentences) else ()
        hedged = story.words.has("hedged", tokens) or story.words.has("undated", tokens)
        if hedged or story.words.has("undated", after) or _is_far_off(story, place):
            return replace(claim, mode=Mode.PLANNED)
    return claim


def _is_clear(outlook: Outlook, claim: Claim, verdict: Verdict, place: int) -> bool:
    """Tell whether nothing near an end told as complete speaks of a part, or of a time.

    That something is weighed counts only where it is told who says so.
    """
    if verdict.status == "under_review":
        return not _is_unsaid(outlook.story, claim, place)
    if verdict.status != "met" or verdict.extends:
        return True
    story = outlook.story
    own = outlook.telling(story.line(place).tokens)
    near = [own, story.title.tokens]
    if place + 1 < len(story.sentences):
        near.append(story.line(place + 1).tokens)
    if story.words.has("limited", own) or any(story.words.has("rest", one) for one in near[2:]):
        return False
    if any(story.words.has("temporary", tokens) for tokens in near):
        return False
    titled = any(act.meaning == claim.meaning for act in story.title.acts)
    return outlook.target.status not in ("paused", "partial") or titled


def _is_unsaid(story: Story, claim: Claim, place: int) -> bool:
    """Tell whether a sentence has a weak word for a review, and no word for saying so."""
    classes = story.words.classes
    told = {token.low for token in story.line(place).tokens}
    weak = claim.mode is Mode.WEIGHED or claim.verb in classes["modal_weighed"]
    # German says "prüft" of a review; the others weigh what may never come.
    return weak and (story.words.language != "de" or told.isdisjoint(classes["reporting"]))


def _is_far_off(story: Story, place: int) -> bool:
    """Tell whether a sentence, the one after it or the headline names a day over a year ahead."""
    if story.published is None:
        return False
    texts = [in_english(story.text.title, story.words.language), story.english(place)]
    if place + 1 < len(story.sentences):
        texts.append(story.english(place + 1))
    ends = [_due(text, story.published) for text in texts]
    return any(end and _last_day(end) - story.published.day > _YEAR for end in ends)


def _last_day(when: When) -> dt.date:
    """Return the last day of a year, or the day itself."""
    return when.day.replace(month=12, day=31) if when.precision == "year" else when.day


def _is_news(verdict: Verdict, target: WatchedTarget) -> bool:
    recorded = target.status
    if recorded == "in_court" and verdict.status in ("met", "committed", "partial"):
        return False  # it may be what a settlement binds to
    if verdict.status == "settled" and recorded != "in_court":
        return False
    if verdict.extends:
        return recorded in CONCEDED
    if verdict.status in ("reversed", "expired") and recorded not in CONCEDED:
        return False
    if verdict.status == "called_on" and recorded not in (None, "withdrawn"):
        return False
    if recorded in _SETTLED and verdict.status != "reversed":
        return recorded == "mandated" and verdict.status == "met"
    return is_news(verdict.status, recorded)


def _support(outlook: Outlook, claim: Claim, place: int) -> int:
    """Count what speaks for a statement: the name, the headline, the words of the demand."""
    line, title = outlook.story.line(place), outlook.story.title
    same = any(act.meaning == claim.meaning for act in title.acts)
    shared = len(outlook.topics.shared(line.tokens))
    return (
        line.names(outlook.target.key)
        + same
        + (2 if outlook.topics.is_unstated else min(2, shared))
    )


def _score(outlook: Outlook, claim: Claim, place: int) -> float:
    line, title = outlook.story.line(place), outlook.story.title
    score = _BASE + _NAMED * line.names(outlook.target.key)
    score += _TITLE * any(act.meaning == claim.meaning for act in title.acts)
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
    text, told = story.english(found.place), story.published
    if found.verdict.extends:
        return timing.effective, later_end(text, told, told) or _due(text, told)
    if status == "paused":
        return timing.effective, end_of_stop(text, told, told)
    return timing.effective, _due(text, told)


def _due(text: str, told: When | None) -> When | None:
    """Return when something falls due that a sentence announces; ``None`` if untold."""
    return due_date(text, told, told) or date_ahead(text, told, told)


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
