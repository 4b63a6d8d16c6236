"""From what sentences report to what a text says is new for one target, against the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sources.detection.candidates import (
    EXTENSION,
    Account,
    Report,
    candidates,
    features_of_change,
)
from sources.detection.features import View, features_at, features_of_title, tells_of_target
from sources.detection.impression import Question
from sources.detection.panorama import Panorama
from sources.detection.record import is_news
from sources.detection.relevance import Demand
from sources.detection.weights import Rows, Weights, probability

ASKED = "asked"
"""The space of what is asked: it tells which status a sentence reports, never that it does."""
READ_CLOSELY = 6
"""Of so many sentences that may be evidence, news and status are asked."""
OWN_DECISIONS = frozenset({"met", "paused", "committed", "partial"})
_TOGETHER = 6
"""So many sentences of a long text are weighed together."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a text most likely says is new for a target.

    Attributes:
        status: the status; ``extension`` for a later end of the one on record.
        place: of the sentence that says so.
        probability: that the text reports any change for the target.
        is_plain: whether the grammar reads that status, as news on the demand, in that sentence,
            or its date was moved, or a table says it.
        earlier: what the same sentence said before, if only its date was moved, or the row.
    """

    status: str
    place: int
    probability: float
    is_plain: bool
    earlier: str = ""

    def is_found(self, weights: Weights) -> bool:
        """Tell whether it is likely enough: a plain statement needs less than a mere likeness."""
        return self.probability >= (weights.least_plain if self.is_plain else weights.least)


def judge_text(
    panorama: Panorama, evidence: Sequence[int], places: Sequence[int], weights: Weights
) -> Judgement | None:
    """Return the likeliest change that a text reports; ``None`` without evidence.

    Args:
        panorama: the text as the target sees it.
        evidence: the places of the sentences that may say so.
        places: those of all that are new, in order; what stands together is weighed together.
        weights: what was learnt.
    """
    if not evidence:
        return None
    account = read_account(panorama, evidence, places, weights)
    asks_to_stop, recorded = panorama.demand.asks_to_stop, panorama.target.status
    found = [
        (probability(weights.candidate.odds(features)), status, place)
        for status, place, features in candidates(account, weights.statuses, recorded, asks_to_stop)
    ]
    if not found:
        return None
    best, status, place = max(found, key=lambda one: one[0])
    change = features_of_change(account, weights.statuses, recorded, best)
    chance = probability(weights.change.odds(change))
    plain = _plain_statement(panorama, account.reports, weights)
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
    panorama: Panorama, evidence: Sequence[int], places: Sequence[int], weights: Weights
) -> Account:
    """Return what the evidence says, sentence by sentence, and what it all says together.

    Of a long text only the likeliest sentences are read, and what stands around the likeliest of
    them is weighed together: what was learnt of texts was learnt of short ones.
    """
    views, recorded = panorama.views, panorama.target.status
    title: Rows = {}
    if panorama.title:
        title = weights.find(features_of_title(panorama.title, recorded))
    asked = weights.find([(ASKED, panorama.demand.runs)])
    in_all = weights.add_up(title, weights.add_up(asked))
    found = {}
    reports = []
    for place in _skim(panorama, evidence, weights):
        found[place] = weights.find(features_at(views, place, None, recorded))
        news, shares = weights.read_sentence(weights.add_up(found[place], in_all))
        reports.append(Report(place, news, shares, views[place].verdicts))
    reports.sort(key=lambda report: (-report.news, report.place))
    record = record_features(recorded, panorama.demand.asks_to_stop)
    together = weights.find((space, {run}) for space, run in record)
    about: Rows = {}
    nearby = around(places, reports[0].place)
    for place in nearby:
        rows = found.get(place) or weights.find(features_at(views, place, None, recorded))
        for text in (together, about) if tells_of_target(views[place]) else (together,):
            _add(rows, text)
    for text in filter(None, (together, about)):
        _add(title, text)
    # Here alone, as NumPy takes more memory than a process may have that only parses pages.
    from sources.detection.network import network

    question = question_of(
        panorama.demand, panorama.title, [views[place] for place in nearby], recorded
    )
    return Account(reports, weights.read_text(together, about), network().read(question))


def question_of(
    demand: Demand, title: View | None, views: Sequence[View], recorded: str | None
) -> Question:
    """Return what the network is asked of a text."""
    return Question(
        title.outline.stems if title else (),
        [view.outline.stems for view in views],
        [tells_of_target(view) for view in views],
        demand.words,
        recorded,
        demand.asks_to_stop,
    )


def around(places: Sequence[int], place: int) -> Sequence[int]:
    """Return those of a text's sentences, or of what is new in it, that stand around one."""
    first = max(0, min(places.index(place) - _TOGETHER // 2, len(places) - _TOGETHER))
    return places[first : first + _TOGETHER]


def _add(found: Rows, text: Rows) -> None:
    """Add what a sentence has to what a text has."""
    for space, rows in found.items():
        text.setdefault(space, {}).update(rows)


def record_features(status: str | None, asks_to_stop: bool) -> Iterator[tuple[str, str]]:
    """Yield what a text as a whole is weighed against: each a space and a run in it."""
    yield "record", status or "none"
    yield "record", "asked to stop" if asks_to_stop else "asked to do"


def _skim(panorama: Panorama, places: Sequence[int], weights: Weights) -> Sequence[int]:
    """Return the sentences of a long text that are worth a closer look: by name and tags alone."""
    if len(places) <= READ_CLOSELY:
        return places
    words = panorama.reader.words.tags

    def likeness(place: int) -> float:
        tokens = panorama.reader.sentences[place].tokens
        told = {words[token.low] for token in tokens if token.low in words}
        return sum(map(weights.of_tag, told)) + panorama.is_named_in(place)

    return sorted(sorted(places, key=likeness, reverse=True)[:READ_CLOSELY])
