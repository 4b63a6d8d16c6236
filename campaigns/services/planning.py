"""What a status change would write, once everything about it was checked. Writes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from campaigns.dates import first_day, lapse_day
from campaigns.errors import (
    InvalidCorrection,
    InvalidDate,
    InvalidStatusChange,
    InvalidTransition,
    NothingChanges,
)
from campaigns.formats import format_on
from campaigns.models import Outcome, StatusChange, Target
from campaigns.models.outcomes import EXEMPTION_LENGTH, SCOPE_LENGTH
from campaigns.services.drafts import OutcomeDraft
from campaigns.statuses import CONCEDED, Status
from campaigns.timeline import Entry, first_conflict, in_effect, outcome_in_force, preceding

_LATEST_EXPIRY = dt.date(2200, 12, 31)
_AHEAD = dt.timedelta(hours=14)
"""The easternmost clocks are so far ahead of UTC: a day that began there is not the future."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What somebody says happened; the fields are arguments of ``record_status_change``."""

    target: Target
    to_status: str | None
    effective_on: dt.date
    effective_precision: str
    outcome: OutcomeDraft | Outcome | None
    extends: bool
    corrects: StatusChange | None


@dataclass(frozen=True, slots=True)
class Step:
    """What will be written of a claim that holds."""

    kind: StatusChange.Kind
    from_status: Status | None
    entry: Entry
    superseded_id: int | None
    """The outcome that a new one supersedes."""


def plan_step(claim: Claim, log: Sequence[Entry], *, sequence: int, now: dt.datetime) -> Step:
    """Check a claim against the log of its target, and return what to write.

    Raises:
        InvalidStatusChange: one of its kinds.
    """
    entry = _entry(claim, sequence, now)
    if claim.outcome:
        _check_outcome(claim.outcome, claim.target, entry)
    if claim.corrects:
        _check_correction(claim.corrects, claim.target, log)
    elif entry.to_status is None:
        raise InvalidStatusChange(_("Choose the status that was reached."))
    proposed = in_effect([*log, entry])
    earlier = preceding(proposed, entry)
    from_status = earlier[-1].to_status if earlier else None
    in_force = outcome_in_force(earlier)
    _check_neighbours(in_effect(log), proposed)
    if claim.corrects:
        return _correction(claim.corrects, entry, from_status)
    _check_news(claim, entry, from_status, in_force)
    return Step(
        StatusChange.Kind.EXTENSION if claim.extends else StatusChange.Kind.CHANGE,
        from_status,
        entry,
        in_force.outcome_id if in_force else None,
    )


def _correction(wrong: StatusChange, entry: Entry, from_status: Status | None) -> Step:
    if entry.to_status is None:
        taken_back = _known_status(wrong.to_status)
        return Step(StatusChange.Kind.RETRACTION, taken_back, entry, None)
    return Step(StatusChange.Kind.CORRECTION, from_status, entry, wrong.outcome_id)


def _entry(claim: Claim, sequence: int, now: dt.datetime) -> Entry:
    is_retraction = claim.corrects is not None and claim.to_status is None
    said_of = claim.corrects if claim.corrects and is_retraction else claim
    effective_on = first_day(said_of.effective_on, said_of.effective_precision)
    if effective_on > (now + _AHEAD).date():
        raise InvalidDate(
            _("A status change cannot take effect in the future: record what was promised."),
            "effective_on",
        )
    return Entry(
        sequence=sequence,
        to_status=_known_status(claim.to_status),
        effective_on=effective_on,
        effective_precision=said_of.effective_precision,
        recorded_at=now,
        corrects=claim.corrects.pk if claim.corrects else None,
    )


def _known_status(value: str | None) -> Status | None:
    try:
        return Status(value) if value is not None else None
    except ValueError:
        raise InvalidStatusChange(
            _("“%(value)s” is no status. Choose one of: %(choices)s.")
            % {"value": value, "choices": ", ".join(Status.values)}
        ) from None


def _check_news(
    claim: Claim, entry: Entry, from_status: Status | None, in_force: Entry | None
) -> None:
    """Refuse what is on record already: a second click, a second reviewer, a second source."""
    if not claim.extends:
        if entry.to_status == from_status:
            raise NothingChanges(
                _("On %(day)s the status is “%(status)s” already. New terms extend it: say so.")
                % {"day": _day(entry), "status": _label(from_status)}
            )
        return
    if entry.to_status != from_status or claim.outcome is None:
        raise InvalidTransition(
            _("An extension keeps the status, “%(status)s”, and has an outcome with new terms.")
            % {"status": _label(from_status)}
        )
    place = (entry.effective_on, claim.outcome.expires_on)
    if in_force and place == (in_force.effective_on, in_force.expires_on):
        raise NothingChanges(
            _("This is on record already as number %(number)d.") % {"number": in_force.sequence}
        )


def _check_outcome(outcome: OutcomeDraft | Outcome, target: Target, entry: Entry) -> None:
    if entry.to_status not in CONCEDED:
        raise InvalidStatusChange(
            _("Under “%(status)s” nothing is conceded: leave the outcome empty.")
            % {"status": _label(entry.to_status)},
            "outcome",
        )
    if isinstance(outcome, Outcome):
        if outcome.target_id != target.pk:
            raise InvalidStatusChange(_("This outcome belongs to another target."), "outcome")
        return
    if outcome.kind not in Outcome.Kind.values:
        raise InvalidStatusChange(_("Choose the kind of outcome."), "outcome")
    _check_lengths(outcome)
    _check_dates(outcome, since=outcome.effective_on or entry.effective_on)


def _check_lengths(outcome: OutcomeDraft) -> None:
    texts = [("scope", outcome.scope), ("condition", outcome.condition)]
    texts += [("exemptions", name) for name in outcome.exemptions]
    for field, text in texts:
        limit = EXEMPTION_LENGTH if field == "exemptions" else SCOPE_LENGTH
        if len(text) > limit:
            raise InvalidStatusChange(
                _("“%(start)s…” is too long: at most %(limit)d characters.")
                % {"start": text[:40], "limit": limit},
                field,
            )


def _check_dates(outcome: OutcomeDraft, *, since: dt.date) -> None:
    if outcome.expires_on and outcome.expires_on > _LATEST_EXPIRY:
        raise InvalidDate(_("Leave the expiry empty for an outcome without end."), "expires_on")
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
            "day": _day(after),
            "before": f"“{_label(before.to_status)}”" if before else _("an empty record"),
        }
    )


def _label(status: Status | None) -> str:
    return str(status.label) if status else "—"


def _day(entry: Entry) -> str:
    return format_on(entry.effective_on, entry.effective_precision)
