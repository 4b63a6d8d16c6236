"""From what sentences report to what a text says is new for one target, against the record."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from sources.detection.features import features_at, features_of_title, is_about_target
from sources.detection.panorama import Panorama
from sources.detection.record import can_extend, is_news
from sources.detection.weights import Rows, Weights, probability

EXTENSION = "extension"
ASKED = "asked"
"""The space of what is asked: it tells which status a sentence reports, never that it does."""
READ_CLOSELY = 6
"""Of so many sentences that most look like news, the status is asked."""
OWN_DECISIONS = frozenset({"met", "paused", "committed", "partial"})
_LOOKED_AT = 8
"""Of so many sentences of a long text all features are read."""
_SMALL = 1e-4
_UNTOLD, _NO_SECOND = -4.0, -3.0
"""Log odds of what no sentence can tell."""


@dataclass(frozen=True, slots=True)
class Report:
    """A sentence, how likely it reports a change, and of which status then.

    ``verdicts`` are the statuses that the grammar reads in it.
    """

    place: int
    news: float
    shares: Sequence[float]
    verdicts: Set[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Account:
    """What a text says of one target: its sentences, the likeliest first, and all of them together.

    ``whole`` is how much speaks for the text reporting any change, as log odds.
    """

    reports: Sequence[Report]
    whole: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a text most likely says is new for a target.

    Attributes:
        status: the status; ``extension`` for a later end of the one on record.
        place: of the sentence that says so.
        probability: that the text reports any change for the target.
        is_plain: whether the grammar reads that status, as news on the demand, in that sentence.
    """

    status: str
    place: int
    probability: float
    is_plain: bool

    def is_found(self, weights: Weights) -> bool:
        """Tell whether it is likely enough: a plain statement needs less than a mere likeness."""
        return self.probability >= (weights.least_plain if self.is_plain else weights.least)


def judge_text(
    panorama: Panorama, evidence: Sequence[int], weighed: Sequence[int], weights: Weights
) -> Judgement | None:
    """Return the likeliest change that a text reports; ``None`` without evidence.

    Args:
        panorama: the text as the target sees it.
        evidence: the places of the sentences that may say so.
        weighed: those of all that bear on the target.
        weights: what was learnt.
    """
    if not evidence:
        return None
    account = read_account(panorama, evidence, weighed, weights)
    best, rest = None, 1.0
    asks_to_stop, recorded = panorama.demand.asks_to_stop, panorama.target.status
    for status, place, features in candidates(account, weights.statuses, recorded, asks_to_stop):
        odds = weights.candidate_bias + sum(
            weights.candidate.get(name, 0.0) * value for name, value in features.items()
        )
        chance = probability(odds)
        rest *= 1 - chance
        if best is None or chance > best[0]:
            best = chance, status, place
    if best is None:
        return None
    _, status, place = best
    chance, plain = 1 - rest, _plain_statement(panorama, account.reports, weights)
    # What the company itself decides counts more than that it was sued.
    if plain and (chance < weights.least or (status == "in_court" and plain[0] in OWN_DECISIONS)):
        status, place = plain
    return Judgement(status, place, chance, is_plain=(status, place) == plain)


def _plain_statement(
    panorama: Panorama, reports: Sequence[Report], weights: Weights
) -> tuple[str, int] | None:
    """Return the news on the demand that the grammar reads, in its likeliest sentence."""
    recorded = panorama.target.status
    for report in reports:
        if panorama.touches_demand(report.place):
            for status in weights.statuses:
                fits = status == EXTENSION or is_news(status, recorded)
                if status in report.verdicts and fits:
                    return status, report.place
    return None


def read_account(
    panorama: Panorama, evidence: Sequence[int], weighed: Sequence[int], weights: Weights
) -> Account:
    """Return what the evidence says, sentence by sentence, and what it all says together.

    Of a long text only the likeliest sentences are read, those that may be evidence first.
    """
    views = panorama.views
    title = weights.find(features_of_title(panorama.title)) if panorama.title else {}
    scored = []
    record = record_features(panorama.target.status, panorama.demand.asks_to_stop)
    together = weights.find((space, {run}) for space, run in record)
    about: Rows = {}
    asked = weights.find([(ASKED, panorama.demand.runs)])
    told = set(_skim(panorama, evidence, _LOOKED_AT, weights))
    others = [place for place in weighed if place not in told]
    for place in sorted([*told, *_skim(panorama, others, _LOOKED_AT - len(told), weights)]):
        found = weights.find(features_at(views, place, None)) | title
        for text in (together, about) if is_about_target(views[place]) else (together,):
            for space, rows in found.items():
                text.setdefault(space, {}).update(rows)
        if place in told:
            score, shares = weights.read_sentence(found | asked)
            scored.append((score, place, shares))
    scored.sort(key=lambda one: (-one[0], one[1]))
    reports = [
        Report(place, probability(score), shares, views[place].verdicts)
        for score, place, shares in scored[:READ_CLOSELY]
    ]
    return Account(reports, weights.read_text(together, about))


