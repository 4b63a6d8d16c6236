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

from sources.detection.features import Feature

FILE = "weights.json.gz"
FORMAT = 3
_FAR = 30.0


Row = tuple[float, ...]
"""What a run speaks for: for news in its sentence, in a text that has it, in a text that says it of
the target, and for each of the statuses."""
_NEWS, _TEXT, _ABOUT, _STATUSES = 0, 1, 2, 3
Rows = dict[str, dict[str, Row]]
"""Space → run → its weights."""


@dataclass(frozen=True)
class Weights:
    """Weights of features, of four questions asked in turn.

    Attributes:
        known: stems that weights are learnt for.
        runs: the weights of the first three questions, in one table, as looking up is what takes
            longest: does a sentence report a change, does the text as a whole, and which one is
            it. Spaces are those of sentences, ``asked`` and ``record``.
        news_bias: what is added to the sum for news in a sentence.
        text_bias: the same for news in a text.
        statuses: the statuses that are told apart; ``extension`` is one of them.
        status_bias: what is added to the sum of each.
        candidate: weights of the features of a candidate (see ``judgement.py``).
        candidate_bias: what is added to their sum.
        least: the probability from which a text is said to report a change.
        least_plain: the same where the grammar reads the change, too.
    """

    known: frozenset[str]
    runs: Rows
    news_bias: float
    text_bias: float
    statuses: tuple[str, ...]
    status_bias: tuple[float, ...]
    candidate: Mapping[str, float]
    candidate_bias: float
    least: float
    least_plain: float

    def find(self, features: Iterable[Feature]) -> Rows:
        """Return the weights of those features that have any."""
        found: Rows = {}
        for space, runs in features:
            table = self.runs[space]
            rows = {run: row for run in runs if (row := table.get(run))}
            found.setdefault(space, {}).update(rows)
        return found

    def read_sentence(self, found: Rows) -> tuple[float, list[float]]:
        """Return how much speaks for a sentence reporting a change, and the share of each status.

        The first as log odds; a share is the probability of a status, given that there is a change.
        """
        none = (0.0,) * (_STATUSES + len(self.statuses))
        sums = [sum(column) for column in zip(none, *_all(found), strict=True)]
        told = [one + bias for one, bias in zip(sums[_STATUSES:], self.status_bias, strict=True)]
        most = max(told)
        powers = [math.exp(one - most) for one in told]
        whole = sum(powers)
        return self.news_bias + sums[_NEWS], [one / whole for one in powers]

    def read_text(self, found: Rows, about: Rows) -> float:
        """Return how much speaks for a text reporting a change, as log odds.

        ``about`` is what those of its sentences have that are about the target.
        """
        told = sum(row[_TEXT] for row in _all(found)) + sum(row[_ABOUT] for row in _all(about))
        return self.text_bias + told

    def of_tag(self, tag: str, status: int | None = None) -> float:
        """Return how much a tag speaks for news, or for news of a status, given by its place."""
        row = self.runs["tags"].get(tag)
        if row is None:
            return 0.0
        return row[_NEWS] + (0.0 if status is None else row[_STATUSES + status])


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
    untold = (0.0,) * places
    keys = [str(place) for place in range(places)]
    told = {run: tuple([row.get(key, 0.0) for key in keys]) for run, row in status.items()}
    return {
        run: (*(one.get(run, 0.0) for one in (news, text, about)), *told.get(run, untold))
        for run in news.keys() | text.keys() | about.keys() | status.keys()
    }
