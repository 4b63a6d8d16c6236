"""Which entries of a feed wait for their articles, and the rows that say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db.models.functions import Substr

from outbound.errors import InvalidURL
from outbound.manners import host_of
from sources.decisions import Decision, Passage
from sources.kinds import SourceKind
from sources.models import Article, Snapshot, Source

_HOST_LENGTH = 253


def split_passages(
    *, source: Source, decision: Decision
) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
    """Return what of a decision is judged at once, and what waits for its article.

    An entry waits if its source reads articles and it has an address of its own. Past
    ``ARTICLES_PER_POLL`` the rest is judged by what it says itself.
    """
    if not source.reads_articles or source.kind != SourceKind.FEED:
        return decision.passages, ()
    waiting = [passage for passage in decision.passages if _host_of(passage.article_url)]
    del waiting[max(0, settings.ARTICLES_PER_POLL) :]
    urls = {passage.article_url for passage in waiting}
    rest = (passage for passage in decision.passages if passage.article_url not in urls)
    return tuple(rest), tuple(waiting)


def announce_articles(
    *, snapshot: Snapshot, passages: Iterable[Passage], now: dt.datetime
) -> list[Article]:
    """Write that the articles of these entries are to be visited.

    To be called in the transaction that writes the snapshot of the feed, which holds the entries.
    """
    return Article.objects.bulk_create(
        Article(
            source=snapshot.source,
            feed_snapshot=snapshot,
            url=passage.article_url,
            host=_host_of(passage.article_url),
            title=passage.title,
            language=passage.language,
            published_on=passage.published_on,
            entry_start=passage.offset,
            entry_end=passage.offset + len(passage.body),
            entry_before=passage.before,
            next_visit_at=now,
            found_at=now,
        )
        for passage in passages
    )


def entry_of(article: Article) -> Passage:
    """Return the entry that announced an article; it says nothing if its text was taken away.

    It is read anew and alone: many articles can wait for one large feed.
    """
    length = article.entry_end - article.entry_start
    feeds = Snapshot.objects.filter(pk=article.feed_snapshot_id)
    body = feeds.values_list(Substr("text", article.entry_start + 1, length), flat=True).get()
    return Passage(
        url=article.url,
        title=article.title,
        body=body,
        offset=article.entry_start,
        before=article.entry_before,
        published_on=article.published_on,
        language=article.language,
    )


def _host_of(url: str) -> str:
    """Return the host of a URL; "" if it has none that can be asked."""
    try:
        host = host_of(url)
    except InvalidURL:
        return ""
    return host if len(host) <= _HOST_LENGTH else ""
