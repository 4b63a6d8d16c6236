"""The limit is the best that raises few enough false alarms."""

from collections.abc import Set
from typing import Any

from sources.detection.lexicon import lexicon
from sources.detection.lines import read_targets
from sources.detection.relevance import Demand
from training.limits import least_probability
from training.passages import Seen


def passage(number: int, *, is_change: bool, is_alone: bool = False) -> Seen:
    expected = {"company": "Corvia", "status": "met", "extends": False} if is_change else None
    line: dict[str, Any] = {"expected": expected, "is_alone": is_alone}
    demand = Demand(read_targets({"targets": [{"company": "Corvia"}]})[0], lexicon())
    return Seen(number, line, 0, "Corvia", None, demand, [], [], None, frozenset())


def choose(told: list[tuple[float, bool]], cut: Set[int] = frozenset()) -> float:
    """Return the limit for passages, each with its chance and whether it holds a change."""
    seen = [
        passage(at, is_change=is_change, is_alone=at in cut)
        for at, (_, is_change) in enumerate(told)
    ]
    chances = {at: chance for at, (chance, _) in enumerate(told)}
    return least_probability(seen, chances, lambda step: None)


def test_the_limit_lies_above_what_is_no_change_and_below_what_is_one() -> None:
    least = choose([(0.7, True)] * 10 + [(0.4, False)] * 10)

    assert 0.4 < least <= 0.7


def test_few_changes_are_found_rather_than_that_many_false_alarms_are_raised() -> None:
    told = [(0.8, True), *[(0.5, True)] * 9, *[(0.5, False)] * 2, *[(0.3, False)] * 8]

    least = choose(told)

    assert 0.5 < least <= 0.8


def test_passages_cut_down_to_a_sentence_do_not_count() -> None:
    told = [(0.7, True)] * 10 + [(0.4, False)] * 10 + [(0.9, False)] * 10

    least = choose(told, cut=set(range(20, 30)))

    assert 0.4 < least <= 0.7
