"""What sentences report, over all statuses: each says who, from which record, and to what."""

from dataclasses import replace

import pytest

from sources.detection import WatchedTarget
from tests.sources.detection.examples import CORVIA, HALDEN, LUMEN, as_read, read

REPORTS: dict[tuple[WatchedTarget, str | None, str], list[str]] = {
    (CORVIA, "called_on", "paused"): [
        "Corvia has put a two-year moratorium on face recognition for police.",
        "Corvia said on Tuesday it would suspend sales of face recognition to police.",
        "Sales of FaceLink to police have been suspended until a law is passed.",
        "Corvia will temporarily stop selling face recognition to police departments.",
    ],
    (CORVIA, "refused", "paused"): [
        "Corvia is pausing police access to its face recognition tools.",
    ],
    (LUMEN, "called_on", "paused"): [
        "Lumen Bank put new loans to coal mines on hold.",
        "Lumen has frozen its lending to coal mines.",
    ],
    (CORVIA, "called_on", "met"): [
        "Corvia no longer sells face recognition to police.",
        "Corvia announced the sunset of its face recognition product.",
        "The police contracts were cancelled by Corvia after weeks of talks.",
        "Corvia will not renew its face recognition contract with the police.",
        "FaceLink will no longer be sold to police.",
    ],
    (CORVIA, "paused", "met"): [
        "Corvia has stopped selling face recognition to police for good.",
    ],
    (LUMEN, "called_on", "met"): [
        "Lumen Bank has agreed to end all loans to coal mines.",
        "“We have ended our coal lending,” Lumen Bank said in a statement.",
        "Facing pressure, Lumen decided to cut ties with coal mines.",
    ],
    (LUMEN, "committed", "met"): [
        "Lumen Bank has pulled out of its last coal mine.",
    ],
    (HALDEN, "called_on", "met"): [
        "Halden Foods has joined the Fair Harvest Code.",
    ],
    (HALDEN, "committed", "met"): [
        "Halden Foods on Monday signed the Fair Harvest Code.",
    ],
    (CORVIA, "called_on", "committed"): [
        "Corvia plans to stop selling face recognition to police.",
        "Corvia pledged to end police use of its face recognition.",
    ],
    (LUMEN, "called_on", "committed"): [
        "Lumen Bank will end loans to coal mines by 2030.",
        "Lumen Bank is phasing out its loans to coal mines.",
    ],
    (LUMEN, "refused", "committed"): [
        "Lumen Bank intends to exit coal mines altogether.",
    ],
    (HALDEN, "called_on", "committed"): [
        "Halden Foods will join the Fair Harvest Code.",
        "Halden Foods agreed to the Fair Harvest Code for farmworkers.",
    ],
    (CORVIA, "called_on", "partial"): [
        "Corvia has stopped selling face recognition to some police forces.",
        "Corvia will restrict police access to its face recognition.",
    ],
    (LUMEN, "called_on", "partial"): [
        "Lumen Bank said it would limit its loans to coal mines.",
    ],
    (CORVIA, "called_on", "under_review"): [
        "Corvia said it is reviewing its face recognition sales to police.",
        "Corvia is considering ending face recognition sales to police.",
    ],
    (LUMEN, None, "under_review"): [
        "Lumen Bank has launched a review of its coal loans.",
    ],
    (LUMEN, "called_on", "under_review"): [
        "Lumen has placed its coal policy under review.",
    ],
    (CORVIA, "called_on", "refused"): [
        "Corvia rejected the request to stop selling face recognition.",
        "Corvia refused to stop selling face recognition to police.",
        "Corvia has renewed its police face recognition contract.",
        "Corvia responded to the letter on police face recognition with a denial.",
        "Corvia will continue to sell face recognition to police, it said.",
    ],
    (CORVIA, "under_review", "refused"): [
        "Corvia said it will not stop selling face recognition to police.",
    ],
    (LUMEN, "called_on", "refused"): [
        "Lumen Bank's board rejected a shareholder proposal on coal loans.",
    ],
    (HALDEN, "called_on", "refused"): [
        "Halden Foods declined to join the Fair Harvest Code.",
    ],
    (CORVIA, "paused", "reversed"): [
        "Corvia has resumed sales of face recognition to police.",
        "Corvia lifted its moratorium on police face recognition.",
    ],
    (LUMEN, "committed", "reversed"): [
        "Lumen Bank has dropped its pledge to end coal loans.",
        "Lumen Bank backtracked on coal loans.",
    ],
    (LUMEN, "met", "reversed"): [
        "Lumen Bank reversed its policy on loans to coal mines.",
    ],
    (CORVIA, "paused", "expired"): [
        "Corvia's moratorium on police face recognition expired on Monday.",
    ],
    (LUMEN, "committed", "expired"): [
        "Lumen Bank missed its own deadline to leave coal mines.",
        "Lumen Bank failed to meet its target for coal loans.",
    ],
    (CORVIA, "called_on", "in_court"): [
        "Residents sued Corvia over police face recognition.",
        "Two groups filed a lawsuit against Corvia over police face recognition.",
        "Corvia is facing a class action over face recognition.",
    ],
    (CORVIA, "in_court", "settled"): [
        "Corvia has settled the suit over police face recognition.",
        "Corvia reached a settlement over police face recognition.",
    ],
    (CORVIA, "called_on", "mandated"): [
        "The court ordered Corvia to stop selling face recognition to police.",
        "Regulators banned Corvia from selling face recognition to police.",
    ],
    (CORVIA, None, "called_on"): [
        "Civil rights groups urged Corvia to stop selling face recognition to police.",
    ],
    (LUMEN, None, "called_on"): [
        "Campaigners called on Lumen Bank to end its loans to coal mines.",
    ],
    (HALDEN, None, "called_on"): [
        "A coalition of workers demanded that Halden Foods join the Fair Harvest Code.",
    ],
}
"""What is watched, from which record, to which status: sentences."""