def record_features(status: str | None, asks_to_stop: bool) -> Iterator[tuple[str, str]]:
    """Yield what a text as a whole is weighed against: each a space and a run in it."""
    yield "record", status or "none"
    yield "record", "asked to stop" if asks_to_stop else "asked to do"


def _skim(panorama: Panorama, places: Sequence[int], most: int, weights: Weights) -> Sequence[int]:
    """Return the sentences of a long text that are worth a closer look: by name and tags alone."""
    if len(places) <= most:
        return places
    if not most:
        return ()
    words = panorama.reader.words.tags

    def likeness(place: int) -> float:
        tokens = panorama.reader.sentences[place].tokens
        told = {words[token.low] for token in tokens if token.low in words}
        return sum(map(weights.of_tag, told)) + panorama.is_named_in(place)

    return sorted(sorted(places, key=likeness, reverse=True)[:most])


def candidates(
    account: Account, statuses: Sequence[str], status: str | None, asks_to_stop: bool
) -> Iterator[tuple[str, int, dict[str, float]]]:
    """Yield each status that would be a change, with its best sentence and what speaks for it.

    With nothing on record, all but a first demand is weighed as if the demand had been made.
    """
    reports, whole = account.reports, account.whole
    overall = _overall(reports)
    asked = "stop" if asks_to_stop else "do"
    for at, new in enumerate(statuses):
        recorded = status or ("none" if new == "called_on" else "called_on")
        if new == recorded or (new == EXTENSION and not can_extend(recorded)):
            continue
        on_record = statuses.index(recorded) if recorded in statuses else None
        best = max(reports, key=lambda report: report.news * report.shares[at])
        features = {
            **_of_record(reports, recorded, None if on_record is None else overall[on_record]),
            **_of_status(best, at, new, on_record),
            "share overall": _log_odds(overall[at]),
            "the whole text": whole,
            f"the whole text {new}": whole,
            f"the whole text against {recorded}": whole,
            f"from {recorded} to {new}": 1.0,
            f"asked to {asked}: {new}": 1.0,
        }
        yield new, best.place, features


def _of_record(reports: Sequence[Report], recorded: str, told: float | None) -> Mapping[str, float]:
    """Return what the text says on the whole, and how much it tells what is on record."""
    odds = _UNTOLD if told is None else _log_odds(told)
    return {
        f"record {recorded}": 1.0,
        "news at most": _log_odds(reports[0].news),
        "news of the second": _log_odds(reports[1].news) if len(reports) > 1 else _NO_SECOND,
        "record told": odds,
        f"record told {recorded}": odds,
        f"sentences {len(reports)}": 1.0,
    }


def _of_status(best: Report, at: int, new: str, on_record: int | None) -> Mapping[str, float]:
    """Return what the sentence that best tells a status says for it and for others."""
    others = [one for place, one in enumerate(best.shares) if place not in (at, on_record)]
    features = {
        "news": _log_odds(best.news),
        f"news {new}": _log_odds(best.news),
        "share": _log_odds(best.shares[at]),
        f"share {new}": _log_odds(best.shares[at]),
        "share of another": _log_odds(max(others)),
        "record told there": _UNTOLD if on_record is None else _log_odds(best.shares[on_record]),
        f"status {new}": 1.0,
    }
    if best.verdicts:
        features["the grammar agrees" if new in best.verdicts else "the grammar differs"] = 1.0
    return features


def _overall(reports: Sequence[Report]) -> list[float]:
    """Return the share of each status over all sentences, by how much each looks like news."""
    whole = sum(report.news for report in reports) + _SMALL
    columns = zip(*(report.shares for report in reports), strict=True)
    news = [report.news for report in reports]
    return [
        sum(share * one for share, one in zip(column, news, strict=True)) / whole
        for column in columns
    ]


def _log_odds(share: float) -> float:
    return math.log(share + _SMALL) - math.log(1 - share + _SMALL)
