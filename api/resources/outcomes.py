"""``/api/v1/outcomes/``: what was conceded, in every version."""

from __future__ import annotations

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from api.briefs import CHANGE_LINK, OUTCOME_LINK, OUTCOME_TERMS, TARGET
from api.clocks import AS_OF, Clocks
from api.evidence import by_document, supported
from api.fields import moment, stamps, target_page, truth
from api.filters import TruthFilter, by_choice, by_text, day_range, moment_range
from api.loading import CITATION, CITATION_FIELDS, citation_cells, load_items
from api.orderings import Ordering
from api.prepared import keys_slot
from api.resource import Resource, register
from api.shapes import Loaded, Nested, Shape
from api.target_filters import by_dispute, by_target, target_filters
from api.target_standings import binds, outcome_in_force
from api.thing_filters import Match
from campaigns.models import Citation, Outcome, StatusChange
from campaigns.statuses import ENDS_OUTCOME, Status

_ENDING = ", ".join(f"`{status}`" for status in Status if status in ENDS_OUTCOME)


def _happened(changes: QuerySet[StatusChange]) -> QuerySet[StatusChange]:
    """Entries of the log that had happened on the day that is asked about; now, all had."""
    return changes.filter(effective_on__lte=AS_OF)


def _brought(outcomes: QuerySet[Outcome]) -> QuerySet[Outcome]:
    """Outcomes that an entry of the log had brought by the day that is asked about."""
    changes = _happened(StatusChange.objects.all())
    return outcomes.filter(Exists(changes.filter(outcome=OuterRef("pk"))))


def _rows(clocks: Clocks) -> QuerySet[Outcome]:
    outcomes: QuerySet[Outcome] = Outcome.objects.public()
    if clocks.as_of:
        outcomes = _brought(outcomes)
    in_force = outcome_in_force(clocks, "target")
    return outcomes.annotate(standing_outcome=Subquery(in_force.values("outcome")[:1])).annotate(
        in_force=Case(
            When(Q(standing_outcome=F("pk")) & binds(), then=Value(True)),
            default=False,
            output_field=BooleanField(),
        )
    )


def _versions(clocked: bool) -> Loaded:
    def rows() -> QuerySet[Outcome]:
        outcomes: QuerySet[Outcome] = Outcome.objects.order_by("pk")
        return _brought(outcomes) if clocked else outcomes

    return Loaded(
        name="superseded_by",
        help="Versions after this one.",
        brief=OUTCOME_LINK,
        load=load_items(f"versions after, {clocked}", rows, "supersedes__pk", OUTCOME_LINK.fields),
    )


def _carriers(clocked: bool) -> Loaded:
    def rows() -> QuerySet[StatusChange]:
        changes: QuerySet[StatusChange] = StatusChange.objects.order_by("sequence")
        return _happened(changes) if clocked else changes

    return Loaded(
        name="status_changes",
        help="The entries of the log that carry it.",
        brief=CHANGE_LINK,
        load=load_items(f"carriers, {clocked}", rows, "outcome__pk", CHANGE_LINK.fields),
    )


def _citations(clocked: bool) -> Loaded:
    def rows() -> QuerySet[Citation]:
        # Each way by its own index: one condition on both would read every citation that there is.
        own = Citation.objects.order_by().filter(outcome__pk__any_of=keys_slot())
        carried = Citation.objects.order_by().filter(status_change__outcome__pk__any_of=keys_slot())
        if clocked:
            carried = carried.filter(status_change__effective_on__lte=AS_OF)
        these = own.values("pk").union(carried.values("pk"))
        owner = Coalesce("outcome", "status_change__outcome")
        return Citation.objects.filter(pk__in=these).annotate(owner=owner).order_by("pk")

    flat = citation_cells(
        lambda prefix: (
            Q(outcome=OuterRef(f"{prefix}pk")) | Q(status_change__outcome=OuterRef(f"{prefix}pk"))
        )
    )

    return Loaded(
        name="citations",
        help="How we know: its own citations, and those of the entries that carry it.",
        brief=CITATION,
        load=load_items(f"citations of outcomes, {clocked}", rows, "owner", CITATION_FIELDS),
        flat=lambda prefix, owner: tuple(cell.from_record() for cell in flat(prefix, owner)),
    )


def _fields(clocked: bool) -> Shape:
    return (
        *OUTCOME_TERMS,
        target_page("target__"),
        Nested(name="target", help="Who conceded it.", brief=TARGET, path="target"),
        Nested(
            name="supersedes",
            help="The version before this one.",
            brief=OUTCOME_LINK,
            path="supersedes",
            nullable=True,
        ),
        _versions(clocked),
        _carriers(clocked),
        truth(
            "is_in_force",
            "Whether it binds the target on the day that is asked about: its effective day has "
            "come, its expiry has not, no later version supersedes it, and the target was not "
            f"{_ENDING} since. Other statuses, such as `in_court`, leave it in force.",
            "=in_force",
        ),
        _citations(clocked),
        moment("recorded_at", "When it was recorded here."),
        *stamps("recorded_at", "recorded_at"),
    )


def _is_evident(clocks: Clocks) -> Q:
    kept = Citation.objects.exclude(snapshot_hash="")
    carried = kept.filter(status_change__outcome__isnull=False)
    if clocks.are_set:
        carried = carried.filter(status_change__effective_on__lte=AS_OF)
    return Q(pk__in=kept.filter(outcome__isnull=False).values("outcome")) | Q(
        pk__in=carried.values("status_change__outcome")
    )


def _supported(match: Match) -> Q:
    """Outcomes that a document supports by itself, or through an entry that had brought them."""
    entries = _happened(StatusChange.objects.filter(outcome__isnull=False))
    carried = entries.filter(pk__in=supported(match, "status_change"))
    return Q(pk__in=supported(match, "outcome")) | Q(pk__in=carried.values("outcome"))


OUTCOMES = register(
    Resource(
        name="outcomes",
        singular="outcome",
        component="Outcome",
        help="What was conceded: moratoria, pledges, exits, changes of policy, in every version. "
        "With a clock, only outcomes that an entry of the log had brought by then.",
        record_help="What a target conceded: one version of a commitment. Versions are never "
        "edited.",
        rows=_rows,
        fields=_fields(False),
        clocked_fields=_fields(True),
        searched=Outcome,
        expands={"target": "targets"},
        orderings=(
            Ordering("effective_on", "effective_on", "day"),
            Ordering("expires_on", "expires_on", "day", is_nullable=True),
            Ordering("recorded_at", "recorded_at", "moment"),
        ),
        filters=(
            *target_filters("target__"),
            by_target("target__"),
            by_dispute("target__"),
            by_choice("kind", Outcome.Kind, "kind", "Of this kind."),
            TruthFilter(
                "in_force",
                lambda clocks: Q(in_force=True),
                "Whether it binds the target on the day that is asked about.",
            ),
            TruthFilter(
                "has_expiry",
                lambda clocks: Q(expires_on__isnull=False),
                "Whether it has an expiry day.",
            ),
            by_text(
                "jurisdiction",
                "condition_bill__jurisdiction",
                "That wait for a bill of this jurisdiction.",
                "US Congress",
            ),
            *day_range("effective", "effective_on", "Effective", "2020-06-10"),
            *day_range("expires", "expires_on", "Expire", "2021-06-10"),
            *moment_range("recorded", "recorded_at", "Recorded"),
            by_document(_supported),
            TruthFilter(
                "has_evidence", _is_evident, "Whether a kept copy of a document supports it."
            ),
        ),
    )
)
