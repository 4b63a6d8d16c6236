"""How the visits to an article went, and when it is tried next."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from outbound.client import Headers
from outbound.manners import retry_after
from sources.causes import PERMANENT, Cause
from sources.decisions import Decision
from sources.models import Article, Snapshot
from sources.scheduling import FIRST_RETRY, next_poll_at

COLUMNS = (
    "entry_before",
    "last_cause",
    "last_detail",
    "lease",
    "leased_until",
    "next_visit_at",
    "settled_at",
    "snapshot",
    "state",
    "tries_count",
)
"""The columns of an article that a visit may write."""

_HOPELESS = PERMANENT | {Cause.PARSE_LIMITS}
"""Causes for which one more try is enough to make sure."""


def note_read(*, article: Article, snapshot: Snapshot, at: dt.datetime) -> None:
    """Put into the article that it was read; nothing is saved."""
    article.snapshot = snapshot
    _settle(article, Article.State.READ, at)


def note_failed_try(
    *, article: Article, why: Decision, headers: Headers, at: dt.datetime, jitter: float
) -> None:
    """Put into the article what a failed visit means for it, the lease given back.

    It is retried after five minutes, then after twice the time again and again, until it has
    failed ``ARTICLE_TRIES`` times, or twice in a row for what time alone hardly mends.

    Args:
        article: as it was leased; it is not saved.
        why: the decision that the visit failed.
        headers: of the answer, if there was one.
        at: when the visit ended.
        jitter: from 0 to 1.
    """
    is_hopeless = why.cause in _HOPELESS and article.last_cause in _HOPELESS
    article.tries_count += 1
    article.last_cause, article.last_detail = why.cause or Cause.INTERNAL, why.detail
    if is_hopeless or article.tries_count >= settings.ARTICLE_TRIES:
        _settle(article, Article.State.GIVEN_UP, at)
        return
    article.lease = article.leased_until = None
    article.next_visit_at = next_poll_at(
        now=at,
        interval=FIRST_RETRY,
        failures_count=article.tries_count,
        jitter=jitter,
        asked_pause=retry_after(headers, at) or dt.timedelta(0),
    )


def _settle(article: Article, state: Article.State, at: dt.datetime) -> None:
    article.state, article.settled_at = state, at
    article.lease = article.leased_until = None
    # It was only needed to judge the entry.
    article.entry_before = None
