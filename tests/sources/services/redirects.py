"""Sources whose addresses lead elsewhere, and the hosts to which they lead."""

import datetime as dt

from django.utils import timezone

from sources.models import Host, Poll, Source
from sources.services import poll_sources
from tests.sources.factories import make_source
from tests.sources.sites import WatchedSite

GAP = 0.2
"""Seconds that lie between two requests to a host."""
SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)
ROBOTS = "/robots.txt"


def host_of(site: WatchedSite) -> str:
    """The host by whose name a site is leased."""
    return site.url().split("/")[2].split(":")[0]


def say(site: WatchedSite, text: str) -> None:
    """Let a site ask this of robots from now on."""
    site.set(ROBOTS, text, headers={"Content-Type": "text/plain"})


def make_page(site: WatchedSite, path: str = "/policy") -> str:
    """Put a page there, and return its URL."""
    return site.set(path, f"<p>Our policy, at {path}.</p>")


def lead(site: WatchedSite, target: str, path: str = "/old") -> Source:
    """A source whose address leads elsewhere."""
    return make_source(site.redirect(path, target))


def poll(*sources: Source, now: dt.datetime | None = None) -> list[Poll]:
    """Poll those of the sources that are due, and read all of them anew."""
    ids = [source.pk for source in sources]
    polls = poll_sources(source_ids=ids, now=now or timezone.now(), only_due=True)
    for source in sources:
        source.refresh_from_db()
    return polls


def assert_all_is_given_back() -> None:
    """Assert that nobody holds a host or a source any more."""
    assert not Host.objects.exclude(lease=None).exists()
    assert not Source.objects.exclude(lease=None).exists()
