"""What tests of the services of sources may ask for."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytest_django import Settings

from campaigns.models import Bill
from tests.factories import make_bill
from tests.sources.services.redirects import GAP
from tests.sources.sites import WatchedSite


@pytest.fixture
def bill() -> Bill:
    """A bill of California that was introduced."""
    return make_bill(identifier="AB 1", status=Bill.Status.INTRODUCED)


@pytest.fixture
def sites(polling: Path, settings: Settings) -> Iterator[list[WatchedSite]]:
    """Four hosts."""
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    settings.POLL_HOST_SECONDS = GAP
    with ExitStack() as stack:
        yield [stack.enter_context(WatchedSite(f"127.0.0.{n}")) for n in range(2, 6)]


@pytest.fixture
def robots(polling: Path, settings: Settings) -> None:
    """Robots files are honoured."""
    settings.POLL_ROBOTS = True
