"""Sentences that look like news and are none."""

from dataclasses import replace

import pytest

from sources.detection import Text, detect
from tests.sources.detection.examples import CORVIA, LUMEN, read

NEAR_MISSES = [
    # Others ask
    "Campaigners urged Corvia to stop selling face recognition to police.",
    "A letter from 90 employees calls on Corvia to cancel its police face recognition contracts.",
    "Corvia should stop selling face recognition to police, advocates said.",
    "Senators pressed Corvia to pause face recognition sales to police.",
    "“Corvia must end its face recognition sales now,” said a coalition of parents.",
    # Others act
    "Orbix has stopped selling face recognition to police, unlike Corvia.",
    "Orbix, a rival of Corvia, paused its face recognition sales to police.",
    "Corvia employees paused their work on police face recognition.",
    "Activists paused their campaign against Corvia over police face recognition.",
    "Corvia welcomed the decision of Orbix to end face recognition for police.",
    # Negated, possible, conditional
    "Corvia has not stopped selling face recognition to police.",
    "Corvia has no plans to stop selling face recognition to police.",
    "Corvia could suspend face recognition sales to police.",
    "Corvia may end face recognition sales to police next year.",
    "If Corvia stops selling face recognition to police, others will follow.",
    "Corvia would pause face recognition sales if Congress acted.",
    "Corvia failed to stop police use of its face recognition.",
    "Corvia has yet to end its face recognition sales to police.",
    "Corvia is not considering ending face recognition sales to police.",
    # Denials, rumours, questions, forecasts
    "Corvia denied reports that it is suspending face recognition sales to police.",
    "Corvia denied that it had stopped selling face recognition to police.",
    "Corvia has reportedly stopped selling face recognition to police.",
    "Corvia has paused face recognition sales to police, according to people familiar with it.",
    "Has Corvia stopped selling face recognition to police?",
    "Analysts expect that Corvia will end face recognition sales to police.",
    "Observers hope that Corvia will suspend face recognition for police.",
    # Untrue, unknown, guessed, from nobody who is named
    "It is not true that Corvia has stopped selling face recognition to police.",
    "Nothing suggests that Corvia has stopped selling face recognition to police.",
    "Reports that Corvia has stopped selling face recognition to police are false.",
    "Sooner or later Corvia will stop selling face recognition to police.",
    "Corvia has stopped selling face recognition to police, a source told the paper.",
    "Nobody can say that Corvia has stopped selling face recognition to police.",
    "A satirical site wrote that Corvia has stopped selling face recognition to police.",
    "Some day Corvia will stop selling face recognition to police.",
    "Corvia did not say whether it will stop selling face recognition to police.",
    # Left to a law or a court
    "Corvia will stop selling face recognition to police only if a court forces it to.",
    "Corvia will stop selling face recognition to police when Congress bans it.",
    "Corvia will stop selling face recognition to police as soon as a law requires it.",
    # Background and restatement
    "In 2019, Corvia suspended face recognition sales to police.",
    "Corvia had suspended face recognition sales to police.",
    "Corvia previously paused face recognition sales to police.",
    "After Corvia paused face recognition sales to police, its shares fell.",
    "Corvia reiterated that it will not stop selling face recognition to police.",
    # Something else
    "Corvia has ended its free lunch programme.",
    "Corvia will stop printing paper invoices.",
    "Corvia suspended its dividend amid weak police face recognition revenue.",
    "Lumen has cancelled a concert at its head office.",
    # Not sentences
    "Corvia pauses face recognition sales to police",
    "Related: Corvia ends face recognition for police",
]


@pytest.mark.parametrize("sentence", NEAR_MISSES)
def test_a_near_miss_gives_nothing(sentence: str) -> None:
    assert read(sentence) == []


def test_a_bill_that_is_only_proposed_mandates_nothing() -> None:
    body = "A proposed bill requires Corvia to stop selling face recognition to police."

    assert read(body) == []


def test_a_suit_of_the_company_itself_is_not_one_against_it() -> None:
    assert read("Corvia sued a city over its face recognition ban for police.") == []


def test_a_stop_recorded_as_met_is_not_reversed_by_an_older_pause() -> None:
    body = "Corvia paused its face recognition sales to police."

    assert read(body, replace(CORVIA, status="met")) == []


def test_a_text_in_another_language_gives_nothing() -> None:
    text = Text("Corvia has paused face recognition sales to police.", language="fi")

    assert detect(None, text, [CORVIA, LUMEN]) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "IBM will no longer sell face recognition to police.",
        "On Tuesday, Amazon said that it has stopped selling face recognition to police.",
    ],
)
def test_the_news_of_another_company_is_not_that_of_the_only_one_watched(sentence: str) -> None:
    assert read(sentence, CORVIA) == []


def test_whoever_a_relative_clause_names_in_passing_did_not_do_it() -> None:
    body = "{}, which supplies {}, has stopped selling face recognition to police."

    assert read(body.format("Fabrikam", "Corvia"), CORVIA) == []
    [found] = read(body.format("Corvia", "Fabrikam"), CORVIA)
    assert found.status == "met"
