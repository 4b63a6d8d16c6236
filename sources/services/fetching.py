"""Visiting many sources at once on one event loop; the database is not touched meanwhile."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from outbound.client import Client, Fetched
from outbound.errors import FetchError, InvalidURL
from outbound.limits import Limits
from sources.causes import Cause
from sources.extraction.tidying import tidy_line
from sources.kinds import SourceKind

_ACCEPT = {
    SourceKind.PAGE: "text/html, application/xhtml+xml, text/plain;q=0.9, */*;q=0.1",
    SourceKind.FEED: (
        "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
        "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
    ),
}
_DETAIL_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Errand:
    """What to fetch; the validators are those of an earlier answer, or empty."""

    url: str
    kind: SourceKind
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Visited:
    """How an errand ended: with an answer, or with a cause why there is none."""

    took: dt.timedelta
    fetched: Fetched | None = None
    cause: Cause | None = None
    detail: str = ""


def fetch_all(errands: Sequence[Errand], limits: Limits) -> list[Visited]:
    """Run all errands at once and return what became of them in the same order."""
    return asyncio.run(_fetch_all(errands, limits))


async def _fetch_all(errands: Sequence[Errand], limits: Limits) -> list[Visited]:
    async with Client(limits) as client:
        return await asyncio.gather(*(_fetch(client, errand) for errand in errands))


async def _fetch(client: Client, errand: Errand) -> Visited:
    started = monotonic()
    fetched: Fetched | None = None
    cause: Cause | None = None
    detail = ""
    try:
        fetched = await client.fetch(
            errand.url,
            etag=errand.etag or None,
            last_modified=errand.last_modified or None,
            accept=_ACCEPT[errand.kind],
        )
    except FetchError as error:
        cause, detail = Cause(error.cause.value), error.detail
    except InvalidURL as error:
        cause, detail = Cause.INVALID_URL, str(error)
    return Visited(
        took=dt.timedelta(seconds=monotonic() - started),
        fetched=fetched,
        cause=cause,
        detail=tidy_line(detail, _DETAIL_LENGTH),
    )
