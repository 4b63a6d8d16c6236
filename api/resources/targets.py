"""``/api/v1/targets/``: where each company stands on each demand, on any day."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from api.briefs import CAMPAIGN, COMPANY, ID, PRODUCT
from api.clocks import Clocks
from api.evidence import is_evident
from api.fields import api_url, stamps, target_page, text
from api.filters import (
    NOTHING,
    ChoiceFilter,
    Filter,
    TruthFilter,
    clocked_day_range,
    moment_range,
)
from api.orderings import Ordering
from api.resource import Resource, register
from api.shapes import Nested, Shape
from api.target_filters import by_dispute, target_filters
from api.target_standings import STANDS_NOW, STOOD, binds, column, targets_at
from campaigns.models import Outcome, Target
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


def _is_bound(clocks: Clocks) -> Q:
    standing = Outcome.objects.filter(binds(), pk=OuterRef(column("outcome", clocks)))
    return Q(Exists(standing))


def _has_expiry(clocks: Clocks) -> Q:
    return Q((f"{column('expires_on', clocks)}__isnull", False))


_FACTS = {fact: f"{fact}__target" for fact in ("status_change", "response", "outcome")}
"""Facts of a target, with the path from a citation to it."""


FILTERS: tuple[Filter, ...] = (
    *target_filters(""),
    status_filter(f"That stand here; `{NOTHING}` where nothing is on record."),
    TruthFilter(
        "in_force",
        _is_bound,
        "Whether an outcome binds it on the day that is asked about: the same as `in_force` of "
        "`outcomes`.",
    ),
    TruthFilter("has_expiry", _has_expiry, "Whether the outcome that stands has an expiry day."),
    *clocked_day_range(
        "expires",
        lambda clocks: column("expires_on", clocks),
        "Whose outcome expires",
        "2021-06-10",
    ),
    *clocked_day_range(
        "status_since",
        lambda clocks: column("status_since", clocks),
        "That came to stand where they stand",
        "2020-06-10",
    ),
    by_dispute("pk__"),
    TruthFilter(
        "has_evidence",
        lambda clocks: is_evident(clocks, _FACTS),
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
