"""What is to be asked of whom, and what is known already: read from the database before a batch."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from django.conf import settings

from outbound.errors import InvalidURL
from outbound.robots import PATH, Robots, robots_url
from sources.causes import Cause
from sources.extraction.bills import PRESETS, form_of_url
from sources.kinds import SourceKind
from sources.models import Article, RobotsFile, Snapshot, Source
from sources.scheduling import PATIENCE
from sources.services.leasing import Lease
from sources.services.measures import text_of

_HTML = "text/html, application/xhtml+xml, text/plain;q=0.9, */*;q=0.1"
_FEED = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
_JSON = "application/json, */*;q=0.1"
_ACCEPT = {
    SourceKind.PAGE: _HTML,
    SourceKind.FEED: _FEED,
    SourceKind.JSON: _JSON,
    SourceKind.BILL: _JSON,
}


@dataclass(frozen=True, slots=True)
class Manners:
    """How a batch behaves; all times in seconds.

    Attributes:
        at_once: how many hosts are asked at the same time.
        gap_seconds: between two requests to one host.
        patience_seconds: a host that wants to be left alone for longer is not waited for.
        batch_seconds: when the last visit of a batch may begin.
        asks_robots: whether robots files are asked for.
        day: of the batch.
    """

    at_once: int
    gap_seconds: float
    patience_seconds: float
    batch_seconds: float
    asks_robots: bool
    day: dt.date

    @classmethod
    def from_settings(cls, day: dt.date) -> Self:
        """Read the settings of polling."""
        return cls(
            at_once=settings.POLL_AT_ONCE,
            gap_seconds=settings.POLL_HOST_SECONDS,
            patience_seconds=PATIENCE.total_seconds(),
            batch_seconds=settings.POLL_BATCH_SECONDS,
            asks_robots=settings.POLL_ROBOTS,
            day=day,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One source to visit, or one article of a source.

    Attributes:
        origin: whose robots file holds; "" if the URL cannot be fetched at all.
        answered_by: the address that gave the last answer, to which its validators are sent.
        body_hash: of the last answer that was kept under the same rules; "" if there is none.
        text: what a page said then; ``None`` if there is none.
    """

    source_id: int
    article_id: int | None = None
    url: str
    origin: str
    kind: SourceKind
    accept: str
    rules: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    ignores_robots: bool = False
    etag: str = ""
    last_modified: str = ""
    answered_by: str = ""
    body_hash: str = ""
    text: str | None = None


@dataclass(frozen=True, slots=True)
class HostErrands:
    """The errands of one host, in order.

    Attributes:
        wait_seconds: after the batch began until it may be asked.
        origins: those of which is said here what the database knows.
        robots: the robots files that are known and fresh, by origin.
        old_robots: those that are known, but not fresh.
        troubles: why those that are fresh could not be had, where that is so, by origin.
    """

    name: str
    wait_seconds: float
    errands: tuple[Errand, ...]
    origins: frozenset[str]
    robots: Mapping[str, Robots]
    old_robots: Mapping[str, Robots]
    troubles: Mapping[str, Cause] = field(default_factory=dict)


def plan_errands(
    lease: Lease, last: Mapping[int, Snapshot], *, now: dt.datetime
) -> list[HostErrands]:
    """Put the sources of a lease in the order in which they are visited, host by host."""
    by_host: dict[str, list[Errand]] = defaultdict(list)
    for source in lease.sources:
        by_host[source.host].append(_errand_of_source(source, last.get(source.pk)))
    return _plan(by_host, lease, now)


def plan_articles(lease: Lease, *, now: dt.datetime) -> list[HostErrands]:
    """Put the articles of a lease in the order in which they are visited, host by host."""
    by_host: dict[str, list[Errand]] = defaultdict(list)
    for article in lease.articles:
        by_host[article.host].append(_errand_of_article(article))
    return _plan(by_host, lease, now)


def _plan(by_host: Mapping[str, list[Errand]], lease: Lease, now: dt.datetime) -> list[HostErrands]:
    """Put what is known of their hosts beside errands."""
    origins = {errand.origin for errands in by_host.values() for errand in errands}
    files = {file.origin: file for file in RobotsFile.objects.filter(origin__in=origins)}
    return [
        _plan_host(
            name,
            lease.free_from[name],
            errands,
            {errand.origin for errand in errands},
            files,
            now,
        )
        for name, errands in by_host.items()
    ]


def plan_borrowed(
    name: str, free_from: dt.datetime | None, origin: str, *, now: dt.datetime
) -> HostErrands:
    """Return what is known of a host to which an errand of another host leads.

    Args:
        name: of the host.
        free_from: when it may be asked next; ``None`` for at once.
        origin: of the site.
        now: when the batch began.
    """
    files = {file.origin: file for file in RobotsFile.objects.filter(origin=origin)}
    return _plan_host(name, free_from, (), {origin}, files, now)


def _plan_host(
    name: str,
    free_from: dt.datetime | None,
    errands: Sequence[Errand],
    origins: Collection[str],
    files: Mapping[str, RobotsFile],
    now: dt.datetime,
) -> HostErrands:
    ours = [files[origin] for origin in origins if origin in files]
    robots = {file.origin: Robots(file.http_status, file.text) for file in ours}
    fresh = {file.origin for file in ours if file.expires_at > now}
    return HostErrands(
        name,
        max(0.0, ((free_from or now) - now).total_seconds()),
        tuple(errands),
        frozenset(origins),
        robots={origin: robots[origin] for origin in fresh},
        old_robots={origin: robots[origin] for origin in robots.keys() - fresh},
        troubles={file.origin: Cause(file.trouble) for file in ours if file.trouble},
    )


def _errand_of_source(source: Source, last: Snapshot | None) -> Errand:
    kind = SourceKind(source.kind)
    known: dict[str, Any] = {}
    # A bill that dies with its session changes no byte: its answers are always read.
    if last is not None and kind != SourceKind.BILL:
        known = {
            "etag": source.etag,
            "last_modified": source.last_modified,
            "answered_by": last.final_url,
            "body_hash": last.body_hash,
            "text": text_of(last) if kind == SourceKind.PAGE else None,
        }
    return Errand(
        source_id=source.pk,
        url=source.url,
        origin=origin_of(source.url),
        kind=kind,
        accept=_ACCEPT[kind],
        rules=source.rules,
        headers=_headers(source),
        ignores_robots=source.ignores_robots,
        **known,
    )


def _errand_of_article(article: Article) -> Errand:
    return Errand(
        source_id=article.source_id,
        article_id=article.pk,
        url=article.url,
        origin=origin_of(article.url),
        kind=SourceKind.PAGE,
        accept=_ACCEPT[SourceKind.PAGE],
        rules={},
        ignores_robots=article.source.ignores_robots,
    )


def origin_of(url: str) -> str:
    """Return the origin of a URL; "" if it has none, which its own visit finds out."""
    try:
        return robots_url(url).removesuffix(PATH)
    except InvalidURL:
        return ""


def _headers(source: Source) -> dict[str, str]:
    """Return the key of a tracker of bills, for its own host only."""
    preset = PRESETS.get(form_of_url(source.url)) if source.kind == SourceKind.BILL else None
    key = getattr(settings, preset.key_setting, "") if preset and preset.key_setting else ""
    return {preset.key_header: key} if preset and key else {}
