"""Exemptions and conditions that a text names."""

import pytest

from sources.detection.conditions import find_condition
from sources.detection.exemptions import find_exemptions


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "FaceLink will still be supplied to Beacon, the Club for Lost and Found Cats, and Ro.",
            ("Beacon", "Club for Lost and Found Cats", "Ro"),
        ),
        ("Sales end, except for hospitals and schools.", ("hospitals", "schools")),
        ("It ends all loans, excluding Westmoor Mine, which has a contract.", ("Westmoor Mine",)),
        ("It will continue to provide the tool to the Rescue Fund.", ("Rescue Fund",)),
        ("Beacon and Tracewell keep access.", ("Beacon", "Tracewell")),
        ("Sales end for everybody.", ()),
    ],
)
def test_exemptions_are_named_one_by_one(text: str, names: tuple[str, ...]) -> None:
    assert find_exemptions(text) == names


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("It waits until the U.S. Senate acts, it said.", "until the U.S. Senate acts"),
        ("It paused sales pending a court's decision.", "pending a court's decision"),
        ("It paused to allow time for a law to pass.", "to allow time for a law to pass"),
        ("It paused sales until 10 June 2025.", ""),
        ("It paused sales until further notice.", ""),
        ("It paused sales.", ""),
    ],
)  # fmt: skip
def test_a_condition_is_an_event_in_the_words_of_the_text(text: str, condition: str) -> None:
    assert find_condition(text) == condition
