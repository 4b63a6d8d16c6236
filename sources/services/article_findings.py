"""What an article and its entry suggest together: each of it once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from sources.articles import passage_of_article
from sources.decisions import Before, Decision, Passage
from sources.detection import Candidate
from sources.extraction import Page
from sources.kinds import PollResult
from sources.models import Article, Finding, Snapshot
from sources.passages import holds_quote
from sources.services.announcing import entry_of
from sources.services.detecting import Hit, Watches, find_hits
from sources.services.keeping import keep_findings
from sources.services.tenure import Tenure


class Undetected(Exception):
    """Detection failed, as ``decision`` says."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.detail)
        self.decision = decision


@dataclass(frozen=True, slots=True)
class ArticleHits:
    """What was found: in the article, and in the entry beyond that."""

    in_article: tuple[Hit, ...] = ()
    in_entry: tuple[Hit, ...] = ()


def find_article_hits(
    *,
    article: Article,
    watches: Watches,
    tenure: Tenure,
    page: Page | None,
    earlier: Snapshot | None = None,
) -> ArticleHits:
    """Return what an article and the entry that announced it suggest; nothing is written.

    The entry is judged, too, for a page may not show us what its feed tells, but what it shows
    counts once: where both suggest the same status of a target, and where the article holds the
    entry's sentence, the article stands for both.

    Args:
        article: with its source.
        watches: of the source, and of others.
        tenure: renews the lease meanwhile.
        page: what was read; ``None`` to judge only the entry: for an article that is given up, or
            is a silent baseline because our rules changed since it was read last.
        earlier: what was read of the same page before; ``None`` if it never was.

    Raises:
        Undetected: detection took too much, or failed on our side.
    """
    entry = entry_of(article)
    in_entry = _hits(article, watches, tenure, entry)
    if page is None:
        return ArticleHits(in_entry=in_entry)
    in_article = _hits(article, watches, tenure, _passage(article, page, entry, earlier))
    found = {_key(hit.candidate) for hit in in_article}
    beyond = (
        hit
        for hit in in_entry
        if _key(hit.candidate) not in found and not holds_quote(page.text, hit.candidate.sentence)
    )
    return ArticleHits(in_article, tuple(beyond))


def keep_article_findings(
    *, article: Article, snapshot: Snapshot | None, hits: ArticleHits, now: dt.datetime
) -> None:
    """Write the findings of an article and its entry.

    To be called with both of them locked.

    Args:
        article: whose findings these are.
        snapshot: of the article; ``None`` if there is none.
        hits: what was found.
        now: the moment.
    """
    known = Finding.objects.filter(snapshot__source=article.source_id)
    if snapshot is not None:
        of_entries = known.pending().filter(
            url__in=[article.url, snapshot.final_url], snapshot__poll__isnull=False
        )
        keep_findings(snapshot=snapshot, hits=_unlike(hits.in_article, of_entries), now=now)
    of_articles = known.pending().filter(snapshot__articles__url=article.url)
    # A snapshot has one finding at most for one status of a target.
    of_this_feed = known.filter(snapshot=article.feed_snapshot_id)
    if new := _unlike(_unlike(hits.in_entry, of_articles), of_this_feed):
        keep_findings(snapshot=article.feed_snapshot, hits=new, now=now)


def _passage(article: Article, page: Page, entry: Passage, earlier: Snapshot | None) -> Passage:
    before = None
    if earlier is not None:
        before = Before(
            text=earlier.text,
            published_on=earlier.published_on,
            modified_on=earlier.modified_on,
            taken_on=earlier.taken_at.date(),
        )
    return passage_of_article(page, entry, before)


def _hits(article: Article, watches: Watches, tenure: Tenure, passage: Passage) -> tuple[Hit, ...]:
    """Detect as if the passage had been read when the feed announced it."""
    decision = Decision(PollResult.CHANGED, passages=(passage,))
    [found] = find_hits(
        decided=[(article.source, decision)], watches=watches, tenure=tenure, now=article.found_at
    )
    if isinstance(found, Decision):
        raise Undetected(found)
    return tuple(found)


def _unlike(hits: tuple[Hit, ...], findings: QuerySet[Finding]) -> tuple[Hit, ...]:
    """Return the hits for which none of the findings suggests the same."""
    known = set(findings.values_list("target", "proposed_status"))
    return tuple(hit for hit in hits if _key(hit.candidate) not in known)


def _key(candidate: Candidate) -> tuple[int, str]:
    return candidate.target, candidate.status
