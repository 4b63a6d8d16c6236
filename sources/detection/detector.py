"""From a text and the watched targets to candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sources.detection.candidates import EXTENSION
from sources.detection.conditions import find_condition
from sources.detection.evidence import find_evidence
from sources.detection.exemptions import find_exemptions
from sources.detection.extent import MOST_SENTENCES
from sources.detection.foreign.findings import find_in
from sources.detection.foreign.languages import language_to_read
from sources.detection.foreign.vocabulary import LANGUAGES
from sources.detection.judgement import Judgement, judge_text
from sources.detection.lateness import Reading
from sources.detection.model import Candidate, Text, WatchedTarget
from sources.detection.moved import find_moved_end
from sources.detection.novelty import new_sentences
from sources.detection.panorama import Panorama, Reader
from sources.detection.reasons import reasons_for
from sources.detection.tables import Row, changed_rows, find_changed_row
from sources.detection.terms import terms_of
from sources.detection.weights import Weights, weights

_YEARS = range(1900, 2201)
"""Another year is no year of publication, and what is counted from it may be no date."""
_CONDITIONAL = frozenset({"paused", "committed", "partial", "met"})


def detect(before: str | None, after: Text, targets: Sequence[WatchedTarget]) -> list[Candidate]:
    """Find the status changes that a text reports.

    Args:
        before: the text as it was; only sentences that it did not have count. ``None``: all count.
        after: the text as it is.
        targets: what is watched, with what is on record about it; keys are unique.

    Returns:
        At most one candidate per target, best first, from the first 3,000 new sentences. In
        Spanish, French and German only what is stated plainly; in other languages nothing.
    """
    if not targets:
        return []
    if after.published_on and after.published_on.year not in _YEARS:
        after = replace(after, published_on=None)
    language = language_to_read(after.language, after.body)
    if language in LANGUAGES:
        return find_in(before, after, targets, language, MOST_SENTENCES)
    if language != "en":
        return []
    reader = Reader(
        after, targets, may_be_late=before is not None and after.is_day_assumed, before=before
    )
    places = new_sentences(before, after.body, reader.sentences)[:MOST_SENTENCES]
    rows = changed_rows(reader)
    learnt = weights()
    found = []
    for target in reader.targets_spoken_of([*places, *(row.place for row in rows.values())]):
        panorama = Panorama(reader, target, learnt.known)
        judgement = _judge(panorama, places, rows, learnt)
        if judgement and judgement.is_found(learnt):
            found.append(_candidate(panorama, judgement, learnt))
    return sorted(found, key=lambda candidate: (-candidate.score, candidate.start))


def _judge(
    panorama: Panorama, places: Sequence[int], rows: Mapping[str, Row], learnt: Weights
) -> Judgement | None:
    """Judge what a text says of the target; what an undated page says late, only if need be."""
    fresh, late = find_evidence(panorama, places)
    judgement = judge_text(panorama, fresh, places, learnt)
    if late and not (judgement and judgement.is_found(learnt)):
        judgement = judge_text(panorama, sorted(fresh + late), places, learnt)
    moved = find_moved_end(panorama, sorted(fresh + late)) or find_changed_row(panorama, rows)
    if judgement and judgement.is_found(learnt) and moved and judgement.place != moved.place:
        return judgement
    return moved or judgement


def _candidate(panorama: Panorama, judgement: Judgement, learnt: Weights) -> Candidate:
    target, reader = panorama.target, panorama.reader
    sentence = reader.sentences[judgement.place]
    extends = judgement.status == EXTENSION
    status = (target.status or "") if extends else judgement.status
    terms = terms_of(reader, judgement.place, status, extends=extends, target=target)
    is_conditional = status in _CONDITIONAL
    exemptions: tuple[str, ...] = ()
    if is_conditional:
        for near in reader.sentences[judgement.place : judgement.place + 2]:
            exemptions = exemptions or find_exemptions(near.text)
    reading = reader.reading(judgement.place)
    return Candidate(
        target=target.key,
        status=status,
        extends=extends,
        effective_on=terms.effective.day if terms.effective else None,
        effective_precision=terms.effective.precision if terms.effective else "day",
        expires_on=terms.expires.day if terms.expires else None,
        expires_precision=terms.expires.precision if terms.expires else "day",
        exemptions=exemptions,
        condition=find_condition(sentence.text) if is_conditional else "",
        sentence=sentence.text,
        start=sentence.start,
        end=sentence.end,
        score=round(min(judgement.probability - _penalty(reading), 0.99), 2),
        reasons=reasons_for(panorama, judgement, learnt),
    )


def _penalty(reading: Reading | None) -> float:
    return reading.penalty if reading else 0.0
