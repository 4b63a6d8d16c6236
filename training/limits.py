"""From which probability on a text is said to report a change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from training.passages import Seen

_MOST_FALSE_ALARMS = 0.04
"""Of the passages without a change, so many may be called one. Texts held back raise twice that."""
LEAST_PLAIN = 0.1
"""What the grammar reads plainly is found from here on, so that a plain sentence in a long story on
others is. From 0.3 on there would be one alarm less in 217 passages held back."""
_STEPS = [step / 100 for step in range(20, 91)]


def least_probability(
    seen: Sequence[Seen], chances: Mapping[int, float], say: Callable[[str], None]
) -> float:
    """Return the limit with the best F1 among those that raise few enough false alarms.

    Args:
        seen: the passages as their targets see them.
        chances: how likely those at some places report a change, by what other files teach;
            others do not.
        say: is told the choice.

    Passages cut down to one sentence do not count: real texts have more.
    """
    most: dict[int, float] = defaultdict(float)
    changes: dict[int, bool] = defaultdict(bool)
    for place, one in enumerate(seen):
        if not one.line["is_alone"]:
            changes[one.passage] |= one.change is not None
            most[one.passage] = max(most[one.passage], chances.get(place, 0.0))
    likeness = np.array([most[passage] for passage in changes])
    is_change = np.array(list(changes.values()))
    best = (0.0, 1.0)
    for least in _STEPS:
        found = likeness >= least
        f1 = 2 * (found & is_change).sum() / (found.sum() + is_change.sum())
        alarms = found[~is_change].mean()
        if alarms <= _MOST_FALSE_ALARMS and f1 > best[0]:
            best = float(f1), least
            say(f"from {least} on: F1 {f1:.3f}, false alarms {alarms:.3f} on files not learnt from")
    return best[1]
