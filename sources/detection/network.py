"""A second reading: a small neural network that sees the words of a text in their order.

Two layers of convolutions over words, as Kim does it ("Convolutional Neural Networks for Sentence
Classification", EMNLP 2014), the most and the mean of each sentence, one convolution over
sentences, and attention over them (Yang et al., "Hierarchical Attention Networks for Document
Classification", NAACL 2016). It is trained by ``training/network.py``; here it only reads, with
NumPy alone. What it says is weighed beside all else (``candidates.py``); reasons come from the
grammar.
"""

from __future__ import annotations

import functools
import io
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from sources.detection.impression import Impression, Question

FILE = "network.npz"
PADDING, UNKNOWN, SENTENCE, NO_TITLE = "<pad>", "<unknown>", "<sentence>", "<no title>"
MARKS = (PADDING, UNKNOWN, SENTENCE, NO_TITLE)
"""What stands in place of words: the first of the network's."""
END = 2
"""So many words of padding end a text: the network learnt texts of one length, filled up so."""
_SENTENCES, _TITLE, _LENGTH, _WHOLE, _DEMAND = 10, 30, 50, 220, 16
"""At most so many sentences are read, words of the headline, of each, of all, of the demand."""

Floats = NDArray[np.float32]


def number(words: Mapping[str, int], question: Question) -> tuple[list[int], list[int], list[int]]:
    """Return a text as numbers of words, the sentence of each, and the demand's words.

    The headline is sentence 0, the first sentence 1. Long texts are cut.
    """
    unknown = words[UNKNOWN]
    title = [words.get(word, unknown) for word in question.title[:_TITLE]]
    tokens = title or [words[NO_TITLE]]
    homes = [0] * len(tokens)
    for place, sentence in enumerate(question.sentences[:_SENTENCES], start=1):
        row = [words.get(word, unknown) for word in sentence[:_LENGTH]]
        tokens += [words[SENTENCE], *row]
        homes += [place] * (1 + len(row))
    demand = [words.get(word, unknown) for word in question.demand[:_DEMAND]]
    return tokens[:_WHOLE], homes[:_WHOLE], demand or [unknown]


@dataclass(frozen=True)
class Network:
    """The trained network.

    Attributes:
        words: each word it knows with its number.
        records: each status on record with its number; ``none`` for nothing.
        statuses: the statuses that it tells apart.
        arrays: its weights by name, as ``training/network.py`` saves them.
    """

    words: Mapping[str, int]
    records: Mapping[str, int]
    statuses: tuple[str, ...]
    arrays: Mapping[str, Floats]

    def read(self, question: Question) -> Impression:
        """Return what it says of a text."""
        tokens, homes, demand_words = number(self.words, question)
        weights = self.arrays
        demand = weights["words"][demand_words].mean(axis=0)
        sentences = self._sentences(tokens, homes, demand)
        count = len(sentences)
        marks = np.zeros((count, 2), np.float32)
        marks[1:, 0] = question.about[: count - 1]
        marks[0, 1] = 1
        told = np.concatenate((sentences, marks), axis=1)
        nearby = _relu(_convolve(told, weights["nearby"], 1) + weights["nearby_bias"])
        recorded = self.records.get(question.recorded or "none", self.records["none"])
        record = weights["records"][recorded]
        asked = np.concatenate((record, [np.float32(question.asks_to_stop)], demand))
        each = np.concatenate((nearby, np.broadcast_to(asked, (count, len(asked)))), axis=1)
        focus = _softmax(each @ weights["focus"] + weights["focus_bias"])
        whole = np.concatenate((focus @ nearby, focus @ sentences, nearby.max(axis=0), asked))
        hidden = _relu(whole @ weights["hidden"] + weights["hidden_bias"])
        news = float(hidden @ weights["news"] + weights["news_bias"])
        shares = _softmax(hidden @ weights["status"] + weights["status_bias"])
        return Impression(news, [float(share) for share in shares])

    def _sentences(self, tokens: Sequence[int], homes: Sequence[int], demand: Floats) -> Floats:
        """Return each sentence as the most and the mean of what its words say in their order."""
        weights, table = self.arrays, self._at_once
        tokens = [*tokens, *[self.words[PADDING]] * END]
        likeness = self._directions[tokens] @ (demand / (math.sqrt(demand @ demand) or 1.0))
        reach = len(table) // 2
        rows = np.zeros((len(tokens), table.shape[2]), np.float32)
        for step, of_words in enumerate(table):
            shift = step - reach
            here = slice(max(0, -shift), len(tokens) - max(0, shift))
            there = slice(max(0, shift), len(tokens) - max(0, -shift))
            like = np.outer(likeness[there], weights["words_near"][step, -1])
            rows[here] += of_words[tokens[there]] + like
        rows = _relu(rows[: len(homes)] + weights["words_near_bias"])
        rows += _relu(_convolve(rows, weights["words_far"], 2) + weights["words_far_bias"])
        starts = [
            0,
            *(at for at, (one, two) in enumerate(itertools.pairwise(homes), 1) if one != two),
        ]
        sizes = np.diff([*starts, len(homes)])[:, None]
        most = np.maximum.reduceat(rows, starts, axis=0)
        return np.concatenate((most, np.add.reduceat(rows, starts, axis=0) / sizes), axis=1)

    @cached_property
    def _at_once(self) -> Floats:
        """What each word adds to its neighbours, so that reading only looks it up."""
        words, steps = self.arrays["words"], self.arrays["words_near"]
        table = np.empty((len(steps), len(words), steps.shape[2]), np.float32)
        for place, step in enumerate(steps):
            np.matmul(words, step[:-1], out=table[place])
        return table

    @cached_property
    def _directions(self) -> Floats:
        words = self.arrays["words"]
        length = np.sqrt((words * words).sum(axis=1, keepdims=True))
        return np.asarray(words / np.where(length > 0, length, 1), np.float32)


def _convolve(rows: Floats, steps: Floats, dilation: int) -> Floats:
    """Return rows, each as what it and those around it add up to; beyond the ends are zeros.

    Args:
        rows: shape (rows, in).
        steps: the weights of each neighbour, shape (odd number, in, out).
        dilation: how far neighbours stand apart.
    """
    reach = len(steps) // 2 * dilation
    wide = np.zeros((len(rows) + 2 * reach, rows.shape[1]), np.float32)
    wide[reach : reach + len(rows)] = rows
    beside = [wide[at * dilation : at * dilation + len(rows)] for at in range(len(steps))]
    return np.asarray(np.concatenate(beside, axis=1) @ steps.reshape(-1, steps.shape[2]))


def _relu(rows: Floats) -> Floats:
    return np.maximum(rows, 0)


def _softmax(odds: Floats) -> Floats:
    powers = np.exp(odds - odds.max())
    return np.asarray(powers / powers.sum(), np.float32)


@functools.cache
def network() -> Network:
    """Return the network; the data file is read at the first call only."""
    packed = resources.files(__package__).joinpath(FILE).read_bytes()
    return read_network(packed)


def read_network(packed: bytes) -> Network:
    """Return a network from the bytes of a data file."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as data:
        arrays = {name: data[name] for name in data.files}
    words, records, statuses = (
        arrays.pop(f"names_{one}") for one in ("words", "records", "statuses")
    )
    return Network(
        {str(word): at for at, word in enumerate(words)},
        {str(one): at for at, one in enumerate(records)},
        tuple(str(one) for one in statuses),
        {name: np.array(one, np.float32, order="C") for name, one in arrays.items()},
    )
