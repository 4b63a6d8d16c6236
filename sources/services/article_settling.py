"""Deciding and writing what the visits to articles brought home."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from outbound.client import Fetched
from sources import evidence
from sources.causes import Cause
from sources.decisions import Decision, failed
from sources.extraction import Page
from sources.models import Article, Snapshot
from sources.services.article_findings import (
    ArticleHits,
    Undetected,
    find_article_hits,
    keep_article_findings,
)
from sources.services.article_health import COLUMNS, note_failed_try, note_read
from sources.services.detecting import Watches
from sources.services.keeping import keep_article
from sources.services.leasing import Lease, lock_article
from sources.services.measures import article_rules_hash
from sources.services.quotes import check_quotes
from sources.services.removing import Removals
from sources.services.tenure import Tenure
from sources.services.visiting import Visited
from sources.services.workshop import Settled

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Read:
    """A page that was read; ``earlier`` is what was read of it before."""

    page: Page
    fetched: Fetched
    earlier: Snapshot | None

    @property
    def is_measured(self) -> bool:
        """Whether what was read before, if anything was, was read by our present rules."""
        return self.earlier is None or self.earlier.rules_hash == article_rules_hash()

    @property
    def body_hash(self) -> str:
        """Of the answer."""
        return hashlib.sha256(self.fetched.body).hexdigest()

    def removal(self, article: Article) -> Snapshot | None:
        """Return the snapshot of the same that an editor removed, if there is one."""
        text_hash = hashlib.sha256(self.page.text.encode()).hexdigest()
        removals = Removals([(article.source, self.body_hash, text_hash)])
        return removals.of(article.source, self.body_hash, text_hash)

    @property
    def unchanged(self) -> Snapshot | None:
        """What was read before, if the page says just that."""
        earlier = self.earlier
        return earlier if earlier and self.is_measured and earlier.text == self.page.text else None


class ArticleSettler:
    """Settles the visits of one batch of articles."""

    def __init__(
        self, lease: Lease, tenure: Tenure, now: dt.datetime, jitter: Callable[[], float]
    ) -> None:
        self._lease = lease
        self._tenure = tenure
        self._articles = {article.pk: article for article in lease.articles}
        self._watches = Watches(())
        self._now = now
        self._jitter = jitter

    def settle(self, results: Sequence[Settled]) -> list[Article]:
        """Write all that these visits mean, one by one, and return their articles."""
        settled = self._settle_all([one for one in results if isinstance(one, Visited)])
        self._tenure.give_back([one for one in results if not isinstance(one, Visited)])
        return settled

    def note_interruptions(self) -> list[Article]:
        """Write that the visits to all articles were cut off, and return these."""
        for article in self._articles.values():
            logger.warning("The visitor of article %s (%s) died", article.pk, article.url)
        interrupted = failed(Cause.INTERRUPTED)
        return self._settle_all(
            [
                Visited(source_id=one.source_id, article_id=one.pk, began=0, decision=interrupted)
                for one in self._articles.values()
            ]
        )

    def _settle_all(self, visits: Sequence[Visited]) -> list[Article]:
        # What is on record of their targets may have changed since the handful before.
        self._watches = Watches(visited.source_id for visited in visits)
        settled: list[Article] = []
        for visited in visits:
            self._tenure.renew()
            if visited.article_id in self._articles:
                settled += self._settle(self._articles[visited.article_id], visited)
        return settled

    def _settle(self, article: Article, visited: Visited) -> list[Article]:
        """Write what a visit means; our own failure is a failed try, too."""
        try:
            read = self._read(article, visited)
            if isinstance(read, _Read):
                return self._write_read(article, visited, read)
        except Undetected as error:
            read = error.decision
        except Exception:
            logger.exception("Reading article %s (%s) failed on our side", article.pk, article.url)
            article = _anew(article)
            read = failed(Cause.INTERNAL)
        try:
            return self._write_failed(article, visited, read)
        except Exception:
            logger.exception("Judging the entry of article %s failed on our side", article.pk)
            return self._write_failed(_anew(article), visited, read, is_judged=False)

    def _read(self, article: Article, visited: Visited) -> _Read | Decision:
        """Return what was read, or why nothing was."""
        page, fetched = visited.reading, visited.fetched
        if visited.decision is not None:
            return visited.decision
        if not isinstance(page, Page) or fetched is None:
            return failed(Cause.INTERNAL)
        same = Snapshot.objects.filter(
            articles__source=article.source_id, articles__url=article.url, removed_at=None
        )
        earlier = same.order_by("-taken_at", "-pk").first()
        return _Read(page, fetched, earlier)

    def _write_read(self, article: Article, visited: Visited, read: _Read) -> list[Article]:
        removal = read.removal(article)
        hits = find_article_hits(
            article=article,
            watches=self._watches,
            tenure=self._tenure,
            page=read.page if read.is_measured and removal is None else None,
            earlier=read.earlier,
        )
        if read.unchanged is None and removal is None:
            evidence.put(read.fetched.body)
        began = self._now + dt.timedelta(seconds=visited.began)
        with transaction.atomic():
            if not self._holds(article):
                return []
            snapshot = read.unchanged or self._snapshot(article, read, removal, began)
            keep_article_findings(article=article, snapshot=snapshot, hits=hits, now=self._now)
            note_read(article=article, snapshot=snapshot, at=self._ended(visited))
            article.save(update_fields=COLUMNS)
        return [article]

    def _snapshot(
        self, article: Article, read: _Read, removal: Snapshot | None, taken_at: dt.datetime
    ) -> Snapshot:
        """Write the snapshot, and what is quoted of the page and gone."""
        snapshot = keep_article(
            article=article,
            page=read.page,
            body_hash=read.body_hash,
            fetched=read.fetched,
            taken_at=taken_at,
            removal=removal,
        )
        if read.earlier and read.is_measured and removal is None:
            check_quotes(snapshot=snapshot, before=read.earlier.text)
        return snapshot

    def _write_failed(
        self, article: Article, visited: Visited, why: Decision, *, is_judged: bool = True
    ) -> list[Article]:
        """Write a failed try; when there is to be no other, judge what the entry itself says."""
        note_failed_try(
            article=article,
            why=why,
            headers=visited.headers,
            at=self._ended(visited),
            jitter=self._jitter(),
        )
        hits = ArticleHits()
        if is_judged and article.state == Article.State.GIVEN_UP:
            hits = self._hits_of_entry(article)
        with transaction.atomic():
            if not self._holds(article):
                return []
            keep_article_findings(article=article, snapshot=None, hits=hits, now=self._now)
            article.save(update_fields=COLUMNS)
        return [article]

    def _hits_of_entry(self, article: Article) -> ArticleHits:
        """Return what an entry suggests whose article is given up; there is no other try at it."""
        try:
            return find_article_hits(
                article=article, watches=self._watches, tenure=self._tenure, page=None
            )
        except Undetected as error:
            logger.warning("The entry of article %s was not judged: %s", article.pk, error)
            return ArticleHits()

    def _holds(self, article: Article) -> bool:
        """Lock the article, then its entry, of which others may be settled at the same time."""
        if not lock_article(lease=self._lease, article_id=article.pk):
            logger.warning("Article %s was leased to another visitor meanwhile", article.pk)
            return False
        entries = Snapshot.objects.filter(pk=article.feed_snapshot_id)
        entries.select_for_update().values_list("pk", flat=True).first()
        return True

    def _ended(self, visited: Visited) -> dt.datetime:
        return self._now + dt.timedelta(seconds=visited.began + visited.took)


def _anew(article: Article) -> Article:
    return Article.objects.select_related("source").get(pk=article.pk)
