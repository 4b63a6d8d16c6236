"""Which sentences may be evidence, and what tells whether a text reports any change."""

import datetime as dt
from dataclasses import replace

import pytest

from sources.detection import Text, WatchedTarget
from sources.detection.candidates import Account, Report, candidates, features_of_change
from sources.detection.evidence import find_evidence
from sources.detection.impression import Impression
from sources.detection.panorama import Panorama, Reader
from tests.sources.detection.examples import CORVIA, LUMEN, THURSDAY

STOP = "Corvia has stopped selling face recognition to police."


def evidence(
    body: str, *targets: WatchedTarget, is_late: bool = False
) -> tuple[list[int], list[int]]:
    """Return the places of what may be evidence for the first target, at once and if late."""
    reader = Reader(Text(body, published_on=THURSDAY), targets, may_be_late=is_late)
    return find_evidence(Panorama(reader, targets[0]), range(len(reader.sentences)))


@pytest.mark.parametrize(
    "sentence",
    [
        "Corvia stops selling face recognition to police",  # a heading
        "Corvia stopped selling face recognition to police in June 2015.",
        "Corvia has stopped selling face recognition to police, people familiar with it said.",
    ],
)
def test_headings_background_and_hearsay_are_none(sentence: str) -> None:
    assert evidence(f"{STOP}\n\n{sentence}", CORVIA)[0] == [0]


def test_of_many_companies_only_what_bears_on_the_target_is_evidence() -> None:
    body = f"{STOP} Lumen Bank has ended its loans to coal mines."

    assert evidence(body, CORVIA, LUMEN)[0] == [0]
    assert evidence(body, LUMEN, CORVIA)[0] == [1]


def test_where_more_is_asked_of_a_company_evidence_touches_the_demand() -> None:
    other = replace(CORVIA, key=9, demand="Pay drivers a living wage", topics=(), products=())
    body = f"{STOP}\n\nCorvia opened a shop in Ohio.\n\nIt sells bread there.\n\nIt is warm."

    assert evidence(body, CORVIA)[0] == [0, 1, 2, 3]
    assert evidence(body, CORVIA, other)[0] == [0, 1]
    assert evidence(body, other, CORVIA)[0] == []


def test_what_was_before_the_record_is_none() -> None:
    known = replace(CORVIA, status="refused", status_since=dt.date(2024, 5, 10))

    assert evidence("On 2 May 2024, Corvia stopped selling it to police.", known) == ([], [])


@pytest.mark.parametrize(
    ("sentence", "is_evidence"),
    [
        ("After Corvia paused sales to police, its shares fell.", False),
        ("After months of protests, Corvia paused sales to police.", True),
        ("Corvia previously paused sales to police.", False),
        ("Corvia, which previously refused, paused sales to police.", True),
        ("Corvia had paused sales to police.", False),
        ("Corvia said that it had paused sales to police.", True),
    ],
)
def test_what_is_told_as_background_alone_is_none(sentence: str, *, is_evidence: bool) -> None:
    assert evidence(sentence, CORVIA)[0] == [0] * is_evidence


def account(*verdicts: str, whole: float = 1.0) -> Account:
    report = Report(0, 0.8, [0.7, 0.3], frozenset(verdicts))
    return Account([report], whole, Impression(2.0, [0.6, 0.4]))


def test_what_tells_of_a_change_is_the_text_its_sentences_and_the_record() -> None:
    statuses = ["met", "refused"]

    found = features_of_change(account("met"), statuses, "refused", 0.9)
    again = features_of_change(account("refused"), statuses, "refused", 0.9)

    assert found["the grammar reads news"] == 1
    assert again["the grammar reads news"] == 0
    assert found["the whole text"] == 1
    assert found["network"] == 2
    assert found["record told"] == pytest.approx(-0.847, abs=0.01)
    assert found["the likeliest candidate"] > found["news at most"] > found["news of the second"]


def test_what_is_not_told_apart_tells_nothing_of_the_record() -> None:
    found, none = (
        features_of_change(account(), ["met", "refused"], status, 0.9)["record told"]
        for status in ("withdrawn", None)
    )

    assert found == none < -3


def test_what_the_network_says_speaks_for_a_status_by_its_share() -> None:
    told = {
        status: features
        for status, _, features in candidates(
            account(), ["met", "refused"], "called_on", asks_to_stop=True
        )
    }

    assert told["met"]["network's share"] > told["refused"]["network's share"]
    assert told["met"]["network"] == told["refused"]["network"] == 2
    assert told["met"]["network's share of another"] == told["refused"]["network's share"]
