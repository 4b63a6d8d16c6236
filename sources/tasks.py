"""The jobs: each makes one service call, then wakes what that made due.

The rows say what is due and the broker is only a doorbell. A task that is lost, doubled or late
does no harm: the next tick finds what still waits, and a lease keeps two pollers apart.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence

from celery import Task, shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from sources import services
from sources.models import Article, Source

logger = logging.getLogger(__name__)

# More than a batch takes. The first lets the source that holds up a batch fail by name.
_SOFT_SECONDS = 240
_HARD_SECONDS = 300
# A wake-up that nobody heard is not needed any more: the next tick rings again.
_EXPIRES = 120


@shared_task
def poll_due() -> None:
    """Wake a worker for every batch of sources that are due, and of articles.

    Articles come first: they are few, and a host with many sources would never be free for them.
    """
    now = timezone.now()
    articles = Article.objects.due(now).host_by_host()
    wake_readers(list(articles.values_list("pk", flat=True)))
    due = Source.objects.due(now).host_by_host()
    wake_pollers(list(due.values_list("pk", flat=True)))


@shared_task(soft_time_limit=_SOFT_SECONDS, time_limit=_HARD_SECONDS)
def poll_batch(source_ids: list[int]) -> None:
    """Poll those of the sources that are still due, and wake a worker for what they announced."""
    services.poll_sources(source_ids=source_ids, now=timezone.now(), only_due=True)
    articles = Article.objects.due(timezone.now()).filter(source__in=source_ids).host_by_host()
    wake_readers(list(articles.values_list("pk", flat=True)))


@shared_task(soft_time_limit=_SOFT_SECONDS, time_limit=_HARD_SECONDS)
def read_batch(article_ids: list[int]) -> None:
    """Read those of the articles that are still due."""
    services.read_articles(article_ids=article_ids, now=timezone.now())


@shared_task
def send_notices() -> None:
    """Mail what stewards are owed."""
    services.send_notices(now=timezone.now())


@shared_task
def owe_health_mails() -> None:
    """Owe the health mail of this week to who has not got it."""
    services.owe_health_mails(now=timezone.now())


@shared_task
def archive_snapshots() -> None:
    """Submit new pages to the Wayback Machine, if that is wanted."""
    services.archive_snapshots(now=timezone.now())


@shared_task(soft_time_limit=_SOFT_SECONDS, time_limit=_HARD_SECONDS)
def ask_second_opinions() -> None:
    """Ask a language model about new findings, if that is wanted."""
    services.ask_second_opinions(now=timezone.now())


@shared_task
def prune_polls() -> None:
    """Delete polls that are old and of which nothing was kept."""
    services.prune_polls(now=timezone.now())


def wake_pollers(source_ids: Collection[int]) -> bool:
    """Put a task into the queue for every batch of sources; ``False`` if the queue is away."""
    return _wake(poll_batch, source_ids)


def wake_readers(article_ids: Collection[int]) -> bool:
    """Do the same for articles."""
    return _wake(read_batch, article_ids)


def _wake(task: Task[[list[int]], None], ids: Collection[int]) -> bool:
    try:
        for batch in batches(list(ids)):
            task.apply_async((batch,), retry=False, expires=_EXPIRES)
    except OperationalError as error:
        logger.warning("The queue does not answer, the next tick will make up for it: %s", error)
        return False
    return True


def batches(ids: Sequence[int]) -> Iterator[list[int]]:
    """Yield the ids in batches of the size that is polled at once."""
    for start in range(0, len(ids), services.BATCH_SIZE):
        yield list(ids[start : start + services.BATCH_SIZE])
