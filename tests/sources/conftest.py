"""What tests of sources may ask for."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from campaigns.models import Target
from campaigns.statuses import Status
from tests.factories import make_campaign, make_change, make_company, make_product, make_target
from tests.sources.opinions import AGREES, KEY, PATH, says
from tests.sources.pages import DAY_OF_ANNOUNCEMENT
from tests.sources.sites import WatchedSite


@pytest.fixture
def polling(settings: Settings, tmp_path: Path) -> Path:
    """Lets loopback be polled; returns the folder of the kept copies."""
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    # All that is polled here is one host, which need not be spared.
    settings.POLL_HOST_SECONDS = 0
    settings.POLL_ROBOTS = False
    return tmp_path / "evidence"


@pytest.fixture
def model(settings: Settings) -> Iterator[WatchedSite]:
    """A server on loopback that is asked for second opinions, and agrees."""
    with WatchedSite() as running:
        settings.SECOND_OPINION_URL = running.url(PATH)
        settings.SECOND_OPINION_MODEL = "owl-7b"
        settings.SECOND_OPINION_API_KEY = KEY
        settings.SECOND_OPINION_NETWORKS = ["127.0.0.1/32"]
        says(running, AGREES)
        yield running


@pytest.fixture
def amazon(db: None) -> Target:
    """Amazon, asked in 2018 to stop selling Rekognition to police."""
    company = make_company("Amazon", aliases=("Amazon Web Services", "AWS"))
    target = make_target(
        make_campaign("Police face recognition"),
        company,
        product=make_product(company, "Rekognition"),
        demand="Stop selling face recognition to police",
    )
    make_change(target, Status.CALLED_ON, dt.date(2018, 5, 22), DAY_OF_ANNOUNCEMENT)
    target.refresh_from_db()
    return target
