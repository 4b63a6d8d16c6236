"""The filters that everything shares which happens to a target."""

from __future__ import annotations

from django.db.models import Q

from api.clocks import AS_OF, Clocks
from api.filters import Filter, TruthFilter
from api.thing_filters import ThingFilter, company_filters
from campaigns.models import Campaign, Response, Target
from campaigns.visibility import (
    public_companies,
    public_organizations,
    public_products,
    public_topics,
)


def target_filters(path: str) -> tuple[Filter, ...]:
    """Return the filters by whom, whom and what, for rows that have a target.

    Args:
        path: from a row to its target, with ``__`` behind; "" for targets themselves.
    """
    return (
        *company_filters(
            public_companies,
            lambda match: match(f"{path}company"),
            "Of targets that are this company.",
        ),
        ThingFilter(
            "product",
            public_products,
            lambda match: match(f"{path}product"),
            "Of targets about this product.",
            1,
            has_slug=False,
        ),
        *_campaign_filters(f"{path}campaign"),
    )


def _campaign_filters(path: str) -> tuple[Filter, ...]:
    """Return the filters by whose campaign it is, about what, and which; ``path`` leads to it."""
    return (
        ThingFilter(
            "organization",
            public_organizations,
            lambda match: match(f"{path}__organizations"),
            "Of campaigns by this organization.",
            "aclu",
        ),
        ThingFilter(
            "topic",
            public_topics,
            lambda match: match(f"{path}__topics"),
            "Of campaigns on this topic.",
            "police-face-recognition",
        ),
        ThingFilter(
            "campaign",
            Campaign.objects.public,
            lambda match: match(path),
            "Of this campaign.",
            "stop-selling-face-recognition-to-police",
        ),
    )


def by_dispute(path: str) -> Filter:
    """Return the filter by whether the company denied something; ``path`` leads to the target."""

    def disputed(clocks: Clocks) -> Q:
        denials = Response.objects.filter(kind=Response.Kind.DENIAL)
        if clocks.as_of:
            denials = denials.filter(happened_on__lte=AS_OF)
        return Q((f"{path}in", denials.values("target")))

    return TruthFilter(
        "disputed", disputed, "Whether the company denied something about the demand."
    )


def by_target(path: str) -> Filter:
    """Return the filter by the target itself; ``path`` leads to it, with ``__`` behind."""
    return ThingFilter(
        "target",
        Target.objects.public,
        lambda match: match(path.removesuffix("__")),
        "Of this target.",
        1,
        has_slug=False,
    )
