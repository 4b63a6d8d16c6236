"""A finding is announced once it is committed, whoever wrote it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from campaigns.models import Target
from config.demo.site import Site
from sources.events import finding_created
from sources.models import Finding
from sources.services import poll_sources
from tests.sources.factories import make_source, make_watch
from tests.sources.pages import ANNOUNCEMENT, DAY_OF_ANNOUNCEMENT, policy_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("polling")]


@pytest.fixture
def announced() -> Iterator[list[int]]:
    """The findings that are announced, and were there when they were."""
    found: list[int] = []

    def note(finding_id: int, **kwargs: Any) -> None:
        found.append(Finding.objects.get(pk=finding_id).pk)

    finding_created.connect(note)
    yield found
    finding_created.disconnect(note)


def test_what_a_poll_finds_is_announced(site: Site, amazon: Target, announced: list[int]) -> None:
    source = make_source(site.set("/policy", policy_page()))
    make_watch(source, amazon)
    for hours, page in enumerate((policy_page(), policy_page(ANNOUNCEMENT))):
        site.set("/policy", page)
        now = DAY_OF_ANNOUNCEMENT + hours * dt.timedelta(hours=1)
        poll_sources(source_ids=[source.pk], now=now)
    assert announced == [Finding.objects.get().pk]
