"""Where targets stand on the day that is asked about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When

from api.briefs import OUTCOME
from api.clocks import AS_OF, MONTH, TODAY, YEAR, Clocks
from api.fields import choice, day
from api.loading import load_items
from api.shapes import Derived, Field, Item, Loaded, Nested
from campaigns.dates import Precision
from campaigns.models import Outcome, StatusChange, Target
from campaigns.statuses import ENDS_OUTCOME, Status
from campaigns.timeline import Standing, in_effect, standing

if TYPE_CHECKING:
    from api.reading import Reading

_STATUS_HELP = "Where it stands; null when nothing is on record."
_SINCE_HELP = "First day of the unbroken run of this status."
_OUTCOME_HELP = (
    "The outcome that stands, in its last version: no other has superseded it, no status has ended "
    "it. It stays under others, and so may stand beside `in_court`; past its expiry, until that is "
    "on record. Whether it binds on the day is in `is_in_force` of the outcome."
)
_EXPIRES_HELP = "Day on which that outcome lapses."


def changes_seen(clocks: Clocks) -> QuerySet[StatusChange]:
    """Return the entries of the log that had happened."""
    changes = StatusChange.objects.all()
    return changes.filter(effective_on__lte=AS_OF) if clocks.as_of else changes


def outcome_in_force(clocks: Clocks, target: str) -> QuerySet[StatusChange]:
    """Return the entries that bring or end an outcome, the last first: the first one decides.

    The same rule as :func:`campaigns.timeline.outcome_in_force`, for a subquery.

    Args:
        target: the column of the outer query that holds the target.
    """
    history = StatusChange.objects.in_effect()
    if clocks.as_of:
        history = history.filter(effective_on__lte=AS_OF)
    deciding = Q(outcome__isnull=False) | Q(to_status__in=ENDS_OUTCOME)
    return history.filter(deciding, target=OuterRef(target)).order_by("-effective_on", "-sequence")


def binds() -> Q:
    """Return the condition that an outcome has come into effect and has not lapsed.

    The latter is the rule of :func:`campaigns.dates.lapse_day`, for the database.
    """
    return Q(effective_on__lte=TODAY) & (
        Q(expires_on=None)
        | Q(expires_precision=Precision.DAY, expires_on__gt=TODAY)
        | Q(expires_precision=Precision.MONTH, expires_on__gte=MONTH)
        | Q(expires_precision=Precision.YEAR, expires_on__gte=YEAR)
    )


def _since(history: QuerySet[StatusChange]) -> Subquery:
    """Return the first day of the unbroken run of the status that a target's history ends with."""
    day, place = OuterRef("effective_on"), OuterRef("sequence")
    later = Q(effective_on__gt=day) | Q(effective_on=day, sequence__gt=place)
    turn = history.filter(later, target=OuterRef("target")).exclude(to_status=OuterRef("to_status"))
    run = history.filter(~Exists(turn), target=OuterRef("pk")).order_by("effective_on", "sequence")
    return Subquery(run.values("effective_on")[:1])


def targets_at(clocks: Clocks) -> QuerySet[Target]:
    """Return the public targets, with clocks also where they stood: for filters.

    Then what :func:`column` names is annotated.
    """
    targets = Target.objects.public()
    if not clocks.are_set:
        return targets
    history = StatusChange.objects.in_effect()
    if clocks.as_of:
        history = history.filter(effective_on__lte=AS_OF)
    latest = history.filter(target=OuterRef("pk")).order_by("-effective_on", "-sequence")
    in_force = outcome_in_force(clocks, "pk")
    return targets.annotate(
        standing_status=Subquery(latest.values("to_status")[:1]),
        standing_status_since=_since(history),
        standing_outcome=Subquery(in_force.values("outcome")[:1]),
        standing_expires_on=Subquery(in_force.values("outcome__expires_on")[:1]),
    )


