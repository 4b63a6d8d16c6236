"""Reviewing findings: preview, accept, link, dismiss. Each decision is one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaigns.errors import InvalidStatusChange
from campaigns.models import Citation, StatusChange, Target
from campaigns.services import (
    CitationDraft,
    DocumentDraft,
    lock_log,
    preview_status_change,
    record_status_change,
    write_citations,
)
from sources.errors import AlreadyRecorded, AlreadyReviewed, ReasonMissing, WrongTarget
from sources.models import Finding, Review
from sources.passages import is_quote
from sources.services.backtest_set import add_to_backtest_set
from sources.services.proposals import Proposal


@transaction.atomic
def accept_finding(
    *,
    finding: Finding,
    reviewer: User | None,
    now: dt.datetime,
    proposal: Proposal | None = None,
    is_silent: bool = False,
) -> StatusChange:
    """Record the status change that a finding suggests, with the passage as its citation.

    Args:
        finding: what is accepted.
        reviewer: who accepts it; ``None`` when the watch is trusted.
        now: the moment.
        proposal: what to record, if it was edited; else what the finding says.
        is_silent: alert nobody.

    Raises:
        AlreadyReviewed: somebody was faster.
        AlreadyRecorded: the target has this status, and the proposal is no extension.
        InvalidStatusChange: the change was refused; ``field`` says where to mend the proposal.
    """
    finding, claim = _claim(finding, proposal)
    change = record_status_change(**claim, recorded_by=reviewer, is_silent=is_silent, now=now)
    _write_review(finding, Review.Verdict.ACCEPTED, reviewer, now, change=change)
    return change


@transaction.atomic
def preview_finding(
    *, finding: Finding, reviewer: User, now: dt.datetime, proposal: Proposal
) -> list[SafeString]:
    """Return how the status change would be shown and told if the finding were accepted, as HTML.

    Nothing is recorded, and the finding waits as before.

    Args:
        finding: what is reviewed.
        reviewer: who would accept it.
        now: the moment.
        proposal: what would be recorded.

    Raises:
        ReviewError, InvalidStatusChange: as by :func:`accept_finding`.
    """
    _finding, claim = _claim(finding, proposal)
    return preview_status_change(claim=claim | {"recorded_by": reviewer}, now=now)


@transaction.atomic
def link_finding(
    *,
    finding: Finding,
    change: StatusChange,
    reviewer: User | None,
    now: dt.datetime,
) -> Citation:
    """Add the passage as a citation to a status change that is on record already.

    Raises:
        AlreadyReviewed: somebody was faster.
        WrongTarget: the change belongs to another target.
    """
    finding = claimed_finding(finding)
    if change.target_id != finding.target_id:
        raise WrongTarget(_("This status change belongs to another target."))
    draft = _citation(finding, Proposal.of_finding(finding))
    at_url = Q(document__url=finding.url) | Q(document__old_urls__url=finding.url)
    same = change.citations.filter(at_url, quote=draft.quote)
    citation = same.first() or write_citations([draft], status_change=change)[0]
    _write_review(finding, Review.Verdict.LINKED, reviewer, now, change=change)
    return citation


@transaction.atomic
def dismiss_finding(
    *,
    finding: Finding,
    category: str = Review.Category.OTHER,
    reason: str = "",
    reviewer: User | None,
    now: dt.datetime,
    is_labelled: bool = False,
) -> Review:
    """Note that a finding is no news, and why.

    Args:
        finding: what is dismissed.
        category: one of :class:`Review.Category`.
        reason: in words; only the category "something else" needs them.
        reviewer: who dismisses it.
        now: the moment.
        is_labelled: add it to the backtest set, too.

    Raises:
        AlreadyReviewed: somebody was faster.
        ReasonMissing: no such category, or words are needed.
        NoLabel: it cannot be in the backtest set.
    """
    finding = claimed_finding(finding)
    refuse_without_reason(category, reason)
    review = _write_review(
        finding,
        Review.Verdict.DISMISSED,
        reviewer,
        now,
        category=category,
        reason=reason.strip(),
    )
    if is_labelled:
        add_to_backtest_set(finding=finding, editor=reviewer, now=now)
    return review


@dataclass(frozen=True, slots=True)
class BulkDismissal:
    """What became of findings that were dismissed together.

    Attributes:
        dismissed: the reviews that were written.
        found: the reviews that others had written meanwhile; they stand.
    """

    dismissed: tuple[Review, ...]
    found: tuple[Review, ...]


def dismiss_findings(
    *,
    findings: Iterable[Finding],
    category: str,
    reason: str = "",
    reviewer: User | None,
    now: dt.datetime,
) -> BulkDismissal:
    """Dismiss findings for one reason, each in a transaction of its own.

    What somebody else has reviewed meanwhile is left as it is, and keeps none of the others back.

    Raises:
        ReasonMissing: no such category, or words are needed; nothing was dismissed.
    """
    refuse_without_reason(category, reason)
    dismissed, found = [], []
    for finding in findings:
        try:
            review = dismiss_finding(
                finding=finding, category=category, reason=reason, reviewer=reviewer, now=now
            )
            dismissed.append(review)
        except AlreadyReviewed as error:
            found.append(error.review)
    return BulkDismissal(tuple(dismissed), tuple(found))


def refuse_without_reason(category: str, reason: str) -> None:
    """Raise :class:`ReasonMissing` unless these are grounds to dismiss a finding."""
    if category not in Review.Category.values:
        raise ReasonMissing(_("Choose why: it helps to mend what found it."))
    if category == Review.Category.OTHER and not reason.strip():
        raise ReasonMissing(_("Say why: the reason helps to mend what found it."))


def _claim(finding: Finding, proposal: Proposal | None) -> tuple[Finding, dict[str, Any]]:
    """Return the finding, locked, and what accepting it records. Within a transaction."""
    # Whatever is read of the target and its findings must be what the last writer left.
    lock_log()
    finding = claimed_finding(finding)
    proposal = proposal or Proposal.of_finding(finding)
    if existing := recorded_change(finding.target, proposal):
        raise AlreadyRecorded(existing)
    names = ("effective_on", "effective_precision", "summary", "extends")
    return finding, {name: getattr(proposal, name) for name in names} | {
        "target": finding.target,
        "to_status": proposal.status,
        "outcome": proposal.outcome(),
        "citations": [_citation(finding, proposal)],
    }


def recorded_change(target: Target, proposal: Proposal) -> StatusChange | None:
    """Return the change that put the target where the proposal would, unless it extends that."""
    if proposal.extends or target.status != proposal.status:
        return None
    in_effect = target.status_changes.in_effect().filter(to_status=target.status)
    return in_effect.order_by("-effective_on", "-sequence").first()


def claimed_finding(finding: Finding) -> Finding:
    """Lock the finding and return it as it is now. Within a transaction.

    Raises:
        AlreadyReviewed: it waits no more.
    """
    fresh = (
        Finding.objects.select_for_update(of=("self",))
        .select_related("snapshot__source", "target__company", "target__campaign")
        .get(pk=finding.pk)
    )
    review = Review.objects.filter(finding=fresh).select_related("reviewer").first()
    if review:
        raise AlreadyReviewed(review)
    return fresh


def _citation(finding: Finding, proposal: Proposal) -> CitationDraft:
    if not is_quote(proposal.quote, finding.passage):
        raise InvalidStatusChange(
            _("The quote is not in the passage: leave words out with “…”, but add none."), "quote"
        )
    document = DocumentDraft(
        url=finding.url,
        title=proposal.document_title,
        publisher=proposal.publisher,
        published_on=finding.published_on,
    )
    return CitationDraft(
        document=document, quote=proposal.quote, snapshot_hash=finding.snapshot.body_hash
    )


def _write_review(
    finding: Finding,
    verdict: Review.Verdict,
    reviewer: User | None,
    now: dt.datetime,
    *,
    change: StatusChange | None = None,
    category: str = "",
    reason: str = "",
) -> Review:
    return Review.objects.create(
        finding=finding,
        verdict=verdict,
        category=category,
        reason=reason,
        reviewer=reviewer,
        reviewed_at=now,
        status_change=change,
    )
