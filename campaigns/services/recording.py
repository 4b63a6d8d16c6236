"""The one writer of the status log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction

from campaigns.dates import Precision, first_day
from campaigns.events import status_changed
from campaigns.models import Exemption, FeedEntry, LogHead, Outcome, StatusChange, Target
from campaigns.services.citing import write_citations
from campaigns.services.drafts import CitationDraft, OutcomeDraft
from campaigns.services.feed import enter_feed
from campaigns.services.planning import Claim, Step, plan_step
from campaigns.services.rebuilding import refresh_target


@transaction.atomic
def record_status_change(
    *,
    target: Target,
    to_status: str | None,
    effective_on: dt.date,
    now: dt.datetime,
    effective_precision: str = Precision.DAY,
    summary: str = "",
    outcome: OutcomeDraft | Outcome | None = None,
    citations: Sequence[CitationDraft] = (),
    extends: bool = False,
    corrects: StatusChange | None = None,
    recorded_by: User | None = None,
    is_silent: bool = False,
) -> StatusChange:
    """Append to the status log and refresh the target: the only way a status changes.

    With ``corrects`` the new row replaces that row in everything that is derived from the log:
    a *correction*, or, when ``to_status`` is ``None``, a *retraction*. With ``extends`` the status
    stays and a new outcome supersedes the one in force: an *extension*. In a public campaign it
    enters the public feed with the same commit. After commit, ``campaigns.events.status_changed``
    is sent.

    Args:
        target: whose status changes.
        to_status: a value of :class:`campaigns.statuses.Status`; ``None`` to retract.
        effective_on: the day it happened in the world; ignored by a retraction.
        now: the moment of recording, with time zone.
        effective_precision: how much of ``effective_on`` is known.
        summary: what happened, in the words to be published.
        outcome: terms to be written, or an existing outcome of this target to be kept (as a
            correction of a date does), or nothing.
        citations: how we know.
        extends: that the status is meant to stay; otherwise the same status is refused, so that
            a second click or a second source records nothing twice.
        corrects: the row that was wrong.
        recorded_by: the person who recorded or confirmed it.
        is_silent: alert nobody.

    Returns:
        The new row of the log.

    Raises:
        InvalidStatusChange: one of its kinds; nothing was written.
    """
    head = lock_log()
    target = Target.objects.select_for_update().get(pk=target.pk)
    entries = [change.as_entry() for change in target.status_changes.select_related("outcome")]
    claim = Claim(
        target=target,
        to_status=to_status,
        effective_on=effective_on,
        effective_precision=effective_precision,
        outcome=outcome,
        extends=extends,
        corrects=corrects,
    )
    step = plan_step(claim, entries, sequence=head.last_sequence + 1, now=now)
    recorded_at = max(now, head.last_recorded_at or now)
    change = _written_change(
        claim, step, recorded_at, recorded_by=recorded_by, summary=summary, is_silent=is_silent
    )
    write_citations(citations, status_change=change)
    _follow_up(change, head)
    return change


def lock_log() -> LogHead:
    """Lock the end of the log until the transaction ends, and return it.

    Taken before any target is locked, so that two writers can never wait for each other.
    """
    LogHead.objects.get_or_create(pk=1)
    return LogHead.objects.select_for_update().get(pk=1)


@transaction.atomic
def reserve_moment(*, now: dt.datetime) -> dt.datetime:
    """Return a moment that divides the log: recorded by then, or not before then.

    Whatever is on record has a ``recorded_at`` of at most this moment, and whatever is recorded
    from here on one of at least this moment, however long its writer waited for its turn.
    """
    head = lock_log()
    moment = max(now, head.last_recorded_at or now)
    LogHead.objects.filter(pk=head.pk).update(last_recorded_at=moment)
    return moment


def _written_change(
    claim: Claim,
    step: Step,
    now: dt.datetime,
    *,
    recorded_by: User | None,
    summary: str,
    is_silent: bool,
) -> StatusChange:
    """Write the row of the log that a claim comes to, and the terms that it brings."""
    return StatusChange.objects.create(
        sequence=step.entry.sequence,
        target=claim.target,
        kind=step.kind,
        from_status=step.from_status,
        to_status=step.entry.to_status,
        effective_on=step.entry.effective_on,
        effective_precision=step.entry.effective_precision,
        recorded_at=now,
        recorded_by=recorded_by,
        summary=summary,
        outcome=_written_outcome(claim.outcome, claim.target, step, now),
        corrects=claim.corrects,
        is_silent=is_silent,
    )


def _written_outcome(
    outcome: OutcomeDraft | Outcome | None, target: Target, step: Step, now: dt.datetime
) -> Outcome | None:
    if outcome is None or isinstance(outcome, Outcome):
        return outcome
    row = Outcome.objects.create(
        target=target,
        kind=outcome.kind,
        terms=outcome.terms,
        scope=outcome.scope,
        condition=outcome.condition,
        condition_bill=outcome.condition_bill,
        effective_on=outcome.effective_on or step.entry.effective_on,
        effective_precision=(
            outcome.effective_precision if outcome.effective_on else step.entry.effective_precision
        ),
        expires_on=first_day(outcome.expires_on, outcome.expires_precision)
        if outcome.expires_on
        else None,
        expires_precision=outcome.expires_precision,
        review_on=outcome.review_on,
        supersedes_id=step.superseded_id,
        recorded_at=now,
    )
    for name in dict.fromkeys(outcome.exemptions):
        Exemption.objects.create(outcome=row, name=name)
    return row


def _follow_up(change: StatusChange, head: LogHead) -> None:
    """Bring all up to a row that was written: the log's end, the feed, the target, who listens."""
    LogHead.objects.filter(pk=head.pk).update(
        last_sequence=change.sequence, last_recorded_at=change.recorded_at
    )
    # Who publishes or withdraws the campaign holds the log as well: it stays as it is read here.
    if change.target.campaign.is_public:
        enter_feed([change], FeedEntry.Event.PUBLISHED, head=head, entered_at=change.recorded_at)
    refresh_target(change.target, now=change.recorded_at)
    transaction.on_commit(
        lambda: status_changed.send_robust(StatusChange, change_id=change.pk), robust=True
    )
