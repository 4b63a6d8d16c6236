"""The two clocks of a read: what was true on a day, as recorded by a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.http import QueryDict

from api.parameters import DayField, MomentField
from api.problems import InvalidParameters, ParameterError
from campaigns.models import Outcome, StatusChange, Target
from campaigns.querysets import StatusChangeQuerySet, TargetQuerySet
from campaigns.statuses import ENDS_OUTCOME
from campaigns.timeline import in_effect, standing

NAMES = ("as_of", "known_at")


@dataclass(frozen=True, slots=True)
class Clocks:
    """When a read is to be true, and when known; ``None`` is now."""

    as_of: dt.date | None = None
    known_at: dt.datetime | None = None

    @property
    def are_set(self) -> bool:
        return self.as_of is not None or self.known_at is not None

    def day(self, now: dt.datetime) -> dt.date:
        """Return the day in the world that is asked about."""
        return self.as_of or (self.known_at or now).date()

    def seen(self, changes: StatusChangeQuerySet) -> StatusChangeQuerySet:
        """Rows of the log that had happened and were recorded."""
        if self.as_of is not None:
            changes = changes.filter(effective_on__lte=self.as_of)
        if self.known_at is not None:
            changes = changes.filter(recorded_at__lte=self.known_at)
        return changes

    def outcome_in_force(self, target: str) -> StatusChangeQuerySet:
        """Rows that bring or end an outcome, the last first: the outcome of the first is in force.

        The same rule as :func:`campaigns.timeline.outcome_in_force`, for a subquery.

        Args:
            target: the column of the outer query that holds the target.
        """
        history = self.seen(StatusChange.objects.in_effect(self.known_at))
        deciding = Q(outcome__isnull=False) | Q(to_status__in=ENDS_OUTCOME)
        return history.filter(deciding, target=OuterRef(target)).order_by(
            "-effective_on", "-sequence"
        )

    def with_predecessors(self, changes: StatusChangeQuerySet) -> StatusChangeQuerySet:
        """Annotate ``follows_status``, the status before each change in the history as known.

        The same rule as :func:`campaigns.timeline.preceding`, for the database. ``None`` where
        nothing came before, and for rows that are not in effect.
        """
        history = StatusChange.objects.in_effect(self.known_at)
        earlier = Q(effective_on__lt=OuterRef("effective_on")) | Q(
            effective_on=OuterRef("effective_on"), sequence__lt=OuterRef("sequence")
        )
        before = history.filter(earlier, target=OuterRef("target")).order_by(
            "-effective_on", "-sequence"
        )
        is_in_effect = Exists(history.filter(pk=OuterRef("pk")))
        return changes.annotate(
            follows_status=Case(When(is_in_effect, then=Subquery(before.values("to_status")[:1])))
        )

    def has_recorded(self, change: StatusChange) -> bool:
        """Tell whether one row was recorded."""
        return self.known_at is None or change.recorded_at <= self.known_at


@dataclass(frozen=True, slots=True)
class Stood:
    """Where a target stood, with the outcome in full; all ``None`` when nothing was on record."""

    status: str | None
    since: dt.date | None
    precision: str | None
    outcome: Outcome | None
    expires_on: dt.date | None


def read_clocks(query: QueryDict) -> Clocks:
    """Return the clocks that a query string sets.

    Raises:
        InvalidParameters: a value cannot be read.
    """
    fields = {"as_of": DayField(required=False), "known_at": MomentField(required=False)}
    values = {}
    errors = []
    for name, field in fields.items():
        try:
            values[name] = field.clean(query.get(name))
        except ValidationError as error:
            errors += [ParameterError(name, f"{name}: {message}") for message in error.messages]
    if errors:
        raise InvalidParameters(errors)
    return Clocks(**values)


def targets_at(clocks: Clocks) -> TargetQuerySet:
    """Public targets with ``standing_status`` and ``standing_expires_on``, for filters."""
    targets = Target.objects.public()
    if not clocks.are_set:
        return targets.annotate(standing_status=F("status"), standing_expires_on=F("expires_on"))
    changes = StatusChange.objects.in_effect(clocks.known_at)
    in_force = clocks.outcome_in_force("pk")
    return targets.with_standing(changes, clocks.as_of).annotate(
        standing_expires_on=Subquery(in_force.values("outcome__expires_on")[:1])
    )


def stood(targets: Iterable[Target], clocks: Clocks) -> dict[int, Stood]:
    """Return where each target stood, by its key.

    Without a clock that is in the targets' columns (fetch them ``with_parts``); with one it is
    computed from the log, in three queries for any number of targets.
    """
    if not clocks.are_set:
        return {target.pk: _stands_now(target) for target in targets}
    histories: dict[int, list[StatusChange]] = {target.pk: [] for target in targets}
    for change in StatusChange.objects.filter(target__in=histories).select_related("outcome"):
        histories[change.target_id].append(change)
    places = {
        pk: standing(
            in_effect(
                (change.as_entry() for change in changes),
                as_of=clocks.as_of,
                known_at=clocks.known_at,
            )
        )
        for pk, changes in histories.items()
    }
    outcomes = (
        Outcome.objects.select_related("condition_bill")
        .prefetch_related("exemptions")
        .in_bulk([place.outcome_id for place in places.values() if place.outcome_id])
    )
    return {
        pk: Stood(
            status=place.status,
            since=place.since,
            precision=place.since_precision or None,
            outcome=outcomes[place.outcome_id] if place.outcome_id else None,
            expires_on=place.expires_on,
        )
        for pk, place in places.items()
    }


def _stands_now(target: Target) -> Stood:
    return Stood(
        status=target.status,
        since=target.status_since,
        precision=target.status_precision if target.status else None,
        outcome=target.outcome,
        expires_on=target.expires_on,
    )
