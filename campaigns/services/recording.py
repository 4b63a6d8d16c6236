"""The one writer of the status log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.dates import Precision, first_day, lapse_day
from campaigns.errors import (
    InvalidCorrection,
    InvalidDate,
    InvalidStatusChange,
    InvalidTransition,
    NothingChanges,
)
from campaigns.events import status_changed
from campaigns.formats import format_on
from campaigns.models import Exemption, LogHead, Outcome, StatusChange, Target
from campaigns.services.citing import write_citations
from campaigns.services.drafts import CitationDraft, OutcomeDraft
from campaigns.services.rebuilding import refresh_target
from campaigns.statuses import Status
from campaigns.timeline import Entry, first_conflict, in_effect, preceding

_AHEAD = dt.timedelta(hours=14)
"""The easternmost clocks are so far ahead of UTC: a day that began there is not the future."""


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
    corrects: StatusChange | None = None,
    recorded_by: User | None = None,
    is_silent: bool = False,
) -> StatusChange:
    """Append to the status log and refresh the target: the only way a status changes.

    With ``corrects`` the new row replaces that row in everything that is derived from the log:
    a *correction*, or, when ``to_status`` is ``None``, a *retraction*. The same status with a new
    outcome is an *extension*. After commit, ``campaigns.events.status_changed`` is sent.

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
    step = _plan(
        target=target,
        entries=entries,
        sequence=head.last_sequence + 1,
        to_status=_known_status(to_status),
        effective_on=corrects.effective_on if corrects and to_status is None else effective_on,
        effective_precision=effective_precision,
        outcome=outcome,
        corrects=corrects,
        now=now,
    )
    recorded_at = max(now, head.last_recorded_at or now)
    change = StatusChange.objects.create(
        sequence=step.entry.sequence,
        target=target,
        kind=step.kind,
        from_status=step.from_status,
        to_status=step.entry.to_status,
        effective_on=step.entry.effective_on,
        effective_precision=step.entry.effective_precision,
        recorded_at=recorded_at,
        recorded_by=recorded_by,
        summary=summary,
        outcome=_written_outcome(outcome, target, step, recorded_at),
        corrects=corrects,
        is_silent=is_silent,
    )
    write_citations(citations, status_change=change)
    LogHead.objects.filter(pk=head.pk).update(
        last_sequence=change.sequence, last_recorded_at=recorded_at
    )
    refresh_target(target)
    transaction.on_commit(
        lambda: status_changed.send_robust(StatusChange, change_id=change.pk), robust=True
    )
    return change


def lock_log() -> LogHead:
    """Lock the end of the log until the transaction ends, and return it.

    Taken before any target is locked, so that two writers can never wait for each other.
    """
    LogHead.objects.get_or_create(pk=1)
    return LogHead.objects.select_for_update().get(pk=1)


@dataclass(frozen=True, slots=True)
class _Step:
    """What will be written, once everything was checked."""

    kind: StatusChange.Kind
    from_status: Status | None
    entry: Entry
    superseded_id: int | None


def _plan(
    *,
    target: Target,
    entries: Sequence[Entry],
    sequence: int,
    to_status: Status | None,
    effective_on: dt.date,
    effective_precision: str,
    outcome: OutcomeDraft | Outcome | None,
    corrects: StatusChange | None,
    now: dt.datetime,
) -> _Step:
    effective_on = first_day(effective_on, effective_precision)
    if effective_on > (now + _AHEAD).date():
        raise InvalidDate(
            _("A status change cannot take effect in the future: record what was promised."),
            "effective_on",
        )
    _check_outcome(outcome, target, effective_on)
    if corrects:
        _check_correction(corrects, target, entries)
    elif to_status is None:
        raise InvalidStatusChange(_("Choose the status that was reached."))
    entry = Entry(
        sequence=sequence,
        to_status=to_status,
        effective_on=effective_on,
        effective_precision=effective_precision,
        recorded_at=now,
        corrects=corrects.pk if corrects else None,
    )
    history = in_effect(entries)
    proposed = in_effect([*entries, entry])
    before = preceding(proposed, entry)
    from_status = before.to_status if before else None
    if to_status is None and corrects is not None:
        from_status = _known_status(corrects.to_status)
    elif to_status == from_status and outcome is None:
        raise NothingChanges(
            _("On %(day)s the status is “%(status)s” already; extending it needs an outcome.")
            % {"day": format_on(effective_on, effective_precision), "status": _label(to_status)}
        )
    _check_neighbours(history, proposed)
    if corrects:
        kind = StatusChange.Kind.CORRECTION if to_status else StatusChange.Kind.RETRACTION
    else:
        is_extension = to_status == from_status
        kind = StatusChange.Kind.EXTENSION if is_extension else StatusChange.Kind.CHANGE
    superseded = corrects or before
    return _Step(kind, from_status, entry, superseded.outcome_id if superseded else None)


def _known_status(value: str | None) -> Status | None:
    try:
        return Status(value) if value is not None else None
    except ValueError:
        raise InvalidStatusChange(
            _("“%(value)s” is no status. Choose one of: %(choices)s.")
            % {"value": value, "choices": ", ".join(Status.values)}
        ) from None


def _check_outcome(
    outcome: OutcomeDraft | Outcome | None, target: Target, effective_on: dt.date
) -> None:
    if isinstance(outcome, Outcome):
        if outcome.target_id != target.pk:
            raise InvalidStatusChange(_("This outcome belongs to another target."), "outcome")
        return
    if outcome is None:
        return
    if outcome.kind not in Outcome.Kind.values:
        raise InvalidStatusChange(_("Choose the kind of outcome."), "outcome")
    since = outcome.effective_on or effective_on
    if outcome.expires_on and lapse_day(outcome.expires_on, outcome.expires_precision) <= since:
        raise InvalidDate(
            _("The outcome would expire on %(expiry)s, before it takes effect on %(effect)s.")
            % {
                "expiry": format_on(outcome.expires_on, outcome.expires_precision),
                "effect": format_on(since),
            },
            "expires_on",
        )
    if outcome.review_on and outcome.review_on < since:
        raise InvalidDate(_("The review is dated before the outcome takes effect."), "review_on")


def _check_correction(corrects: StatusChange, target: Target, entries: Sequence[Entry]) -> None:
    if corrects.target_id != target.pk:
        raise InvalidCorrection(_("This status change belongs to another target."), "corrects")
    if corrects.to_status is None:
        raise InvalidCorrection(
            _("A retraction cannot be corrected: record the status change anew."), "corrects"
        )
    if any(entry.corrects == corrects.pk for entry in entries):
        raise InvalidCorrection(
            _("This status change was corrected already: correct the correction."), "corrects"
        )


def _check_neighbours(history: Sequence[Entry], proposed: Sequence[Entry]) -> None:
    conflict = first_conflict(history, proposed)
    if conflict is None:
        return
    before, after = conflict
    raise InvalidTransition(
        _("“%(after)s” (%(day)s) cannot follow %(before)s.")
        % {
            "after": _label(after.to_status),
            "day": format_on(after.effective_on, after.effective_precision),
            "before": f"“{_label(before.to_status)}”" if before else _("an empty record"),
        }
    )


def _label(status: Status | None) -> str:
    return str(status.label) if status else "—"


def _written_outcome(
    outcome: OutcomeDraft | Outcome | None, target: Target, step: _Step, now: dt.datetime
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
