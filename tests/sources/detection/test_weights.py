"""What was learnt, and that only this format of it is read."""

import gzip
import json

import pytest

from sources.detection.weights import probability, read_weights, weights


def test_weights_of_another_format_are_refused() -> None:
    with pytest.raises(ValueError, match="train them again"):
        read_weights(gzip.compress(json.dumps({"format": 0}).encode()))


def test_shares_of_the_statuses_are_probabilities() -> None:
    learnt = weights()
    _, shares = learnt.read_sentence(learnt.add_up(learnt.find(FEATURES)))

    assert sum(shares) == pytest.approx(1)
    assert shares.index(max(shares)) == weights().statuses.index("paused")


def test_what_was_added_up_before_counts_as_if_added_up_with_the_rest() -> None:
    learnt = weights()
    found = learnt.find(FEATURES)
    facts, tags = ({space: found[space]} for space in ("facts", "tags"))

    once, twice = learnt.add_up(found), learnt.add_up(tags, learnt.add_up(facts))

    assert twice[0] == pytest.approx(once[0])
    assert twice[1] == pytest.approx(once[1])


def test_what_is_said_of_the_target_weighs_beside_what_is_said_at_all() -> None:
    learnt = weights()
    found = learnt.find(FEATURES)

    nothing, anywhere = learnt.read_text({}, {}), learnt.read_text(found, {})
    assert len({nothing, anywhere, learnt.read_text(found, found)}) == 3


FEATURES = [
    ("facts", {"verdict paused", "claim pause", "for a time"}),
    ("tags", {"(pause)", "no such run"}),
]


@pytest.mark.parametrize("odds", [-1e9, 0.0, 1e9])
def test_any_log_odds_are_a_probability(odds: float) -> None:
    assert 0 < probability(odds) < 1
