"""Whole texts: who acts across sentences, what is new, and what holds for any text."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.detection import Text, detect
from tests.sources.detection.examples import CORVIA, EVERYBODY, HALDEN, LUMEN, THURSDAY, read

STORY = (
    "Corvia pauses police sales\n\n"
    "Corvia said on Wednesday that it has put a one-year moratorium on police use of its face "
    "recognition. FaceLink will still be supplied to charities like Beacon and Tracewell.\n\n"
    "Lumen Bank was urged to end its loans to coal mines. It did not comment.\n\n"
    "Related posts\n\nHalden Foods joins the Fair Harvest Code"
)

# Words that the detector reacts to, put together at random, try it harder than random letters.
VOCABULARY = """Corvia Lumen Halden it they we the company said would will not stop stopped pausing
to plans would moratorium on face recognition police loans until for one year 2024 10 June . , ? ” “
's : ( ) and by has been lawsuit against urged if except deadline extended ’ é 中"""
WORDS = st.sampled_from(VOCABULARY.split())
TEXTS = st.one_of(st.text(max_size=400), st.lists(WORDS, max_size=80).map(" ".join))


def test_each_target_has_its_own_result_with_its_terms() -> None:
    [candidate] = read(STORY)

    assert (candidate.target, candidate.status) == (CORVIA.key, "paused")
    assert (candidate.effective_on, candidate.effective_precision) == (dt.date(2024, 5, 15), "day")
    assert (candidate.expires_on, candidate.expires_precision) == (dt.date(2025, 5, 15), "day")
    assert candidate.exemptions == ("Beacon", "Tracewell")
    assert "'put a one-year moratorium on' → paused" in candidate.reasons
    assert "differs from the recorded called_on" in candidate.reasons


def test_a_plain_statement_late_in_a_story_on_others_is_found() -> None:
    rival = replace(CORVIA, key=9, company="Fabrikam", aliases=(), products=())
    body = (
        f"{STORY}\n\nCampaigners urged other companies to follow.\n\nFabrikam announced the sunset "
        "of its face recognition offering for all customers earlier this week, and asked in a "
        "letter to lawmakers whether the police ought to use it at all.\n\nThe campaigners said "
        "that they would go on."
    )

    found = {one.target: one.status for one in read(body, *EVERYBODY, rival)}

    assert found == {CORVIA.key: "paused", rival.key: "met"}


@pytest.mark.parametrize(
    "body",
    [
        "Corvia makes cameras. On Monday the company suspended face recognition for police.",
        "Corvia makes cameras.\nIt has suspended face recognition for police.",
        "Corvia and Orbix have suspended face recognition for police.",
        "Orbix, Lumen and Corvia have suspended face recognition for police.",
        "Corvia chief executive Ann Lee said the company has suspended police face recognition.",
        "Ann Lee, the head of Corvia, announced it had suspended police face recognition.",
        "“We have suspended police face recognition,” a Corvia spokesperson said.",
    ],
)
def test_the_company_is_found_across_sentences_lists_and_officers(body: str) -> None:
    assert [(one.target, one.status) for one in read(body, CORVIA)] == [(CORVIA.key, "paused")]


def test_the_pronoun_stands_for_another_company() -> None:
    body = "Corvia sells cameras. Orbix said it has suspended face recognition for police."

    assert read(body) == []


def test_several_targets_of_one_text_come_best_first() -> None:
    body = (
        "Corvia announced on Tuesday that it has ended police use of its face recognition.\n\n"
        "Lumen Bank said on Wednesday that it will end its loans to coal mines by 2030."
    )

    found = read(body)

    assert {one.target: one.status for one in found} == {1: "met", 2: "committed"}
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_the_companys_own_decision_wins_over_a_suit() -> None:
    body = (
        "Residents sued Corvia over police face recognition. "
        "Corvia has since ended police face recognition."
    )

    assert [one.status for one in read(body, CORVIA)] == ["met"]


def test_a_name_that_belongs_to_something_else_is_not_the_company() -> None:
    river = replace(CORVIA, company="Amarna")

    assert read("Amarna rainforest groups suspended police face recognition.", river) == []


def test_what_took_effect_before_the_record_is_behind_it() -> None:
    recorded = replace(CORVIA, status="reversed", status_since=dt.date(2024, 5, 15))

    assert read("On Tuesday Corvia suspended police face recognition.", recorded) == []


def test_only_new_sentences_count() -> None:
    before = "Corvia makes cameras. Lumen Bank has ended loans to coal mines. Updated 3 May 2024."
    after = before.replace("3 May", "16 May") + " Corvia has suspended police face recognition."

    found = detect(before, Text(after, published_on=THURSDAY), EVERYBODY)

    assert [one.target for one in found] == [CORVIA.key]


def test_a_new_end_of_a_known_sentence_is_new() -> None:
    before = "Corvia has suspended police face recognition until 10 June 2024."

    assert detect(before, Text(before.replace("2024", "2025")), [CORVIA])
    assert detect(before, Text(before.replace("  ", " ")), [CORVIA]) == []


@given(body=TEXTS, before=st.none() | TEXTS)
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_and_evidence_is_cut_from_it(body: str, before: str | None) -> None:
    for candidate in detect(before, Text(body, published_on=THURSDAY), EVERYBODY):
        assert body[candidate.start : candidate.end] == candidate.sentence
        assert 0 < candidate.score <= 1


@given(body=TEXTS)
@settings(max_examples=100, deadline=None)
def test_a_text_equal_to_the_one_before_gives_nothing(body: str) -> None:
    assert detect(body, Text(body, published_on=THURSDAY), EVERYBODY) == []


@given(paragraph=st.lists(st.sampled_from(["a", "garden", "grows", "in", "rain"]), min_size=1))
@settings(deadline=None)
def test_an_unrelated_paragraph_changes_nothing(paragraph: list[str]) -> None:
    unrelated = " ".join(paragraph).capitalize() + "."

    assert read(f"{STORY}\n\n{unrelated}") == read(STORY)


@pytest.mark.parametrize("piece", ["stop ", "Corvia ", "A.", "“”. ", "\n", "until "])
def test_repeated_words_do_not_stall_it(piece: str) -> None:
    assert read(piece * (500_000 // len(piece))) == []


def test_nothing_is_watched_nothing_is_found() -> None:
    assert detect(None, Text(STORY), []) == []
    assert [one.target for one in read(STORY, LUMEN, HALDEN)] == []
