"""Fitting the questions asked of sentences and of texts: is it news, and of which status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from sources.detection.judgement import ASKED, record_features
from training.passages import NO_NEWS, Row, Seen

_LEAST_SENTENCES = 5
"""A feature that fewer sentences have is not learnt."""
_NEWS_FREEDOM, _STATUS_FREEDOM, _TEXT_FREEDOM = 0.05, 0.2, 0.03
"""Inverse strength of the pull to zero (``C`` of scikit-learn)."""
_FOLDS = 4


@dataclass(frozen=True)
class Readers:
    """Both questions that are asked of a sentence, fitted."""

    news: LogisticRegression
    status: LogisticRegression

    @property
    def statuses(self) -> list[str]:
        """The statuses told apart."""
        return [str(one) for one in self.status.classes_]

    def reports(self, matrix: csr_matrix) -> list[tuple[float, list[float]]]:
        """Return for each sentence how likely it is news, and the share of each status."""
        news = self.news.predict_proba(matrix)[:, 1]
        return list(zip(news.tolist(), self.status.predict_proba(matrix).tolist(), strict=True))


class Columns:
    """The features that are learnt, each with its column."""

    def __init__(self, rows: Sequence[Row]) -> None:
        counts = Counter(feature for row in rows for feature in row.features)
        self.names = sorted(name for name, n in counts.items() if n >= _LEAST_SENTENCES)
        self.tells = np.array([float(not name.startswith(f"{ASKED}\t")) for name in self.names])
        """1 for what may tell that there is news; 0 for what is asked, which tells only which."""
        self._places = {name: place for place, name in enumerate(self.names)}

    def matrix(self, rows: Sequence[Row]) -> csr_matrix:
        """Return rows as a sparse matrix of ones, shape (rows, columns)."""
        places: list[int] = []
        ends = [0]
        for row in rows:
            known = (self._places.get(name) for name in row.features)
            places.extend(sorted(place for place in known if place is not None))
            ends.append(len(places))
        ones = np.ones(len(places))
        shape = (len(rows), len(self.names))
        return csr_matrix((ones, np.array(places, np.int32), np.array(ends, np.int32)), shape)


def fit_readers(matrix: csr_matrix, rows: Sequence[Row], columns: Columns) -> Readers:
    """Fit both questions on rows; what is asked has no weight for the first."""
    labels = np.array([row.label for row in rows])
    weights = np.array([row.weight for row in rows])
    told = labels != NO_NEWS
    news = LogisticRegression(C=_NEWS_FREEDOM, solver="liblinear", max_iter=200)
    status = LogisticRegression(C=_STATUS_FREEDOM, max_iter=150, tol=1e-3)
    return Readers(
        news.fit(_narrow(matrix @ diags(columns.tells)), told, sample_weight=weights),
        status.fit(matrix[told], labels[told], sample_weight=weights[told]),
    )


def read_unseen(
    matrix: csr_matrix, rows: Sequence[Row], columns: Columns, say: Callable[[str], None]
) -> tuple[list[tuple[float, list[float]]], list[str]]:
    """Return what each sentence looks like to readers that were fitted on other files.

    Each file has one author, and whoever writes what is read later is another.
    """
    answers: list[tuple[float, list[float]]] = [(0.0, [])] * len(rows)
    statuses: list[str] = []
    files = [row.file for row in rows]
    for turn, (others, these) in enumerate(folds(files).split(matrix, groups=files)):
        say(f"reading a quarter with what the others teach: {turn + 1} of {_FOLDS}")
        readers = fit_readers(matrix[others], [rows[place] for place in others], columns)
        if statuses not in ([], readers.statuses):
            raise ValueError("each status must be told in files of more than one quarter")
        statuses = readers.statuses
        for place, answer in zip(these, readers.reports(matrix[these]), strict=True):
            answers[place] = answer
    return answers, statuses


@dataclass(frozen=True)
class Sums:
    """Weights of features whose sum, with a bias, is the log odds of an answer."""

    weights: np.ndarray
    bias: float

    def read(self, matrix: csr_matrix) -> np.ndarray:
        """Return the log odds of rows."""
        return np.asarray(matrix @ self.weights + self.bias)


def folds(files: Sequence[str]) -> GroupKFold:
    """Return how to part what some files hold, each file as a whole."""
    count = len(set(files))
    if count == 1:
        raise ValueError("one file teaches nothing about others: give at least two")
    return GroupKFold(min(_FOLDS, count))


class Texts:
    """Passages as one target sees them, as a whole: what their sentences have, and the record.

    What all have comes first, then the record, then what those have that are about the target.
    ``together`` tells which rows are read together.

    Attributes:
        names: of each column, the question (``text`` or ``about``) and the feature.
        matrix: shape (passages and targets, columns), in the order of ``seen``.
    """

    def __init__(
        self,
        columns: Columns,
        matrix: csr_matrix,
        rows: Sequence[Row],
        seen: Sequence[Seen],
        together: Sequence[bool],
    ) -> None:
        places = {(one.passage, one.target): place for place, one in enumerate(seen)}
        homes = [places[row.passage, row.target] for row in rows]
        member = csr_matrix(
            (np.array(together, float), (homes, np.arange(len(rows)))), (len(seen), len(rows))
        )
        of_target = np.array([float(row.tells_of_target) for row in rows])
        matrix = matrix @ diags(columns.tells)
        told, about = (member @ matrix).sign(), (member @ diags(of_target) @ matrix).sign()
        against = DictVectorizer()
        records = against.fit_transform(
            [
                dict.fromkeys(
                    map("\t".join, record_features(one.recorded, one.demand.asks_to_stop)), 1.0
                )
                for one in seen
            ]
        )
        named = {"text": [*columns.names, *against.get_feature_names_out()], "about": columns.names}
        self.names = [(question, name) for question, names in named.items() for name in names]
        self.matrix = _narrow(csr_matrix(hstack([told, records, about])))
        self._seen = seen

    def fit(self, places: Sequence[int]) -> Sums:
        """Fit whether a text reports any change on some of them.

        Each feature counts by how unlike its share is among changes and among the rest, as Wang
        and Manning do it: "Baselines and Bigrams: Simple, Good Sentiment and Topic Classification",
        ACL 2012.
        """
        matrix = self.matrix[places]
        changes = np.array([self._seen[place].change is not None for place in places])
        shares = [1 + matrix[group].sum(axis=0).A1 for group in (changes, ~changes)]
        with_it, without = (share / share.sum() for share in shares)
        unlike = np.abs(np.log(with_it / without))
        learner = LogisticRegression(C=_TEXT_FREEDOM, solver="liblinear", max_iter=200)
        learner.fit(_narrow(matrix @ diags(unlike)), changes)
        return Sums(learner.coef_[0] * unlike, float(learner.intercept_[0]))

    def read_unseen(self, say: Callable[[str], None]) -> list[float]:
        """Return the log odds that each has by what other files teach."""
        odds = np.zeros(len(self._seen))
        files = [one.line["file"] for one in self._seen]
        for turn, (others, these) in enumerate(folds(files).split(self.matrix, groups=files)):
            say(f"reading a quarter of the texts as a whole: {turn + 1} of {_FOLDS}")
            odds[these] = self.fit(others).read(self.matrix[these])
        return [float(one) for one in odds]


def _narrow(matrix: csr_matrix) -> csr_matrix:
    """Return the matrix with the short indices that the solver wants."""
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    return matrix
