"""Makers of sources and findings for tests."""

from __future__ import annotations

import hashlib
from itertools import count
from typing import Any

from campaigns.models import Target
from sources.kinds import PollResult
from sources.models import Article, Finding, Poll, Snapshot, Source, Watch
from sources.services.measures import rules_hash
from tests.factories import NOW, make_target

_numbers = count(1)

PASSAGE = "We are putting a one-year moratorium on police use of Rekognition."


def make_source(url: str = "", **fields: Any) -> Source:
    """A page that was never polled, due since long."""
    number = next(_numbers)
    defaults = {
        "name": f"Source {number}",
        "slug": f"source-{number}",
        "url": url or f"https://company{number}.example/policy",
        "next_poll_at": NOW.replace(year=2020),
    }
    return Source.objects.create(**(defaults | fields))


def make_watch(source: Source, target: Target | None = None, *, is_trusted: bool = False) -> Watch:
    """A source watched for a target."""
    return Watch.objects.create(
        source=source, target=target or make_target(), is_trusted=is_trusted
    )


def make_snapshot(source: Source | None = None, text: str = "", **fields: Any) -> Snapshot:
    """A snapshot as a poll that saw a change would have kept it."""
    source = source or make_source()
    text = text or f"Our policy.\n\n{PASSAGE}\n\nQuestions are welcome."
    poll = Poll.objects.create(
        source=source, started_at=NOW, finished_at=NOW, result=PollResult.CHANGED, http_status=200
    )
    defaults = {
        "url": source.url,
        "kind": source.kind,
        "rules_hash": rules_hash(source),
        "final_url": source.url,
        "taken_at": NOW,
        "content_type": "text/html",
        "body_hash": hashlib.sha256(text.encode()).hexdigest(),
        "text_hash": hashlib.sha256(text.encode()).hexdigest(),
        "title": "Our policy",
    }
    return Snapshot.objects.create(source=source, poll=poll, text=text, **(defaults | fields))


def make_article(source: Source, **fields: Any) -> Article:
    """An article that waits, announced by an entry of the source that says :data:`PASSAGE`."""
    snapshot = fields.pop("feed_snapshot", None) or make_snapshot(source)
    start = snapshot.text.index(PASSAGE)
    defaults = {
        "url": "https://press.example/news",
        "host": "press.example",
        "entry_start": start,
        "entry_end": start + len(PASSAGE),
        "next_visit_at": NOW,
        "found_at": NOW,
    }
    return Article.objects.create(source=source, feed_snapshot=snapshot, **(defaults | fields))


def make_finding(
    target: Target | None = None, snapshot: Snapshot | None = None, **fields: Any
) -> Finding:
    """A pending finding of a moratorium."""
    snapshot = snapshot or make_snapshot()
    passage = fields.setdefault("passage", PASSAGE)
    start = snapshot.text.index(passage)
    defaults = {
        "url": snapshot.final_url,
        "title": snapshot.title,
        "passage_start": start,
        "passage_end": start + len(passage),
        "proposed_status": "paused",
        "score": 0.9,
        "reasons": ["It says “moratorium”."],
        "created_at": NOW,
    }
    return Finding.objects.create(
        target=target or make_target(), snapshot=snapshot, **(defaults | fields)
    )
