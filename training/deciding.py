"""Fitting what is decided at last: which status a text reports, and whether it reports any."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from sources.detection.candidates import Account, candidates, features_of_change
from training.fitting import folds
from training.passages import Seen

_CANDIDATE_FREEDOM, _CHANGE_FREEDOM = 0.3, 1.0
"""Inverse strength of the pull to zero (``C`` of scikit-learn)."""


@dataclass(frozen=True)
class Learnt:
    """A question about named features, fitted."""

    table: DictVectorizer
    learner: LogisticRegression

    @classmethod
    def fit(
        cls, features: Sequence[dict[str, float]], answers: Sequence[bool], pull: float
    ) -> Learnt:
        """Fit answers to features."""
        table = DictVectorizer()
        learner = LogisticRegression(C=pull, max_iter=3000)
        return cls(table, learner.fit(table.fit_transform(features), np.array(answers)))

    def read(self, features: Sequence[dict[str, float]]) -> list[float]:
        """Return how likely each is."""
        return [
            float(one) for one in self.learner.predict_proba(self.table.transform(features))[:, 1]
        ]

    def as_data(self) -> dict[str, Any]:
        """Return it as the data file holds it."""
        names, weights = self.table.get_feature_names_out(), self.learner.coef_[0]
        rounded = {name: round(float(one), 3) for name, one in zip(names, weights, strict=True)}
        return {"weights": rounded, "bias": round(float(self.learner.intercept_[0]), 4)}


class Decisions:
    """What passages say of their targets, ready to learn from what is to be decided.

    Args:
        seen: the passages, as their targets see them.
        accounts: what each says; ``None`` for nothing.
        statuses: the statuses told apart.
    """

    def __init__(
        self, seen: Sequence[Seen], accounts: Sequence[Account | None], statuses: Sequence[str]
    ) -> None:
        self._seen, self._accounts, self._statuses = seen, accounts, statuses
        self._rows: list[tuple[int, str, dict[str, float]]] = [
            (place, status, features)
            for place, (one, account) in enumerate(zip(seen, accounts, strict=True))
            if account
            for status, _, features in candidates(
                account, statuses, one.recorded, one.demand.asks_to_stop
            )
        ]

    def fit_candidate(self, places: Set[int] | None = None) -> Learnt:
        """Fit whether a status, as a text reports it, is a change; on some passages, or on all."""
        rows = [row for row in self._rows if places is None or row[0] in places]
        answers = [status == self._seen[place].change for place, status, _ in rows]
        return Learnt.fit([features for *_, features in rows], answers, _CANDIDATE_FREEDOM)

    def fit_change(self) -> tuple[Learnt, dict[int, float]]:
        """Fit whether a text reports any change; return with it how likely each passage does.

        The likeliest candidate of a passage is told by what other files teach; the seven numbers
        that this question weighs are too few to learn a passage by heart.
        """
        chances = self._unseen_chances()
        features = {place: self._of_change(place, chance) for place, chance in chances.items()}
        answers = [self._seen[place].change is not None for place in features]
        change = Learnt.fit(list(features.values()), answers, _CHANGE_FREEDOM)
        return change, dict(zip(features, change.read(list(features.values())), strict=True))

    def _of_change(self, place: int, chance: float) -> dict[str, float]:
        account = self._accounts[place]
        if account is None:
            raise ValueError("a passage that says nothing has no candidate")
        return features_of_change(account, self._statuses, self._seen[place].recorded, chance)

    def _unseen_chances(self) -> dict[int, float]:
        chances: dict[int, float] = {}
        files = [one.line["file"] for one in self._seen]
        for others, these in folds(files).split(files, groups=files):
            learnt, asked = self.fit_candidate(set(others.tolist())), set(these.tolist())
            rows = [row for row in self._rows if row[0] in asked]
            told = learnt.read([features for *_, features in rows])
            for (place, *_), chance in zip(rows, told, strict=True):
                chances[place] = max(chance, chances.get(place, 0.0))
        return chances
