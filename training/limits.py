"""From which probability on a text is said to report a change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from sources.detection.judgement import Account, candidates
from training.passages import Seen

_MOST_FALSE_ALARMS = 0.06
"""Of the passages without a change, so many may be called one."""
_STEPS = range(20, 81)


def least_probability(
    seen: Sequence[Seen],
    accounts: Sequence[Account | None],
    statuses: list[str],
    table: DictVectorizer,
    learner: LogisticRegression,
    say: Callable[[str], None],
) -> float:
    """Return the limit with the best F1 among those that raise few enough false alarms.

    Accounts are those of passages that their readers did not learn from. Passages cut down to one
    sentence do not count: real texts have more.
    """
    chances: dict[int, float] = defaultdict(float)
    changes: dict[int, bool] = defaultdict(bool)
    for one, account in zip(seen, accounts, strict=True):
        if one.line["is_alone"]:
            continue
        changes[one.passage] |= one.change is not None
        if account:
            found = candidates(account, statuses, one.recorded, one.asks_to_stop)
            rest = 1.0
            for chance in learner.predict_proba(table.transform([row for _, _, row in found]))[
                :, 1
            ]:
                rest *= 1 - float(chance)
            chances[one.passage] = max(chances[one.passage], 1 - rest)
    best = (0.0, 1.0)
    for step in _STEPS:
        found_right = sum(chances[at] >= step / 100 for at, is_one in changes.items() if is_one)
        alarms = sum(chances[at] >= step / 100 for at, is_one in changes.items() if not is_one)
        total = sum(changes.values())
        f1 = 2 * found_right / (total + found_right + alarms)
        share = alarms / (len(changes) - total)
        if share <= _MOST_FALSE_ALARMS and f1 > best[0]:
            best = f1, step / 100
            say(
                f"from {step} %: F1 {f1:.3f}, false alarms {share:.3f}, of passages not learnt from"
            )
    return best[1]
