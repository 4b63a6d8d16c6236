"""The backtest set: reviewed findings that detection is scored on.

A member is a row without any text, see :class:`sources.models.LabelledFinding`. Its line is read
from what is on record whenever the set is written, and left out while it must not be told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import StatusChange, Target
from campaigns.timeline import Entry, in_effect, standing
from campaigns.timemachine import as_known
from sources.detection import WatchedTarget
from sources.errors import NoLabel
from sources.kinds import SourceKind
from sources.labelling import Expected, ReadText, labelled_line
from sources.models import Finding, LabelledFinding, Review
from sources.passages import context_of
from sources.services.detecting import watched
from sources.services.looking_back import snapshot_before

_INSTANT = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class SetLine:
    """A finding of the set: its labelled line, or why it is left out.

    Attributes:
        finding_id: its key.
        line: as ``manage.py backtest`` reads it; ``None`` if it is left out.
        why_not: in a sentence; "" if it is not.
    """

    finding_id: int
    line: dict[str, Any] | None
    why_not: str = ""


@transaction.atomic
def add_to_backtest_set(
    *, finding: Finding, editor: User | None, now: dt.datetime
) -> LabelledFinding:
    """Have detection scored on a reviewed finding; adding twice adds once.

    Raises:
        NoLabel: nothing says what should be found, or nothing was read.
    """
    fresh = Finding.objects.select_for_update(of=("self",)).with_parts().get(pk=finding.pk)
    if not Review.objects.filter(finding=fresh).exists():
        raise NoLabel(_("Decide about it first: nothing says yet what should have been found."))
    if why := why_unreadable(fresh):
        raise NoLabel(why)
    row, _is_new = LabelledFinding.objects.get_or_create(
        finding=fresh, defaults={"added_by": editor, "added_at": now}
    )
    return row


def take_out_of_backtest_set(*, finding: Finding) -> bool:
    """Score detection on a finding no more; return whether it was in the set."""
    return LabelledFinding.objects.filter(finding=finding).delete()[0] > 0


def why_unreadable(finding: Finding) -> str:
    """Return why a finding cannot be in the set, in a sentence; "" if it can once it is reviewed.

    Reads nothing but the finding and its snapshot.
    """
    snapshot = finding.snapshot
    if snapshot.removed_at is not None:
        return _("Its text was removed.")
    if finding.body_end is None and snapshot.kind in (SourceKind.BILL, SourceKind.JSON):
        return _("It was read from a bill or a value, not from words.")
    return ""


def backtest_lines() -> Iterator[SetLine]:
    """Yield the findings of the set, in the order of their keys, each with its line.

    Left out is what belongs to a draft, what an editor removed, what was accepted and then
    retracted, and of what expects nothing that of which this may be wrong.
    """
    keys = LabelledFinding.objects.order_by("finding").values_list("finding", flat=True)
    for key in list(keys):
        yield _set_line(Finding.objects.with_parts().get(pk=key))


def _set_line(finding: Finding) -> SetLine:
    change = _last_correction(finding.review.status_change)
    log = [one.as_entry() for one in finding.target.status_changes.select_related("outcome")]
    if why := _why_left_out(finding, change, log):
        return SetLine(finding.pk, None, why)
    target = _as_found(finding, log)
    expected, trap = _label(finding, change, target)
    line = labelled_line(
        key=f"finding-{finding.pk}",
        read=_read(finding),
        target=target,
        expected=expected,
        trap=trap,
    )
    return SetLine(finding.pk, line)


def _why_left_out(finding: Finding, change: StatusChange | None, log: Sequence[Entry]) -> str:
    """Return why there is no line, in a sentence; "" if there is one."""
    if not finding.target.campaign.is_public:
        return _("Its campaign is a draft.")
    if change is not None and change.to_status is None:
        return _("What was recorded of it was retracted.")
    if why := why_unreadable(finding):
        return why
    if not _tells_of_change(finding) and _stands_beside_change(finding):
        return _("Another finding in the same text was taken for a change.")
    if finding.review.category == Review.Category.ON_RECORD and not _was_on_record(finding, log):
        return _("It was dismissed as already on record, and may not have been when it was found.")
    return ""


def _tells_of_change(finding: Finding) -> bool:
    """Whether the decision says that there was a change, and not one that was on record before."""
    recorded = finding.review.status_change
    if recorded is None:
        return False
    is_accepted = finding.review.verdict == Review.Verdict.ACCEPTED
    return is_accepted or recorded.recorded_at >= finding.created_at


def _stands_beside_change(finding: Finding) -> bool:
    """Whether another finding of the target tells of a change in the text that would be written."""
    others = Finding.objects.filter(
        snapshot=finding.snapshot_id,
        target=finding.target_id,
        review__status_change__isnull=False,
    ).exclude(pk=finding.pk)
    return any(
        _is_read_with(finding, other) and _tells_of_change(other)
        for other in others.select_related("review__status_change")
    )


def _is_read_with(finding: Finding, other: Finding) -> bool:
    """Whether two findings of a snapshot are of one text, as far as it is known what was read."""
    if finding.body_end is None or other.body_end is None:
        return True
    return (finding.body_start, finding.body_end) == (other.body_start, other.body_end)


def _was_on_record(finding: Finding, log: Iterable[Entry]) -> bool:
    """Whether all that was on record when it was dismissed had been when it was found."""
    known = [entry for entry in log if entry.recorded_at <= finding.review.reviewed_at]
    is_old = all(entry.recorded_at < finding.created_at for entry in known)
    return is_old and standing(in_effect(known)).status is not None


def _last_correction(change: StatusChange | None) -> StatusChange | None:
    """Return what a change was corrected to last, the change itself if it never was."""
    while change and (later := StatusChange.objects.filter(corrects=change).first()):
        change = later
    return change


def _label(
    finding: Finding, change: StatusChange | None, target: WatchedTarget
) -> tuple[Expected | None, str]:
    """Return what should be found, or the trap: what was linked may have been on record before."""
    if change is None or not _tells_of_change(finding):
        return None, finding.review.category or Review.Category.ON_RECORD.value
    outcome = change.outcome
    return Expected(
        status=change.to_status or "",
        # Not whether it was recorded as an extension: what is found is held against that record.
        extends=change.to_status == target.status,
        effective_on=change.effective_on,
        effective_precision=change.effective_precision,
        expires_on=outcome.expires_on if outcome else None,
        expires_precision=outcome.expires_precision if outcome else "",
        sentence=finding.passage,
    ), ""


def _read(finding: Finding) -> ReadText:
    snapshot = finding.snapshot
    before, text = None, ""
    if snapshot.kind == SourceKind.PAGE:
        earlier = snapshot_before(finding)
        before = earlier.text if earlier else None
        # An article may be new as a whole; a page of a source never was.
        text = snapshot.text if earlier or snapshot.poll_id is None else ""
    elif finding.body_end is not None:
        text = snapshot.text[finding.body_start : finding.body_end]
        before = finding.body_before or None
    return ReadText(
        title=finding.title,
        url=finding.url,
        text=text or _in_context(finding),
        before=before,
        published_on=finding.published_on or finding.created_at.date(),
        language=finding.body_language or snapshot.language,
    )


def _in_context(finding: Finding) -> str:
    around = context_of(finding.snapshot.text, finding.passage_start, finding.passage_end)
    return (around.before + around.passage + around.after).strip()


def _as_found(finding: Finding, log: Iterable[Entry]) -> WatchedTarget:
    """Return the target with its names and its status as they were when the finding was made."""
    # A trusted watch records what it finds at the moment of the finding.
    just_before = finding.created_at - _INSTANT
    then = standing(in_effect(log, known_at=just_before))
    with as_known(finding.created_at):
        named = _named(finding)
    named = named or _named(finding)  # it was recorded later, with an older day
    assert named is not None
    return WatchedTarget(
        key=named.key,
        company=named.company,
        aliases=named.aliases,
        products=named.products,
        demand=named.demand,
        topics=named.topics,
        status=then.status,
        status_since=then.since,
        expires_on=then.expires_on,
    )


def _named(finding: Finding) -> WatchedTarget | None:
    rows = Target.objects.select_related("campaign", "company", "product")
    target = (
        rows.prefetch_related("company__aliases", "campaign__topics")
        .filter(pk=finding.target_id)
        .first()
    )
    return watched(target) if target else None
