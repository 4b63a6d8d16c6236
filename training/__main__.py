"""Learn the weights of detection: ``python -m training FOLDER …``.

Reads every ``*.jsonl`` below the folders (lines as ``manage.py backtest`` scores them), writes
``weights.json.gz`` and ``network.npz`` in ``sources/detection/`` and prints each step. Takes about
an hour.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from sources.detection.candidates import Account, Report
from sources.detection.impression import Impression
from sources.detection.judgement import READ_CLOSELY
from sources.detection.network import FILE as NETWORK_FILE
from sources.detection.weights import FILE, FORMAT
from training.deciding import Decisions
from training.fitting import (
    Columns,
    Readers,
    Sums,
    Texts,
    fit_readers,
    read_unseen,
)
from training.kinds import count_words, forms_by_stem
from training.lessons import lessons_of, vocabulary_of
from training.limits import LEAST_PLAIN, least_probability
from training.network import Teacher
from training.passages import (
    Row,
    Seen,
    alone,
    known_stems,
    read_lines,
    read_together,
    rows_of,
    see,
)
from training.vectors import known_words

_LEAST_NEWS, _LEAST_STATUS = 0.006, 0.02
"""A smaller weight changes nothing that counts; it is left out of the file."""
_ONE_IN_SO_MANY_ALONE = 4


def say(step: str) -> None:
    """Print a step at once."""
    sys.stdout.write(f"{step}\n")
    sys.stdout.flush()


def learn(folders: list[Path]) -> tuple[dict[str, Any], bytes]:
    """Return what the labelled lines of some folders teach: weights and network, as files hold."""
    lines = read_lines(folders)
    lines += [alone(line) for line in lines[::_ONE_IN_SO_MANY_ALONE]]
    say(f"{len(lines)} passages")
    seen = _see(lines)
    known = known_stems(seen)
    rows = [row for one in seen for row in rows_of(one, known)]
    columns = Columns(rows)
    matrix = columns.matrix(rows)
    say(f"{len(rows)} sentences, {len(columns.names)} features")
    answers, statuses = read_unseen(matrix, rows, columns, say)
    together = read_together(rows, [news for news, _ in answers])
    texts = Texts(columns, matrix, rows, seen, together)
    lessons = lessons_of(seen, rows, together)
    vocabulary = vocabulary_of(lessons, forms_by_stem(count_words(lines), known_words()), statuses)
    teacher = Teacher(lessons, vocabulary, say)
    impressions = teacher.read_unseen([one.line["file"] for one in seen])
    accounts = _accounts(seen, rows, answers, texts.read_unseen(say), impressions)
    say("weighing candidates against the record")
    decisions = Decisions(seen, accounts, statuses)
    change, chances = decisions.fit_change()
    least = least_probability(seen, chances, say)
    say("reading all")
    weights = {
        "format": FORMAT,
        "known": sorted(known),
        **_questions(columns.names, fit_readers(matrix, rows, columns)),
        **_text_questions(texts, texts.fit(range(len(seen)))),
        "candidate": decisions.fit_candidate().as_data(),
        "change": change.as_data(),
        "least": least,
        "least_plain": LEAST_PLAIN,
    }
    return weights, teacher.teach_all()


def _see(lines: list[dict[str, Any]]) -> list[Seen]:
    """Return passages as their targets see them."""
    seen: list[Seen] = []
    for passage, line in enumerate(lines):
        seen.extend(see(passage, line))
        if passage % 500 == 0:
            say(f"reading: {passage} of {len(lines)}")
    return seen


def _accounts(
    seen: list[Seen],
    rows: list[Row],
    answers: list[tuple[float, list[float]]],
    odds: list[float],
    impressions: list[Impression],
) -> list[Account | None]:
    """Return what each passage says of its target, as detection reads it; ``None`` for nothing."""
    reports: dict[tuple[int, int], list[Report]] = defaultdict(list)
    for row, (news, shares) in zip(rows, answers, strict=True):
        if row.is_evidence:
            told = reports[row.passage, row.target]
            told.append(Report(len(told), news, shares, row.verdicts))
    accounts: list[Account | None] = []
    for one, whole, impression in zip(seen, odds, impressions, strict=True):
        told = sorted(reports[one.passage, one.target], key=lambda report: -report.news)
        accounts.append(Account(told[:READ_CLOSELY], whole, impression) if told else None)
    return accounts


def _questions(names: list[str], readers: Readers) -> dict[str, Any]:
    """Return the weights of both questions by space and run, small ones left out."""
    status: dict[str, dict[str, dict[int, float]]] = defaultdict(dict)
    by_status = readers.status.coef_.T
    for name, row in zip(names, by_status, strict=True):
        space, run = name.split("\t")
        kept = {at: round(float(one), 2) for at, one in enumerate(row) if abs(one) >= _LEAST_STATUS}
        status[space].update({run: kept} if kept else {})
    return {
        "news": _weights(names, readers.news.coef_[0]),
        "news_bias": round(float(readers.news.intercept_[0]), 4),
        "statuses": readers.statuses,
        "status": status,
        "status_bias": _rounded(readers.status.intercept_),
    }


def _text_questions(texts: Texts, whole: Sums) -> dict[str, Any]:
    """Return the weights of a text as a whole: of all sentences, and of those about the target."""
    learnt: dict[str, list[tuple[str, float]]] = {"text": [], "about": []}
    for (question, name), weight in zip(texts.names, whole.weights, strict=True):
        learnt[question].append((name, weight))
    told = {question: _weights(*zip(*pairs, strict=True)) for question, pairs in learnt.items()}
    return {**told, "text_bias": round(whole.bias, 4)}


def _weights(names: Sequence[str], learnt: Any) -> dict[str, dict[str, float]]:
    """Return weights by space and run, small ones left out."""
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for name, one in zip(names, learnt, strict=True):
        space, run = name.split("\t")
        weights[space].update({run: round(float(one), 3)} if abs(one) >= _LEAST_NEWS else {})
    return weights


def _rounded(values: Any) -> list[float]:
    return [round(float(one), 3) for one in values]


def _write(name: str, data: bytes) -> None:
    path = Path(str(resources.files("sources.detection").joinpath(name)))
    path.write_bytes(data)
    say(f"{path}: {len(data) // 1000} kB")


if __name__ == "__main__":
    learnt, trained = learn([Path(one) for one in sys.argv[1:]])
    _write(FILE, gzip.compress(json.dumps(learnt, sort_keys=True).encode(), mtime=0))
    _write(NETWORK_FILE, trained)
