"""``/api/v1/targets/``: where each company stands on each demand, on any day."""

from __future__ import annotations

from django.db.models import Q

from api.briefs import CAMPAIGN, COMPANY, ID, PRODUCT
from api.clocks import Clocks
from api.fields import api_url, stamps, target_page, text
from api.filters import NOTHING, ChoiceFilter, Filter, TruthFilter, by_clocked_day, moment_range
from api.orderings import Ordering
from api.resource import Resource, register
from api.shapes import Nested, Shape
from api.target_filters import by_dispute, target_filters
from api.target_standings import STANDS_NOW, STOOD, column, targets_at
from campaigns.models import Citation, Target
from campaigns.statuses import Status

_IDENTITY: Shape = (
    Nested(name="company", help="Who is pressed.", brief=COMPANY, path="company"),
    Nested(
        name="product",
        help="What the demand is about, if it is about one product.",
        brief=PRODUCT,
        path="product",
        nullable=True,
    ),
    text(
        "demand",
        "What the company is asked to do.",
        example="Stop selling face recognition to police",
    ),
)


def target_fields(standing: Shape) -> Shape:
    """Return the members of a target, with where it stands."""
    return (
        ID,
        api_url("target"),
        target_page(),
        Nested(name="campaign", help="The campaign.", brief=CAMPAIGN, path="campaign"),
        *_IDENTITY,
        *standing,
        *stamps(),
    )


def campaign_target_fields(standing: Shape) -> Shape:
    """Return the members of a target inside its campaign."""
    return (ID, api_url("target"), *_IDENTITY, *standing)


def status_filter(where: str) -> ChoiceFilter:
    """Return the filter by where a target stands on the day that is asked about."""
    return ChoiceFilter(
        "status",
        [*Status.values, NOTHING],
        lambda value, clocks: Q((column("status", clocks), None if value == NOTHING else value)),
        where,
        "paused",
    )


def _has_outcome(clocks: Clocks) -> Q:
    return Q((f"{column('outcome', clocks)}__isnull", False))


def _has_expiry(clocks: Clocks) -> Q:
    return Q((f"{column('expires_on', clocks)}__isnull", False))


def _is_evident(clocks: Clocks) -> Q:
    kept = Citation.objects.exclude(snapshot_hash="")
    owners = ("status_change__target", "response__target", "outcome__target")
    cited = (kept.filter((f"{path}__isnull", False)).values(path) for path in owners)
    return Q(*(Q(pk__in=targets) for targets in cited), _connector=Q.OR)


FILTERS: tuple[Filter, ...] = (
    *target_filters(""),
    status_filter(f"That stand here; `{NOTHING}` where nothing is on record."),
    TruthFilter(
        "in_force",
        _has_outcome,
        "Whether an outcome stands that nothing has ended; past its expiry, until that is on "
        "record. `in_force` of `outcomes` says whether it has lapsed.",
    ),
    TruthFilter("has_expiry", _has_expiry, "Whether the outcome in force has an expiry day."),
    by_clocked_day(
        "expires_after",
        lambda slot, clocks: Q((f"{column('expires_on', clocks)}__gte", slot)),
        "Whose outcome expires on this day or later.",
        "2021-06-10",
    ),
    by_clocked_day(
        "expires_before",
        lambda slot, clocks: Q((f"{column('expires_on', clocks)}__lte", slot)),
        "Whose outcome expires on this day or earlier.",
        "2021-06-30",
    ),
    by_dispute("pk__"),
    TruthFilter(
        "has_evidence",
        _is_evident,
        "Whether a kept copy of a document supports something that is on record of it.",
    ),
    *moment_range("created", "created_at", "Recorded"),
    *moment_range("updated", "updated_at", "Changed in content"),
)

TARGETS = register(
    Resource(
        name="targets",
        singular="target",
        component="Target",
        help="Where each company stands on each demand: now, or on any day, as known at any "
        "moment.",
        record_help="One company, and perhaps one product, within one campaign, with its own "
        "demand.",
        rows=targets_at,
        fields=target_fields(STANDS_NOW),
        clocked_fields=target_fields(STOOD),
        filters=FILTERS,
        searched=Target,
        expands={"campaign": "campaigns", "company": "companies", "outcome": "outcomes"},
        orderings=(Ordering("updated_at", "updated_at", "moment"),),
    )
)
