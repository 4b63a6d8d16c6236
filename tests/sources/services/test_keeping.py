"""Keeping what a visit brought home."""

import logging

import pytest

from campaigns.models import Document, StatusChange, Target
from campaigns.statuses import Status
from sources.decisions import Passage
from sources.detection import Candidate
from sources.models import Finding, Review
from sources.services.detecting import Hit
from sources.services.keeping import keep_findings
from tests.factories import NOW
from tests.sources.factories import PASSAGE, make_snapshot, make_source

pytestmark = pytest.mark.django_db


def hit_of(amazon: Target, text: str, **fields: object) -> Hit:
    candidate = {
        "target": amazon.pk,
        "status": "paused",
        "extends": False,
        "effective_on": None,
        "effective_precision": "day",
        "expires_on": None,
        "expires_precision": "day",
        "exemptions": (),
        "condition": "",
        "sentence": PASSAGE,
        "start": text.index(PASSAGE),
        "end": text.index(PASSAGE) + len(PASSAGE),
        "score": 0.9,
        "reasons": ("It says so.",),
    }
    passage = Passage(
        url="",
        title="",
        body=text,
        offset=0,
        before="",
        published_on=None,
        language="en",
        publisher="",
    )
    return Hit(Candidate(**(candidate | fields)), passage, is_trusted=True)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "exemptions"),
    [
        ("http://intranet_host/policy", ()),
        ("https://a.example/policy", ("Thorn" * 100,)),
    ],
)
def test_a_trusted_finding_with_values_that_cannot_be_stored_waits_for_a_person(
    amazon: Target, caplog: pytest.LogCaptureFixture, url: str, exemptions: tuple[str, ...]
) -> None:
    snapshot = make_snapshot(make_source(url))
    hit = hit_of(amazon, snapshot.text, exemptions=exemptions)
    with caplog.at_level(logging.INFO):
        [finding] = keep_findings(snapshot=snapshot, hits=[hit], now=NOW)
    assert Finding.objects.pending().get() == finding
    assert "waits for a person" in caplog.text
    assert not Review.objects.exists()
    assert not Document.objects.exists()
    assert not StatusChange.objects.filter(to_status=Status.PAUSED).exists()
