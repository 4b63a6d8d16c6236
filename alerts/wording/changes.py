"""What a status change says: its headline, what it undoes, what it follows from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from alerts.messages import short
from alerts.wording.outcomes import Facts
from campaigns.formats import format_on
from campaigns.models import Outcome, StatusChange
from campaigns.statuses import Status

_UNDONE = (Status.EXPIRED, Status.REVERSED)
_STEPS = 3
_SUMMARY = 160


@dataclass(frozen=True, slots=True)
class Step:
    """An earlier status change of a target."""

    status: str
    """The status reached, as it is kept."""
    day: str
    words: str


def headline(change: StatusChange) -> str:
    """Return "Amazon: paused → expired", or what an extension, correction or retraction is."""
    kinds = StatusChange.Kind
    if change.kind == kinds.RETRACTION and change.corrects:
        return _("Retracted: %(what)s") % {"what": _movement(change.corrects)}
    if change.kind == kinds.CORRECTION:
        return _("Correction: %(what)s") % {"what": _movement(change)}
    if change.kind == kinds.EXTENSION:
        return _("%(what)s, extended") % {"what": _movement(change)}
    return _movement(change)


def _movement(change: StatusChange) -> str:
    before, after = change.get_from_status_display(), change.get_to_status_display()
    steps = after if before in (None, "", after) else f"{before} → {after}"
    return f"{change.target.company.name}: {steps}"


def explanation(change: StatusChange) -> str:
    """Return what a correction or retraction undoes, as sentences; empty for other changes.

    Also whether a change was itself corrected while this mail waited.
    """
    sentences = [_undoing(change, change.corrects)] if change.corrects else []
    # Without a row, the attribute raises an AttributeError.
    if getattr(change, "corrected_by", None) is not None:
        sentences.append(_("By now this is known to be wrong, and was corrected."))
    return " ".join(sentences)


def _undoing(change: StatusChange, wrong: StatusChange) -> str:
    words = {
        "day": format_on(wrong.recorded_at.date()),
        "wrong": _movement(wrong),
        "wrong_day": format_on(wrong.effective_on, wrong.effective_precision),
        "right": _movement(change),
        "right_day": format_on(change.effective_on, change.effective_precision),
    }
    if change.kind == StatusChange.Kind.RETRACTION:
        return (
            _(
                "On %(day)s we recorded “%(wrong)s” (%(wrong_day)s). "
                "That was wrong, and is taken back."
            )
            % words
        )
    return (
        _(
            "On %(day)s we recorded “%(wrong)s” (%(wrong_day)s). "
            "That was wrong; this replaces it. Right is “%(right)s” (%(right_day)s)."
        )
        % words
    )


def facts(change: StatusChange, steps: Sequence[Step] = ()) -> Facts:
    """Return how it moved, and who was asked what.

    Args:
        change: loaded with its parts.
        steps: what came before, if that is to be said.
    """
    target = change.target
    found = movement_facts(change, steps)
    found += [(_("Demand"), target.demand), (_("Campaign"), target.campaign.title)]
    found.append((_("Company"), target.company.name))
    if target.product:
        found.append((_("Product"), target.product.name))
    return found


def movement_facts(change: StatusChange, steps: Sequence[Step] = ()) -> Facts:
    """Return from what and since when it moved, and where the target stands today if elsewhere."""
    is_retraction = change.kind == StatusChange.Kind.RETRACTION
    found = []
    if not is_retraction:
        found += _before(change, steps)
        label = _("Extended") if change.kind == StatusChange.Kind.EXTENSION else _("Since")
        found.append((label, format_on(change.effective_on, change.effective_precision)))
    if is_retraction or change.target.status != change.to_status:
        found.append((_("Today it stands at"), _standing(change)))
    return found


def _before(change: StatusChange, steps: Sequence[Step]) -> Facts:
    """From which status it went, and since when that held, if the log still says so."""
    if not steps or steps[-1].status != change.from_status:
        return []
    since = _("%(status)s, since %(day)s") % {
        "status": change.get_from_status_display(),
        "day": steps[-1].day,
    }
    return [(_("Before"), since)]


def _standing(change: StatusChange) -> str:
    target = change.target
    if target.status is None:
        return _("nothing on record")
    return _("%(status)s, since %(day)s") % {
        "status": target.get_status_display(),
        "day": format_on(target.status_since, target.status_precision),
    }


def earlier_steps(change: StatusChange) -> list[Step]:
    """Return the last three changes of the target before this one, the oldest first.

    They are those that hold as known now: what was corrected since is not told again. One query.
    """
    earlier = change.target.status_changes.in_effect().filter(
        Q(effective_on__lt=change.effective_on)
        | Q(effective_on=change.effective_on, sequence__lt=change.sequence)
    )
    latest = earlier.order_by("-effective_on", "-sequence")[:_STEPS]
    return [_step(one) for one in reversed(latest)]


def _step(change: StatusChange) -> Step:
    status = str(change.get_to_status_display())
    summary = short(change.summary, _SUMMARY)
    return Step(
        status=str(change.to_status),
        day=format_on(change.effective_on, change.effective_precision),
        words=f"{status}. {summary}" if summary else status,
    )


def undone_outcome(change: StatusChange) -> Outcome | None:
    """Return the outcome that lapsed or was walked back by this change, if one was on record."""
    if change.to_status not in _UNDONE or change.outcome:
        return None
    before = (
        change.target.status_changes.in_effect(known_at=change.recorded_at)
        .filter(outcome__isnull=False, effective_on__lte=change.effective_on)
        .filter(sequence__lt=change.sequence)
        .order_by("-effective_on", "-sequence")
        .select_related("outcome__condition_bill")
        .first()
    )
    return before.outcome if before else None
