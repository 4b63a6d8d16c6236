"""Which rule of the detector found something."""

import datetime as dt

import pytest

from sources.detection.detector import detect
from sources.detection.model import Text, WatchedTarget
from sources.grounds import reasons_in_words, rule_of


def test_the_reasons_of_the_detector_name_their_rule() -> None:
    text = Text(
        "Amazon will Stop selling Rekognition to police.", published_on=dt.date(2020, 6, 10)
    )
    target = WatchedTarget(
        1, "Amazon", demand="Stop selling Rekognition to police", status="called_on"
    )
    [candidate] = detect(None, text, [target])
    assert rule_of(candidate.reasons) == "'stop' → met"


@pytest.mark.parametrize(
    "reasons", [[], ["It passed the Senate."], [f"'{'x' * 200}' → met"], ["'a' → met, then more"]]
)
def test_what_was_read_from_no_phrase_has_no_rule(reasons: list[str]) -> None:
    assert rule_of(reasons) == ""


def test_an_extension_is_a_rule_of_its_own() -> None:
    assert (
        rule_of(["subject is Amazon", "'until' → paused, extended"]) == "'until' → paused, extended"
    )


def test_people_read_names_of_statuses_and_one_score() -> None:
    reasons = [
        "'in_court' → in_court",
        "differs from the recorded called_on",
        "reads like paused, extended: 'year'",
        "scored 1.00 of 1",
        "shares with the demand: in_court",
    ]
    names = {"in_court": "in court", "called_on": "called on"}
    assert reasons_in_words(reasons, names) == [
        "'in_court' → in court",
        "differs from the recorded called on",
        "reads like paused, extended: 'year'",
        "shares with the demand: in_court",
    ]