def column(name: str, clocks: Clocks) -> str:
    """Return the column that holds a member as clocks stand.

    Args:
        name: ``status``, ``status_since``, ``outcome`` or ``expires_on``.
    """
    return f"standing_{name}" if clocks.are_set else name


def with_predecessors(changes: QuerySet[Any], path: str) -> QuerySet[Any]:
    """Annotate ``follows_status``, the status before each change in the history as known.

    The same rule as :func:`campaigns.timeline.preceding`, for the database. ``None`` where nothing
    came before, and for entries that are not in effect.

    Args:
        path: from a row to its change, with ``__`` behind; "" for changes themselves.
    """
    history = StatusChange.objects.in_effect()
    day_of = OuterRef(f"{path}effective_on")
    earlier = Q(effective_on__lt=day_of) | Q(
        effective_on=day_of, sequence__lt=OuterRef(f"{path}sequence")
    )
    before = history.filter(earlier, target=OuterRef(f"{path}target")).order_by(
        "-effective_on", "-sequence"
    )
    is_in_effect = Q((f"{path}corrected_by", None), (f"{path}to_status__isnull", False))
    follows = Case(When(is_in_effect, then=Subquery(before.values("to_status")[:1])))
    annotated: QuerySet[Any] = changes.annotate(follows_status=follows)
    return annotated


@dataclass(frozen=True, slots=True)
class Stood:
    """Where a target stood, with the outcome in force as it is shown."""

    place: Standing
    outcome: Item | None


_load_outcomes = load_items("outcomes in force", Outcome.objects.all, "pk", OUTCOME.fields)


def load_standings(keys: Sequence[int], reading: Reading) -> dict[int, Stood]:
    """Return where each target stood, by its key, computed from the log in three queries."""
    histories: dict[int, list[StatusChange]] = {key: [] for key in keys}
    for change in StatusChange.objects.filter(target__in=keys).select_related("outcome"):
        histories[change.target_id].append(change)
    as_of = reading.clocks.as_of
    places = {
        key: standing(in_effect((change.as_entry() for change in changes), as_of=as_of))
        for key, changes in histories.items()
    }
    wanted = [place.outcome_id for place in places.values() if place.outcome_id]
    outcomes = _load_outcomes(wanted, reading)
    return {
        key: Stood(place, outcomes[place.outcome_id][0] if place.outcome_id else None)
        for key, place in places.items()
    }


def _precision(status: str | None, precision: str) -> str | None:
    return precision if status else None


STANDS_NOW: tuple[Field, ...] = (
    choice("status", _STATUS_HELP, Status, example="paused", nullable=True),
    day("status_since", _SINCE_HELP, nullable=True),
    Derived(
        name="status_precision",
        help="How much of that date is known.",
        schema={"type": "string", "enum": list(Precision.values)},
        example="day",
        nullable=True,
        paths=("status", "status_precision"),
        derive=_precision,
    ),
    Nested(name="outcome", help=_OUTCOME_HELP, brief=OUTCOME, path="outcome", nullable=True),
    day("expires_on", _EXPIRES_HELP, example="2021-06-10", nullable=True),
)
"""Where a target stands now: its columns."""


_PICKS: dict[str, Callable[[Stood], Any]] = {
    "status": lambda stood: stood.place.status and stood.place.status.value,
    "status_since": lambda stood: stood.place.since,
    "status_precision": lambda stood: stood.place.since_precision or None,
    "outcome": lambda stood: stood.outcome,
    "expires_on": lambda stood: stood.place.expires_on,
}


def _stood(field: Field) -> Loaded:
    """Return the field that shows the same of where a target stood."""
    return Loaded(
        name=field.name,
        help=field.help,
        schema=field.schema,
        load=load_standings,
        pick=_PICKS[field.name],
        flat=lambda prefix, owner: tuple(cell.from_record() for cell in field.cells(prefix, owner)),
    )


STOOD: tuple[Field, ...] = tuple(_stood(field) for field in STANDS_NOW)
"""Where a target stood when clocks are set: computed from the log."""
