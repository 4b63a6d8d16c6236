"""A feed and its articles on one site, as a press office has them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable

from campaigns.models import Target
from config.demo.site import Site
from sources.kinds import PollResult, SourceKind
from sources.models import Article, Source
from sources.services import poll_sources, read_articles
from tests.sources.factories import make_source, make_watch
from tests.sources.pages import ANNOUNCEMENT, DAY_OF_ANNOUNCEMENT

NOW = DAY_OF_ANNOUNCEMENT
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
FEED = "/feed"
OLD = ("/old", "Cloud prices fall", "Storage is cheaper from today.")
TEASER = ("/news", "An update on Rekognition", "We have news about our cloud. Read it in full.")
FULL = ("/news", "An update on Rekognition", ANNOUNCEMENT)


def article(*sentences: str, title: str = "What we decided about Rekognition") -> str:
    """The page of an article, with its navigation, that was published on 9 June 2020."""
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return f"""<!doctype html><html lang="en"><head><title>{title}</title>
<meta property="article:published_time" content="2020-06-09T08:00:00Z"></head><body>
<nav><a href="/">Home</a> <a href="/jobs">Jobs</a></nav><main><article><h1>{title}</h1>
<p>This article describes what our teams worked on in the last weeks, and what they decided.</p>
{paragraphs}<p>Questions about this go to our press office in Seattle.</p></article></main>
<footer>© 2020 Amazon</footer></body></html>"""


def publish(site: Site, *items: tuple[str, str, str]) -> str:
    """Let the feed hold these entries, each (path of its article, title, text)."""
    entries = [
        {"id": path, "url": site.url(path) if path else "", "title": title, "content_text": text}
        for path, title, text in items
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Press", "items": entries}
    return site.set(
        FEED, json.dumps(feed).encode(), headers={"Content-Type": "application/feed+json"}
    )


def watched_feed(site: Site, target: Target, **fields: object) -> Source:
    """A feed that reads articles, is watched for the target and was polled once."""
    options = {"kind": SourceKind.FEED, "reads_articles": True} | fields
    source = make_source(publish(site, OLD), **options)
    make_watch(source, target)
    [baseline] = poll_sources(source_ids=[source.pk], now=NOW)
    assert baseline.result == PollResult.BASELINE
    source.refresh_from_db()
    return source


def poll(source: Source, now: dt.datetime = NOW + HOUR) -> PollResult:
    """Poll the feed and return how that ended."""
    [ended] = poll_sources(source_ids=[source.pk], now=now, jitter=lambda: 0.5)
    source.refresh_from_db()
    return PollResult(ended.result)


def read(now: dt.datetime = NOW + HOUR, articles: Iterable[Article] | None = None) -> list[Article]:
    """Read the articles that are due, of all or of these."""
    keys = [one.pk for one in (Article.objects.all() if articles is None else articles)]
    return read_articles(article_ids=keys, now=now, jitter=lambda: 0.5)


def waits(minutes: int) -> list[Article]:
    """Read what is due so many minutes after the poll that found it."""
    return read(NOW + HOUR + minutes * MINUTE)


def asked(site: Site, path: str) -> int:
    """How often the site was asked for a path."""
    return len(site.requests(path))
