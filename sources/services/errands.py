"""What is to be asked of whom, and what is known already: read from the database before a batch."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import orjson
from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from outbound.errors import InvalidURL
from outbound.robots import PATH, Robots, robots_url
from sources import reading
from sources.causes import Cause
from sources.extraction.bills import PRESETS, form_of_url
from sources.kinds import SourceKind
from sources.models import RobotsFile, Snapshot, Source
from sources.scheduling import PATIENCE
from sources.services.leasing import Lease

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
    """One source to visit.

    Attributes:
        origin: whose robots file holds; "" if the URL cannot be fetched at all.
        body_hash: of the last answer that was kept under the same rules; "" if there is none.
        text: what a page said then; ``None`` if there is none.
    """

    source_id: int
    url: str
    origin: str
    kind: SourceKind
    accept: str
    rules: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    ignores_robots: bool = False
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    text: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether there is something that "304 Not Modified" could speak of."""
        return bool(self.body_hash)


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


def rules_hash(source: Source, version: int = reading.VERSION) -> str:
    """Return what stands for all that decides how an answer is read.

    A snapshot that was read by other rules, or by an older version of ours, is no measure.
    """
    parts = orjson.dumps([version, source.rules], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(parts).hexdigest()


def last_snapshots(sources: Sequence[Source]) -> dict[int, Snapshot]:
    """Return the last snapshot of each source that was read as the source is read now."""
    rows = newest_snapshots([source.pk for source in sources])
    return {
        source.pk: rows[source.pk]
        for source in sources
        if source.pk in rows and not why_no_measure(rows[source.pk], source)
    }


def newest_snapshots(source_ids: Collection[int]) -> dict[int, Snapshot]:
    """Return the last snapshot of each source, whether or not it is a measure."""
    newest = Snapshot.objects.filter(source=OuterRef("pk")).order_by("-taken_at", "-pk")
    keys = (
        Source.objects.filter(pk__in=source_ids)
        .annotate(newest=Subquery(newest.values("pk")[:1]))
        .values_list("newest", flat=True)
    )
    rows = Snapshot.objects.filter(pk__in=[key for key in keys if key])
    return {row.source_id: row for row in rows}


def plan_errands(
    lease: Lease, last: Mapping[int, Snapshot], *, now: dt.datetime
) -> list[HostErrands]:
    """Put the sources of a lease in the order in which they are visited, host by host."""
    by_host: dict[str, list[Errand]] = defaultdict(list)
    for source in lease.sources:
        by_host[source.host].append(_errand(source, last.get(source.pk)))
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


def _errand(source: Source, last: Snapshot | None) -> Errand:
    kind = SourceKind(source.kind)
    known: dict[str, Any] = {}
    # A bill that dies with its session changes no byte: its answers are always read.
    if last is not None and kind != SourceKind.BILL:
        known = {
            "etag": source.etag,
            "last_modified": source.last_modified,
            "body_hash": last.body_hash,
            "text": last.text if kind == SourceKind.PAGE else None,
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


def why_no_measure(snapshot: Snapshot, source: Source) -> str:
    """Return why what a source says now cannot be compared with a snapshot, "" if it can."""
    if snapshot.removed_at is not None:
        return _("The last snapshot was removed: this is a new baseline.")
    if source.baseline_after is not None and snapshot.taken_at <= source.baseline_after:
        return _("Somebody asked to begin anew: this is a new baseline.")
    if (snapshot.url, snapshot.kind) == (source.url, source.kind):
        if snapshot.rules_hash == rules_hash(source):
            return ""
        # Those that were read before there were versions have no hash.
        older = {rules_hash(source, version) for version in range(reading.VERSION)}
        if snapshot.rules_hash in older | {""}:
            return _("Answers are read in another way now: this is a new baseline.")
    return _("The settings were edited: this is a new baseline.")
