"""Labelled passages as rows to learn from: one for each sentence and target."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sources.backtesting import text_of
from sources.detection.candidates import EXTENSION
from sources.detection.evidence import find_evidence
from sources.detection.features import View, features_at, tells_of_target
from sources.detection.judgement import ASKED, around
from sources.detection.lexicon import lexicon
from sources.detection.lines import read_targets
from sources.detection.panorama import Panorama, Reader
from sources.detection.relevance import Demand, content_words
from sources.detection.sentences import split
from sources.detection.tokens import stem, tokenize
from sources.extraction.page import Page

NO_NEWS = "no"
_LEAST_PASSAGES = 8
"""A stem that fewer passages have is not learnt: it would be learnt by heart."""
FILLERS = frozenset(map(stem, (
    "the", "a", "an", "of", "in", "on", "at", "for", "from", "with", "as", "and", "its", "their",
    "his", "her", "it's", "this", "that", "these", "those", "which", "who", "than", "into", "over",
    "about", "also", "so", "such", "more", "been", "be", "being", "is", "are", "was", "were", "am",
    "to", "but", "up", "out", "other", "all", "any", "some", "when", "while", "where", "how",
    "what", "because", "make", "get", "go", "new", "first", "one", "two", "have", "has", "had",
    "s", "or", "i", "he", "she", "him", "you", "your", "there", "here", "very", "just",
)))  # fmt: skip
"""The stems of words that tell nothing by themselves."""
_MAY_TELL_THE_RECORD = (
    "duplic", "already", "restat", "record", "repeat", "policy", "background", "stale", "anniv",
)  # fmt: skip
"""Traps by their first letters: in such a passage a sentence may well tell what is on record."""


@dataclass(frozen=True)
class Row:
    """A sentence of a passage as one target sees it, and what it says."""

    passage: int
    file: str
    target: int
    """Its key among the targets of the passage."""
    features: frozenset[str]
    label: str
    """A status, ``extension``, or :data:`NO_NEWS`."""
    weight: float
    verdicts: frozenset[str]
    is_evidence: bool
    """Whether detection would take it for evidence."""
    tells_of_target: bool


@dataclass(frozen=True)
class Seen:
    """A passage as one of its targets sees it."""

    passage: int
    line: Mapping[str, Any]
    target: int
    """Its key among the targets of the passage."""
    company: str
    recorded: str | None
    demand: Demand
    sentences: Sequence[str]
    views: Sequence[View]
    title: View | None
    evidence: Set[int]
    """The places of the sentences that may be evidence."""

    @property
    def change(self) -> str | None:
        """What the passage reports of this target; ``None`` for nothing."""
        expected = self.line["expected"]
        if expected is None or expected["company"] != self.company:
            return None
        return EXTENSION if expected.get("extends") else str(expected["status"])


def read_lines(folders: Iterable[Path]) -> list[dict[str, Any]]:
    """Return the labelled lines in English of all ``*.jsonl`` files below some folders.

    Each with its file, and with ``is_alone``: false, as none is cut down.
    """
    files = [file for folder in folders for file in sorted(folder.rglob("*.jsonl"))]
    lines = [
        {**json.loads(line), "file": str(file), "is_alone": False}
        for file in files
        for line in file.read_text("utf-8").splitlines()
    ]
    return [line for line in lines if line.get("lang", "en") == "en"]


def alone(line: Mapping[str, Any]) -> dict[str, Any]:
    """Return a passage cut down to one sentence: the news, or the one that is most like it.

    So that a text of one sentence is judged as well as a long one.
    """
    expected = line["expected"]
    if expected:
        kept = expected["sentence"]
    else:
        asked = content_words(tokenize(line["targets"][0]["demand"]), lexicon())
        kept = max(
            (sentence.text for sentence in split(line["text"])),
            key=lambda text: len(asked.keys() & content_words(tokenize(text), lexicon()).keys()),
            default=line["text"],
        )
    return {**line, "text": kept, "title": "", "is_alone": True}


def see(passage: int, line: Mapping[str, Any]) -> Iterator[Seen]:
    """Yield a passage as each of its targets sees it."""
    title = line.get("title") or ""
    text = text_of(Page(title=title, text=line["text"]), title, line.get("published"), "en")
    targets = read_targets(line)
    reader = Reader(text, targets)
    for target in targets:
        panorama = Panorama(reader, target)
        yield Seen(
            passage,
            line,
            target.key,
            target.company,
            target.status,
            panorama.demand,
            [sentence.text for sentence in reader.sentences],
            panorama.views,
            panorama.title,
            frozenset().union(*find_evidence(panorama, range(len(reader.sentences)))),
        )


def known_stems(seen: Iterable[Seen]) -> frozenset[str]:
    """Return the stems that enough passages have, but for fillers."""
    told = {
        (one.passage, word)
        for one in seen
        for view in (*one.views, *([one.title] if one.title else []))
        for word in view.outline.stems
    }
    counts = Counter(word for _, word in told)
    return frozenset(word for word, n in counts.items() if n >= _LEAST_PASSAGES) - FILLERS


def rows_of(seen: Seen, known: frozenset[str]) -> Iterator[Row]:
    """Yield the sentences of a passage with their features and labels."""
    views = [replace(view, known=known) for view in seen.views]
    title = replace(seen.title, known=known) if seen.title else None
    asked = frozenset(f"{ASKED}\t{run}" for run in seen.demand.runs)
    change, news = seen.change, ""
    if change:
        news = _plain(seen.line["expected"]["sentence"])
    for place, sentence in enumerate(map(_plain, seen.sentences)):
        tells = change and (sentence in news or news in sentence)
        label = change if change and tells else NO_NEWS
        spaces = features_at(views, place, title, seen.recorded)
        features = asked.union(f"{space}\t{run}" for space, runs in spaces for run in runs)
        yield Row(
            seen.passage,
            seen.line["file"],
            seen.target,
            features,
            label,
            _weight(seen, label),
            frozenset(views[place].verdicts),
            place in seen.evidence,
            tells_of_target(views[place]),
        )


def by_text(rows: Sequence[Row]) -> dict[tuple[int, int], list[int]]:
    """Return the places of the rows of each passage and target, in their order."""
    texts: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        texts[row.passage, row.target].append(at)
    return texts


def read_together(rows: Sequence[Row], news: Sequence[float]) -> list[bool]:
    """Return which rows detection weighs together: those around the likeliest of each text.

    Args:
        rows: sentences, those of a passage as one target sees it in their order.
        news: how likely each reports a change.
    """
    together = [False] * len(rows)
    for text in by_text(rows).values():
        evidence = [at for at in text if rows[at].is_evidence] or text
        for at in around(text, max(evidence, key=news.__getitem__)):
            together[at] = True
    return together


def _weight(seen: Seen, label: str) -> float:
    """Return how sure a label is: what stands beside the news may be news, too."""
    if label != NO_NEWS:
        return 1.0
    if seen.change:
        return 0.3
    trap = str(seen.line.get("trap") or "").lower()
    return 0.15 if any(word in trap for word in _MAY_TELL_THE_RECORD) else 1.0


def _plain(sentence: str) -> str:
    return " ".join(sentence.split())
