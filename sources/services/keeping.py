"""Writing what a visit brought home: the snapshot, and what was found in it."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import DataError

from campaigns.errors import InvalidStatusChange
from outbound.client import Fetched
from sources.decisions import Decision
from sources.detection import Candidate
from sources.errors import ReviewError
from sources.events import announce
from sources.extraction import Page
from sources.extraction.links import secret_in
from sources.extraction.tidying import tidy_line
from sources.grounds import rule_of
from sources.kinds import SourceKind
from sources.models import Article, Finding, Poll, Snapshot
from sources.services.detecting import Hit
from sources.services.measures import article_rules_hash, rules_hash
from sources.services.review import accept_finding

logger = logging.getLogger(__name__)

_URL_LENGTH = 500
_is_web_url = URLValidator(schemes=["http", "https"])
_CONDITION_LENGTH = 300
_LANGUAGE_LENGTH = 35


def keep_snapshot(
    *,
    poll: Poll,
    decision: Decision,
    body_hash: str,
    fetched: Fetched,
    removal: Snapshot | None = None,
) -> Snapshot:
    """Write the snapshot of an answer whose copy is stored.

    Args:
        poll: that brought it.
        decision: what of it is kept.
        body_hash: of the copy.
        fetched: the answer.
        removal: the snapshot of the same that an editor removed; then this one has no content
            either, for the same reason, and no copy is needed.
    """
    source = poll.source
    snapshot = _snapshot(decision, body_hash, fetched, removal)
    snapshot.source, snapshot.poll, snapshot.taken_at = source, poll, poll.started_at
    snapshot.url, snapshot.kind, snapshot.rules_hash = source.url, source.kind, rules_hash(source)
    snapshot.save()
    return snapshot


def keep_article(
    *,
    article: Article,
    page: Page,
    body_hash: str,
    fetched: Fetched,
    taken_at: dt.datetime,
    removal: Snapshot | None = None,
) -> Snapshot:
    """Write the snapshot of an article whose copy is stored; ``removal`` as of a source."""
    snapshot = _snapshot(page, body_hash, fetched, removal)
    snapshot.source, snapshot.taken_at = article.source, taken_at
    snapshot.url, snapshot.kind = article.url, SourceKind.PAGE
    snapshot.rules_hash = article_rules_hash()
    snapshot.save()
    return snapshot


def _snapshot(
    said: Decision | Page, body_hash: str, fetched: Fetched, removal: Snapshot | None
) -> Snapshot:
    """Return what a snapshot holds of an answer; whose it is and since when is still to be said."""
    snapshot = Snapshot(
        final_url=fetched.final_url,
        content_type=tidy_line(fetched.headers.get("Content-Type", ""), 200),
        headers=[[name, value] for name, value in fetched.headers.items()],
        body_hash=body_hash,
        text=said.text,
        text_hash=hashlib.sha256(said.text.encode()).hexdigest(),
        title=said.title,
        language=said.language,
        published_on=said.published_on,
        modified_on=said.modified_on,
    )
    if removal is not None:
        snapshot.text = snapshot.title = ""
        snapshot.headers = []
        snapshot.removed_at = removal.removed_at
        snapshot.removed_by_id = removal.removed_by_id
        snapshot.removal_reason = removal.removal_reason
    return snapshot


def keep_findings(*, snapshot: Snapshot, hits: Iterable[Hit], now: dt.datetime) -> list[Finding]:
    """Write a finding for each hit, but for what waits for review in the same words already.

    Findings of trusted watches are accepted at once; those that cannot be stay pending.
    """
    findings = []
    for hit in hits:
        if _is_waiting(hit.candidate):
            continue
        finding = _write(snapshot, hit, now)
        findings.append(finding)
        if hit.is_trusted:
            _accept(finding, now)
        announce(finding.pk)
    return findings


def _is_waiting(candidate: Candidate) -> bool:
    return (
        Finding.objects.pending()
        .filter(
            target=candidate.target, proposed_status=candidate.status, passage=candidate.sentence
        )
        .exists()
    )


def _write(snapshot: Snapshot, hit: Hit, now: dt.datetime) -> Finding:
    candidate, passage = hit.candidate, hit.passage
    return Finding.objects.create(
        snapshot=snapshot,
        target_id=candidate.target,
        url=_citable_url(passage.url, snapshot.final_url) or snapshot.url,
        title=passage.title,
        publisher=passage.publisher,
        published_on=passage.published_on,
        passage=candidate.sentence,
        passage_start=passage.offset + candidate.start,
        passage_end=passage.offset + candidate.end,
        body_start=passage.offset if hit.is_detected else None,
        body_end=passage.offset + len(passage.body) if hit.is_detected else None,
        body_language=passage.language[:_LANGUAGE_LENGTH],
        body_before=_before(snapshot, hit),
        proposed_status=candidate.status,
        extends=candidate.extends,
        effective_on=candidate.effective_on,
        effective_precision=candidate.effective_precision or "day",
        expires_on=candidate.expires_on,
        expires_precision=candidate.expires_precision or "day",
        exemptions=list(candidate.exemptions),
        condition=tidy_line(candidate.condition, _CONDITION_LENGTH),
        score=candidate.score,
        reasons=list(candidate.reasons),
        rule=rule_of(candidate.reasons),
        created_at=now,
    )


def _before(snapshot: Snapshot, hit: Hit) -> str | None:
    """Return what an entry or a row said before; of a page, the snapshot before tells it."""
    if snapshot.kind == SourceKind.PAGE or not hit.is_detected:
        return None
    return hit.passage.before or ""


def _citable_url(*urls: str) -> str:
    """Return the first URL that a document on record can have and everybody may see, or ""."""
    for url in urls:
        try:
            _is_web_url(url)
        except ValidationError:
            continue
        if len(url) <= _URL_LENGTH and not secret_in(url):
            return url
    return ""


def _accept(finding: Finding, now: dt.datetime) -> None:
    try:
        accept_finding(finding=finding, reviewer=None, now=now)
    except (InvalidStatusChange, ReviewError, ValidationError, DataError) as error:
        logger.info("Finding %s of a trusted watch waits for a person: %s", finding.pk, error)
