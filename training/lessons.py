"""Passages as lessons for the network, and the words and vectors that it starts with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sources.detection.impression import Question
from sources.detection.judgement import question_of
from sources.detection.network import MARKS
from training.passages import NO_NEWS, Row, Seen, by_text
from training.vectors import fewer_numbers, vectors_of

_LEAST_TEXTS = 8
"""A word that is said less often is unknown to the network."""
_SIZE = 192
"""So many numbers stand for a word."""
_SPREAD = 0.5
"""Their standard deviation to start with."""


@dataclass(frozen=True)
class Lesson:
    """A passage as one target sees it, and what the network should say of it.

    Attributes:
        question: the passage.
        change: the status that it reports; ``None`` for no change.
        tells: for each of its sentences whether it tells so.
    """

    question: Question
    change: str | None
    tells: Sequence[bool]


@dataclass(frozen=True)
class Vocabulary:
    """What the network knows: words with their first vectors, statuses on record and reported."""

    words: dict[str, int]
    vectors: np.ndarray
    records: dict[str, int]
    statuses: list[str]


def frequent_words(lessons: Sequence[Lesson]) -> list[str]:
    """Return the marks and the words that texts and demands say often enough."""
    counts: Counter[str] = Counter()
    for question in (lesson.question for lesson in lessons):
        for words in (*question.sentences, question.title, question.demand):
            counts.update(words)
    return [*MARKS, *sorted(word for word, n in counts.items() if n >= _LEAST_TEXTS)]


def lessons_of(seen: Sequence[Seen], rows: Sequence[Row], together: Sequence[bool]) -> list[Lesson]:
    """Return passages as lessons for the network: of each those sentences that are read together.

    Args:
        seen: the passages as their targets see them.
        rows: their sentences, those of one as one target sees it in their order.
        together: which rows are read together.
    """
    texts = by_text(rows)
    lessons = []
    for one in seen:
        places = [
            (view, rows[at].label != NO_NEWS)
            for view, at in zip(one.views, texts[one.passage, one.target], strict=True)
            if together[at]
        ]
        question = question_of(one.demand, one.title, [view for view, _ in places], one.recorded)
        lessons.append(Lesson(question, one.change, [tells for _, tells in places]))
    return lessons


def vocabulary_of(
    lessons: Sequence[Lesson], forms: Mapping[str, str], statuses: Sequence[str]
) -> Vocabulary:
    """Return what a network starts with.

    Args:
        lessons: all that it may learn.
        forms: the most frequent form of each stem (see ``kinds.forms_by_stem``).
        statuses: the statuses told apart, in the order that weights have.
    """
    words = frequent_words(lessons)
    vectors = fewer_numbers(vectors_of([forms.get(word, word) for word in words]), _SIZE)
    records = sorted({lesson.question.recorded or "none" for lesson in lessons} | {"none"})
    return Vocabulary(
        {word: at for at, word in enumerate(words)},
        vectors / vectors.std() * _SPREAD,
        {one: at for at, one in enumerate(records)},
        list(statuses),
    )
