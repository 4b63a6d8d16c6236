"""What the article of an entry adds to the entry itself: pure."""

from __future__ import annotations

from sources.decisions import Before, Passage, day_of_news
from sources.extraction import Page


def passage_of_article(page: Page, entry: Passage, before: Before | None) -> Passage:
    """Return what detection reads of an article.

    Args:
        page: the article.
        entry: of the feed, which announced it.
        before: the same page as it was read last; ``None`` if it never was. Then an article whose
            entry was edited is measured by what that said before: the rest nobody has read.
    """
    if before is None and entry.before is not None:
        before = Before(text=entry.before)
    stated = page.published_on or entry.published_on or page.modified_on
    return Passage(
        url="",
        title=page.title or entry.title,
        body=page.text,
        offset=0,
        before=before.text if before else None,
        published_on=day_of_news(page, before) if before else stated,
        language=page.language or entry.language,
        publisher=page.publisher,
    )
