"""From a text and the watched targets to candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sources.detection.claims import Claim, Scene, read_claims
from sources.detection.conditions import find_condition
from sources.detection.dates import When
from sources.detection.exemptions import find_exemptions
from sources.detection.lateness import Reading, read_when
from sources.detection.lexicon import Lexicon, lexicon
from sources.detection.model import Candidate, Text, WatchedTarget
from sources.detection.names import NameIndex
from sources.detection.novelty import new_sentences
from sources.detection.record import is_news
from sources.detection.relevance import Demand, content_words
from sources.detection.sentences import Sentence, split
from sources.detection.story import Story
from sources.detection.verdicts import Verdict, judge

_PRECEDENCE = {"settled": 0, "reversed": 2, "in_court": 3, "called_on": 4}
"""Of several reports the company's own decision wins over a suit, and a settlement over both.

A reversal yields to a new decision: a company may also reverse its course towards the demand.
"""
_CONDITIONAL = frozenset({"paused", "committed", "partial", "met"})
_ENDING = frozenset({"paused", "committed", "partial", "settled"})
_LEAST_SCORE = 0.5
_NAMED, _POINTED_AT = 0.2, 0.05
"""What it adds to a score that the subject is named, or is only "it" or "the company"."""
_LEAST_SHARED_NEARBY = 2


@dataclass(frozen=True, slots=True)
class _Hit:
    """A claim that is news for a target."""

    place: int
    claim: Claim
    verdict: Verdict
    reading: Reading
    score: float
    relevance: str

    @property
    def rank(self) -> tuple[int, float, int]:
        """What makes one hit better than another: its kind, its score, standing earlier."""
        return -_PRECEDENCE.get(self.verdict.status, 1), self.score, -self.place


@dataclass
class _Reader:
    """What is read once for a text, whatever the number of targets."""

    text: Text
    sentences: list[Sentence]
    published: When | None
    words: Lexicon
    targets: dict[int, WatchedTarget]
    may_be_late: bool
    """Whether the text gained its news on an unknown day."""
    demands: dict[int, Demand] = field(default_factory=dict)
    best: dict[int, _Hit] = field(default_factory=dict)

    def demand(self, key: int) -> Demand:
        """Return the demand on a target, taken apart when it is first needed."""
        if key not in self.demands:
            self.demands[key] = Demand(self.targets[key], self.words)
        return self.demands[key]


def detect(before: str | None, after: Text, targets: Sequence[WatchedTarget]) -> list[Candidate]:
    """Find the status changes that a text reports.

    Args:
        before: the text as it was; only sentences that it did not have count. ``None``: all count.
        after: the text as it is.
        targets: what is watched, with what is on record about it; keys are unique.

    Returns:
        At most one candidate per target, best first. Empty for a text that is not in English.
    """
    if after.language.lower().split("-")[0] not in ("en", "") or not targets:
        return []
    words = lexicon()
    published = When(after.published_on, after.published_precision) if after.published_on else None
    reader = _Reader(
        after,
        split(after.body),
        published,
        words,
        {target.key: target for target in targets},
        may_be_late=before is not None and after.is_day_assumed,
    )
    _read(reader, before, NameIndex(targets))
    found = [_candidate(reader, reader.targets[key], hit) for key, hit in reader.best.items()]
    return sorted(found, key=lambda candidate: (-candidate.score, candidate.start))


def _read(reader: _Reader, before: str | None, names: NameIndex) -> None:
    """Read the new sentences for what they claim, the others only as far as these need them."""
    story = Story(reader.sentences, names, reader.words)
    for place in new_sentences(before, reader.text.body, reader.sentences):
        sentence = reader.sentences[place]
        if any(token.low in reader.words.phrases for token in sentence.tokens):
            scene = Scene(sentence, story.mentions(place), story.focus(place), reader.words)
            if claims := list(read_claims(scene)):
                _weigh(reader, place, claims)


def _weigh(reader: _Reader, place: int, claims: Sequence[Claim]) -> None:
    """Keep for each target the best of the claims of a sentence that are news for it."""
    context = reader.sentences[place - 1].text if place else ""
    reading = read_when(
        reader.sentences[place].text, reader.published, context, may_be_late=reader.may_be_late
    )
    if reading is None:
        return
    published = reading.told.day if reading.told else None
    relevances: dict[int, tuple[float, str]] = {}
    for claim in claims:
        for key in claim.actor.keys:
            target = reader.targets[key]
            verdict = judge(claim, reading.timing, reader.demand(key), target.status, published)
            if verdict is None or not _is_news(verdict, reading, target):
                continue
            if key not in relevances:
                relevances[key] = _relevance(reader, place, key)
            score, relevance = relevances[key]
            score += _NAMED if claim.actor.is_named else _POINTED_AT
            if relevance and score >= _LEAST_SCORE:
                score -= reading.penalty
                hit = _Hit(place, claim, verdict, reading, score, relevance)
                if key not in reader.best or hit.rank > reader.best[key].rank:
                    reader.best[key] = hit


def _is_news(verdict: Verdict, reading: Reading, target: WatchedTarget) -> bool:
    """Tell whether a verdict adds to the record and does not lie before it."""
    if target.status_since and reading.is_before(target.status_since):
        return False
    return verdict.extends or is_news(verdict.status, target.status)


def _relevance(reader: _Reader, place: int, key: int) -> tuple[float, str]:
    """Return a score and a reason for how much a sentence is about the demand."""
    demand = reader.demand(key)
    if demand.is_unstated:
        return 0.5, "no demand is given to test it against"
    sentence = reader.sentences[place]
    shared = demand.shared(content_words(sentence.tokens, reader.words))
    if shared:
        return 0.6 + 0.05 * min(len(shared), 3), f"shares with the demand: {', '.join(shared)}"
    nearby = [
        token
        for other in reader.sentences[max(0, place - 2) : place + 2]
        if other.paragraph >= sentence.paragraph - 1 and other.paragraph <= sentence.paragraph
        for token in other.tokens
    ]
    shared = demand.shared(content_words(nearby, reader.words))
    if len(shared) >= _LEAST_SHARED_NEARBY:
        return 0.45, f"its surroundings share with the demand: {', '.join(shared)}"
    return 0.0, ""


def _reasons(hit: _Hit, target: WatchedTarget) -> tuple[str, ...]:
    status = f"{hit.verdict.status}, extended" if hit.verdict.extends else hit.verdict.status
    if hit.verdict.extends:
        record = f"gives the recorded {target.status} a later end"
    elif target.status:
        record = f"differs from the recorded {target.status}"
    else:
        record = "nothing is on record"
    who, whether = hit.claim.reasons
    phrase = f"'{hit.claim.phrase}' → {status}"
    reasons = (who, phrase, whether, hit.relevance, record, hit.reading.lateness)
    return tuple(reason for reason in reasons if reason)


def _candidate(reader: _Reader, target: WatchedTarget, hit: _Hit) -> Candidate:
    sentence, verdict, timing = reader.sentences[hit.place], hit.verdict, hit.reading.timing
    expires = timing.expires or timing.deadline if verdict.status in _ENDING else None
    is_conditional = verdict.status in _CONDITIONAL
    exemptions: tuple[str, ...] = ()
    if is_conditional:
        for near in reader.sentences[hit.place : hit.place + 2]:
            exemptions = exemptions or find_exemptions(near.text)
    return Candidate(
        target=target.key,
        status=verdict.status,
        extends=verdict.extends,
        effective_on=timing.effective.day if timing.effective else None,
        effective_precision=timing.effective.precision if timing.effective else "day",
        expires_on=expires.day if expires else None,
        expires_precision=expires.precision if expires else "day",
        exemptions=exemptions,
        condition=find_condition(sentence.text) if is_conditional else "",
        sentence=sentence.text,
        start=sentence.start,
        end=sentence.end,
        score=round(min(hit.score, 0.99), 2),
        reasons=_reasons(hit, target),
    )