TOO_BARE = {
    "Facing pressure, Lumen decided to cut ties with coal mines.",
    "Halden Foods will join the Fair Harvest Code.",
    "Halden Foods agreed to the Fair Harvest Code for farmworkers.",
    "Lumen Bank has launched a review of its coal loans.",
    "Corvia refused to stop selling face recognition to police.",
    "Corvia will continue to sell face recognition to police, it said.",
    "Corvia lifted its moratorium on police face recognition.",
    "Corvia is facing a class action over face recognition.",
}
"""Without a text around them these are read, but not held likely enough to report."""

ROWS = [(*key, sentence) for key, sentences in REPORTS.items() for sentence in sentences]
PLAIN = [row for row in ROWS if row[3] not in TOO_BARE]


@pytest.mark.parametrize(("target", "recorded", "status", "sentence"), ROWS)
def test_the_grammar_reads_what_a_sentence_reports(
    target: WatchedTarget, recorded: str | None, status: str, sentence: str
) -> None:
    assert set(as_read(sentence, replace(target, status=recorded))) == {status}


@pytest.mark.parametrize(("target", "recorded", "status", "sentence"), PLAIN)
def test_a_plain_statement_is_found_with_its_reasons(
    target: WatchedTarget, recorded: str | None, status: str, sentence: str
) -> None:
    candidates = read(sentence, replace(target, status=recorded))

    assert [(one.target, one.status) for one in candidates] == [(target.key, status)]
    assert candidates[0].sentence == sentence
    assert len(candidates[0].reasons) >= 4


@pytest.mark.parametrize(("target", "recorded", "status", "sentence"), ROWS)
def test_what_is_on_record_already_is_no_news(
    target: WatchedTarget, recorded: str | None, status: str, sentence: str
) -> None:
    assert read(sentence, replace(target, status=status)) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Corvia extended its moratorium on police face recognition until further notice.",
        "Corvia announced that its ban on police face recognition has been extended by two years.",
        "Corvia said the moratorium on police face recognition would be extended by a year.",
    ],
)
def test_a_later_end_extends_the_outcome_on_record(sentence: str) -> None:
    [candidate] = read(sentence, replace(CORVIA, status="paused"))

    assert (candidate.status, candidate.extends) == ("paused", True)
    unrecorded = read(sentence, replace(CORVIA, status="called_on"))
    assert [one.status for one in unrecorded if one.extends or one.status != "paused"] == []


def test_a_passive_extension_is_read_even_where_it_is_too_bare_to_report() -> None:
    sentence = "Corvia's ban on police face recognition has been extended."
    assert as_read(sentence, replace(CORVIA, status="paused")) == ["extension"]
