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
from sources.decisions import Decision, Passage
from sources.detection import Candidate
from sources.errors import ReviewError
from sources.events import announce
from sources.extraction.tidying import tidy_line
from sources.models import Finding, Poll, Snapshot
from sources.services.detecting import Hit
from sources.services.errands import rules_hash
from sources.services.review import accept_finding

logger = logging.getLogger(__name__)

_URL_LENGTH = 500
_is_web_url = URLValidator(schemes=["http", "https"])
_CONDITION_LENGTH = 300


def keep_snapshot(*, poll: Poll, decision: Decision, body_hash: str, fetched: Fetched) -> Snapshot:
    """Write the snapshot of an answer whose copy is stored."""
    source = poll.source
    return Snapshot.objects.create(
        source=source,
        poll=poll,
        taken_at=poll.started_at,
        url=source.url,
        kind=source.kind,
        rules_hash=rules_hash(source),
        final_url=fetched.final_url,
        content_type=tidy_line(fetched.headers.get("Content-Type", ""), 200),
        headers=[[name, value] for name, value in fetched.headers.items()],
        body_hash=body_hash,
        text=decision.text,
        text_hash=hashlib.sha256(decision.text.encode()).hexdigest(),
        title=decision.title,
        language=decision.language,
        published_on=decision.published_on,
        modified_on=decision.modified_on,
    )


def keep_findings(*, snapshot: Snapshot, hits: Iterable[Hit], now: dt.datetime) -> list[Finding]:
    """Write a finding for each hit, but for what waits for review in the same words already.

    Findings of trusted watches are accepted at once; those that cannot be stay pending.
    """
    findings = []
    for hit in hits:
        if _is_waiting(hit.candidate):
            continue
        finding = _write(snapshot, hit.passage, hit.candidate, now)
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


def _write(snapshot: Snapshot, passage: Passage, candidate: Candidate, now: dt.datetime) -> Finding:
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
        created_at=now,
    )


def _citable_url(*urls: str) -> str:
    """Return the first URL that a document on record can have, or ""."""
    for url in urls:
        try:
            _is_web_url(url)
        except ValidationError:
            continue
        if len(url) <= _URL_LENGTH:
            return url
    return ""


def _accept(finding: Finding, now: dt.datetime) -> None:
    try:
        accept_finding(finding=finding, reviewer=None, now=now)
    except (InvalidStatusChange, ReviewError, ValidationError, DataError) as error:
        logger.info("Finding %s of a trusted watch waits for a person: %s", finding.pk, error)
