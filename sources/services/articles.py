"""Reading the articles of feeds: lease, visit, settle, as sources are polled."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Collection
from time import monotonic

from django.conf import settings

from sources.causes import Cause
from sources.models import Article
from sources.services.article_settling import ArticleSettler
from sources.services.errands import Manners, plan_articles
from sources.services.leasing import LEASE, lease_articles, take_over_articles
from sources.services.tenure import Tenure
from sources.services.workshop import visit_all


def read_articles(
    *,
    article_ids: Collection[int],
    now: dt.datetime,
    jitter: Callable[[], float] = random.random,
) -> list[Article]:
    """Visit articles that are due, many at once, and return them as they stand then, by their ids.

    Whatever goes wrong with an article is its own failure, never an exception and never one of its
    feed. One that another batch has leased is left out, and so is one whose host is busy, or leads
    to one that is; all these stay due, or are due a little later. One whose visitor died has
    failed, and is retried after the others and alone.

    Args:
        article_ids: at most :data:`sources.services.BATCH_SIZE` of them should be given.
        now: the moment at which reading starts.
        jitter: gives numbers from 0 to 1 that spread the next tries.
    """
    started = monotonic()
    settled = _note_interruptions(article_ids, now, started, jitter)
    rest = set(article_ids) - {article.pk for article in settled}
    interrupted = Article.objects.filter(pk__in=rest, last_cause=Cause.INTERRUPTED)
    suspects = list(interrupted.order_by("pk").values_list("pk", flat=True))
    settled += _read_together(rest.difference(suspects), now, started, jitter)
    for suspect in suspects:
        began = monotonic()
        if began - started > settings.POLL_BATCH_SECONDS:
            break  # the others stay due
        passed = dt.timedelta(seconds=began - started)
        settled += _read_together([suspect], now + passed, began, jitter)
    return sorted(settled, key=lambda article: article.pk)


def _note_interruptions(
    article_ids: Collection[int], now: dt.datetime, began: float, jitter: Callable[[], float]
) -> list[Article]:
    lease = take_over_articles(article_ids=article_ids, now=now, duration=LEASE)
    tenure = Tenure(lease, now=now, began=began)
    return ArticleSettler(lease, tenure, now, jitter).note_interruptions()


def _read_together(
    article_ids: Collection[int], now: dt.datetime, began: float, jitter: Callable[[], float]
) -> list[Article]:
    """Visit articles in one batch; ``began`` is ``now`` by the monotonic clock."""
    if not article_ids:
        return []
    lease = lease_articles(article_ids=article_ids, now=now, duration=LEASE)
    if not lease.articles:
        return []
    tenure = Tenure(lease, now=now, began=began)
    settler = ArticleSettler(lease, tenure, now, jitter)
    settled: list[Article] = []
    errands, manners = plan_articles(lease, now=now), Manners.from_settings(now.date())
    for results in visit_all(errands, manners, tenure):
        settled += settler.settle(results)
    return settled
