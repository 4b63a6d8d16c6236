"""What was learnt from labelled passages, read from its data file once."""

from __future__ import annotations

import functools
import gzip
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from itertools import chain
from typing import Final

from sources.detection.features import Feature

FILE = "weights.json.gz"
FORMAT = 4
_FAR = 30.0


Row = tuple[float, float, float, tuple[float, ...] | None]
"""What a run speaks for: for news in its sentence, in a text that has it, in a text that says it of
the target, and for each of the statuses; more than half speak for none of these."""
_NEWS: Final = 0
_TEXT: Final = 1
_ABOUT: Final = 2
_STATUSES: Final = 3
Rows = dict[str, dict[str, Row]]
"""Space → run → its weights."""
_NONE: dict[str, Row] = {}
Sums = tuple[float, tuple[float, ...]]
"""Log odds of news, and of each status but for what all have in common."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Weights of named features, and what is added to their sum."""

    weights: Mapping[str, float]
    bias: float

    def odds(self, features: Mapping[str, float]) -> float:
        """Return how much features speak for an answer, as log odds."""
        told = (self.weights.get(name, 0.0) * value for name, value in features.items())
        return self.bias + sum(told)


@dataclass(frozen=True)
class Weights:
    """Weights of features, of five questions asked in turn.

    Attributes:
        known: stems that weights are learnt for.
        runs: the weights of the first three questions, in one table, as looking up is what takes
            longest: does a sentence report a change, does the text as a whole, and which one is
            it. Spaces are those of sentences, ``asked`` and ``record``.
        news_bias: what is added to the sum for news in a sentence.
        text_bias: the same for news in a text.
        statuses: the statuses that are told apart; ``extension`` is one of them.
        status_bias: what is added to the sum of each.
        candidate: weights of the features of a candidate (see ``candidates.py``).
        change: the same of what tells how likely there is any change.
        least: the probability from which a text is said to report a change.
        least_plain: the same where the grammar reads the change, too.
    """

    known: frozenset[str]
    runs: Rows
    news_bias: float
    text_bias: float
    statuses: tuple[str, ...]
    status_bias: tuple[float, ...]
    candidate: Sum
    change: Sum
    least: float
    least_plain: float

    def find(self, features: Iterable[Feature]) -> Rows:
        """Return the weights of those features that have any."""
        found: Rows = {}
        for space, runs in features:
            table = self.runs.get(space, _NONE)
            rows = {run: table[run] for run in table.keys() & runs}
            found.setdefault(space, {}).update(rows)
        return found

    def add_up(self, found: Rows, start: Sums | None = None) -> Sums:
        """Return what some features speak for in a sentence: news, and each status.

        ``start`` is what others do, that were added up before.
        """
        news, statuses = start or (self.news_bias, self.status_bias)
        rows = list(_all(found))
        of_status = [row[_STATUSES] for row in rows if row[_STATUSES]]
        told = tuple(map(sum, zip(statuses, *of_status, strict=True)))
        return news + sum([row[_NEWS] for row in rows]), told

    def read_sentence(self, sums: Sums) -> tuple[float, list[float]]:
        """Return how likely a sentence reports a change, and the share of each status.

        A share is the probability of a status, given that there is a change.
        """
        news, told = sums
        most = max(told)
        powers = [math.exp(one - most) for one in told]
        whole = sum(powers)
        return probability(news), [one / whole for one in powers]

    def read_text(self, found: Rows, about: Rows) -> float:
        """Return how much speaks for a text reporting a change, as log odds.

        ``about`` is what those of its sentences have that are about the target.
        """
        told = sum([row[_TEXT] for row in _all(found)]) + sum([row[_ABOUT] for row in _all(about)])
        return self.text_bias + told

    def of_tag(self, tag: str, status: int | None = None) -> float:
        """Return how much a tag speaks for news, or for news of a status, given by its place."""
        row = self.runs["tags"].get(tag)
        if row is None:
            return 0.0
        of_status = row[_STATUSES]
        return row[_NEWS] + (of_status[status] if of_status and status is not None else 0.0)


def _all(found: Rows) -> Iterator[Row]:
    return chain.from_iterable(rows.values() for rows in found.values())


def probability(log_odds: float) -> float:
    """Turn log odds into a probability."""
    return 1 / (1 + math.exp(-max(-_FAR, min(_FAR, log_odds))))


@functools.cache
def weights() -> Weights:
    """Return the weights; the data file is read at the first call only."""
    packed = resources.files(__package__).joinpath(FILE).read_bytes()
    return read_weights(packed)


def read_weights(packed: bytes) -> Weights:
    """Return weights from the bytes of a data file.

    Raises:
        ValueError: they are of another format.
    """
    # Few numbers differ, as they are rounded: each is kept once.
    data = json.loads(gzip.decompress(packed), parse_float=functools.cache(float))
    if data.pop("format", None) != FORMAT:
        raise ValueError(f"weights of another format than {FORMAT}: train them again")
    statuses = tuple(data.pop("statuses"))
    questions = [data.pop(name) for name in ("news", "text", "about", "status")]
    return Weights(
        known=frozenset(data.pop("known")),
        runs={
            space: _rows(*(one.get(space, {}) for one in questions), places=len(statuses))
            for space in set().union(*questions)
        },
        statuses=statuses,
        status_bias=tuple(data.pop("status_bias")),
        candidate=Sum(**data.pop("candidate")),
        change=Sum(**data.pop("change")),
        **data,
    )


def _rows(
    news: Mapping[str, float],
    text: Mapping[str, float],
    about: Mapping[str, float],
    status: Mapping[str, Mapping[str, float]],
    *,
    places: int,
) -> dict[str, Row]:
    """Return what each run in a space weighs for each question. In the file zeros are left out."""
    keys = [str(place) for place in range(places)]
    told = {run: tuple([row.get(key, 0.0) for key in keys]) for run, row in status.items()}
    return {
        run: (news.get(run, 0.0), text.get(run, 0.0), about.get(run, 0.0), told.get(run))
        for run in news.keys() | text.keys() | about.keys() | status.keys()
    }
