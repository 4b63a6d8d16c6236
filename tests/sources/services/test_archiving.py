"""Submitting pages to a web archive, which may fail as it likes."""

import datetime as dt

import pytest
from pytest_django import Settings

from config.demo.site import Site
from sources.models import Snapshot
from sources.services import archive_snapshots
from tests.factories import NOW
from tests.sources.factories import make_snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

PAGE = "https://acme.example/policy"
COPY = "/web/20200610120000/https://acme.example/policy"


@pytest.fixture
def archive(site: Site, settings: Settings) -> Site:
    settings.ARCHIVE_SNAPSHOTS = True
    settings.ARCHIVE_URL = site.url("/save/")
    return site


@pytest.mark.parametrize("way", ["Location", "Content-Location"])
def test_the_address_of_the_copy_is_kept_and_asked_for_once(archive: Site, way: str) -> None:
    snapshot = make_snapshot(final_url=PAGE)
    archive.set(f"/save/{PAGE}", "", 302 if way == "Location" else 200, {way: COPY})
    archive.set(COPY, "<p>The copy</p>")
    assert archive_snapshots(now=NOW) == 1
    asked = len(archive.requests())
    assert archive_snapshots(now=NOW) == 0
    assert len(archive.requests()) == asked
    snapshot.refresh_from_db()
    assert snapshot.archived_url == archive.url(COPY)


@pytest.mark.parametrize("status", [200, 404, 429, 503])
def test_an_archive_that_keeps_nothing_changes_nothing(archive: Site, status: int) -> None:
    snapshot = make_snapshot(final_url=PAGE)
    archive.set(f"/save/{PAGE}", "<p>Sorry</p>", status)
    assert archive_snapshots(now=NOW) == 0
    snapshot.refresh_from_db()
    assert snapshot.archived_url == ""


def test_nothing_is_submitted_unless_a_setting_says_so(archive: Site, settings: Settings) -> None:
    settings.ARCHIVE_SNAPSHOTS = False
    make_snapshot(final_url=PAGE)
    assert archive_snapshots(now=NOW) == 0
    assert archive.requests() == []


def test_what_is_old_or_removed_or_no_page_is_not_submitted(archive: Site) -> None:
    make_snapshot(final_url=PAGE, taken_at=NOW - dt.timedelta(days=2))
    make_snapshot(final_url=PAGE, kind="feed")
    removed = make_snapshot(final_url=PAGE)
    Snapshot.objects.filter(pk=removed.pk).update(
        text="", removed_at=NOW, removal_reason="A person asked."
    )
    assert archive_snapshots(now=NOW) == 0
    assert archive.requests() == []
