"""What was learnt from labelled passages, read from its data file once."""

from __future__ import annotations

import functools
import gzip
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from sources.detection.features import Feature

FILE = "weights.json.gz"
FORMAT = 2
_FAR = 30.0


@dataclass(frozen=True)
class Weights:
    """Weights of features, of four questions asked in turn.

    Attributes:
        known: stems that weights are learnt for.
        news: space → run → weight, for whether a sentence reports a change.
        news_bias: what is added to their sum.
        statuses: the statuses that are told apart; ``extension`` is one of them.
        status: space → run → weights, one for each of ``statuses``, for which change it is.
        status_bias: what is added to each sum.
        text: space → run → weight, for whether a text as a whole reports a change; its spaces are
            those of sentences and ``record``.
        text_bias: what is added to their sum.
        candidate: weights of the features of a candidate (see ``judgement.py``).
        candidate_bias: what is added to their sum.
        least: the probability from which a text is said to report a change.
        least_plain: the same where the grammar reads the change, too.
    """

    known: frozenset[str]
    news: Mapping[str, Mapping[str, float]]
    news_bias: float
    statuses: tuple[str, ...]
    status: Mapping[str, Mapping[str, Sequence[float]]]
    status_bias: tuple[float, ...]
    text: Mapping[str, Mapping[str, float]]
    text_bias: float
    candidate: Mapping[str, float]
    candidate_bias: float
    least: float
    least_plain: float

    def news_score(self, features: Iterable[Feature]) -> float:
        """Return how much speaks for a sentence reporting a change, as log odds."""
        return self.news_bias + _sum(self.news, features)

    def text_score(self, features: Iterable[Feature]) -> float:
        """Return how much speaks for a text reporting a change, as log odds."""
        return self.text_bias + _sum(self.text, features)

    def status_shares(self, features: Iterable[Feature]) -> list[float]:
        """Return the probability of each status, given that the sentence reports a change."""
        rows: list[Sequence[float]] = [self.status_bias]
        for space, runs in features:
            rows += filter(None, map(self.status[space].get, runs))
        sums = [sum(column) for column in zip(*rows, strict=True)]
        most = max(sums)
        powers = [math.exp(one - most) for one in sums]
        whole = sum(powers)
        return [one / whole for one in powers]


def _sum(weights: Mapping[str, Mapping[str, float]], features: Iterable[Feature]) -> float:
    return sum(sum(filter(None, map(weights[space].get, runs))) for space, runs in features)


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
    data = json.loads(gzip.decompress(packed))
    if data.pop("format", None) != FORMAT:
        raise ValueError(f"weights of another format than {FORMAT}: train them again")
    # In the file a row holds what is not zero, by place.
    places = [str(place) for place in range(len(data["statuses"]))]
    status = {
        space: {run: tuple([row.get(at, 0.0) for at in places]) for run, row in rows.items()}
        for space, rows in data.pop("status").items()
    }
    return Weights(
        known=frozenset(data.pop("known")),
        statuses=tuple(data.pop("statuses")),
        status_bias=tuple(data.pop("status_bias")),
        status=status,
        **data,
    )
