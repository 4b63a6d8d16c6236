"""``manage.py poll``: visit sources now, in this process."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sources.kinds import PollResult
from sources.models import Article, Poll, Source
from sources.querysets import ArticleQuerySet
from sources.services import BATCH_SIZE, poll_sources, read_articles
from sources.tasks import batches


class Command(BaseCommand):
    """Poll one source, or all that are due."""

    help = (
        "Poll sources with the code that the workers use, and print how each visit ended. Without "
        "options all active sources that are due are polled. A source is left out while a worker "
        "visits it or its host, or while that host is to be left alone. Articles of these sources "
        "that are due are read, too. The exit code is 1 if a poll failed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--source",
            metavar="ID_OR_SLUG",
            action="append",
            help="poll this source whether or not it is due; may be repeated",
        )
        which.add_argument(
            "--due", action="store_true", help="poll all that are due, as without options"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Poll in batches, printing each poll as its batch ends.

        Raises:
            CommandError: a source does not exist, or a poll failed.
        """
        wanted: list[str] = options["source"] or []
        if wanted:
            source_ids = [_find(name).pk for name in wanted]
        else:
            due = Source.objects.due(timezone.now()).host_by_host()
            source_ids = list(due.values_list("pk", flat=True))
        polled = failed = 0
        for start in range(0, len(source_ids), BATCH_SIZE):
            batch = source_ids[start : start + BATCH_SIZE]
            for poll in poll_sources(source_ids=batch, now=timezone.now(), only_due=not wanted):
                self._show(poll)
                polled += 1
                failed += poll.result == PollResult.FAILED
            if len(source_ids) > BATCH_SIZE:
                done = min(start + BATCH_SIZE, len(source_ids))
                self.stderr.write(f"{done} of {len(source_ids)} sources")
        articles = Article.objects.due(timezone.now()).host_by_host()
        self._read_articles(articles.filter(source__in=source_ids) if wanted else articles)
        if skipped := len(set(source_ids)) - polled:
            self.stdout.write(f"{skipped} left out: their hosts cannot be asked just now.")
        if failed:
            raise CommandError(f"{failed} of {polled} polls failed.")
        self.stdout.write(f"{polled} polled.")

    def _read_articles(self, articles: ArticleQuerySet) -> None:
        """Read articles in batches, printing each as its batch ends."""
        for batch in batches(list(articles.values_list("pk", flat=True))):
            for article in read_articles(article_ids=batch, now=timezone.now()):
                words = [article.source.slug, "article", article.state]
                if article.state != Article.State.READ:
                    words.append(article.last_cause)
                self.stdout.write(" ".join([*words, article.url]))

    def _show(self, poll: Poll) -> None:
        words = [poll.source.slug, poll.result]
        if poll.result == PollResult.FAILED:
            words.append(poll.cause)
        if poll.detail:
            words.append(f"({poll.detail})")
        if poll.result == PollResult.CHANGED:
            words.append(f"findings: {poll.snapshot.findings.count()}")
        self.stdout.write(" ".join(words))


def _find(name: str) -> Source:
    source = Source.objects.filter(slug=name).first()
    if source is None and name.isdecimal():
        source = Source.objects.filter(pk=int(name)).first()
    if source is None:
        raise CommandError(f"There is no source “{name}”.")
    return source
