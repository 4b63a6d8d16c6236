"""``/api/v1/targets/``: where each company stands on each demand, on any day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.briefs import CampaignBrief, CompanyBrief, OutcomeBrief, ProductBrief
from api.clocks import Stood, stood, targets_at
from api.filters import (
    ChoiceFilter,
    CompanyFilter,
    ResourceFilters,
    SubsidiariesFilter,
    ThingFilter,
    day_range,
)
from api.links import ApiUrl, PageUrl
from api.viewsets import ResourceViewSet
from campaigns.dates import Precision
from campaigns.models import Campaign, Target
from campaigns.statuses import Status
from campaigns.visibility import (
    public_companies,
    public_organizations,
    public_products,
    public_topics,
)

NOTHING = "none"
"""Spells in a filter what is ``null`` in an answer: nothing is on record."""

STATUSES = [*Status.choices, (NOTHING, NOTHING)]


def status_is(value: str, column: str) -> Q:
    """Return the condition that a column holds a status, or nothing."""
    return Q((column, None if value == NOTHING else value))


class StandingSerializer(serializers.ModelSerializer[Target]):
    """Where a target stands; the context holds ``stood``: key of the target to its standing."""

    status = serializers.SerializerMethodField(
        help_text="Where it stands; null when nothing is on record."
    )
    status_since = serializers.SerializerMethodField(
        help_text="First day of the unbroken run of this status."
    )
    status_precision = serializers.SerializerMethodField(
        help_text="How much of that date is known."
    )
    outcome = serializers.SerializerMethodField(
        help_text="The outcome in force, in its last version. It stays so under any status but "
        "those that end it, and so may stand beside `in_court`."
    )
    expires_on = serializers.SerializerMethodField(help_text="Day on which the outcome lapses.")

    class Meta:
        model = Target
        fields: tuple[str, ...] = (
            "status",
            "status_since",
            "status_precision",
            "outcome",
            "expires_on",
        )
        read_only_fields = fields

    def _stood(self, target: Target) -> Stood:
        places: dict[int, Stood] = self.context["stood"]
        return places[target.pk]

    @extend_schema_field(serializers.ChoiceField(Status.choices, allow_null=True))
    def get_status(self, target: Target) -> str | None:
        return self._stood(target).status

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_status_since(self, target: Target) -> Any:
        return self._stood(target).since

    @extend_schema_field(serializers.ChoiceField(Precision.choices, allow_null=True))
    def get_status_precision(self, target: Target) -> str | None:
        return self._stood(target).precision

    @extend_schema_field(OutcomeBrief(allow_null=True))
    def get_outcome(self, target: Target) -> Any:
        outcome = self._stood(target).outcome
        return OutcomeBrief(outcome, context=self.context).data if outcome else None

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_expires_on(self, target: Target) -> Any:
        return self._stood(target).expires_on


class CampaignTargetSerializer(StandingSerializer):
    """A target inside its campaign."""

    url = ApiUrl("target")
    company = CompanyBrief()
    product = ProductBrief(allow_null=True)

    class Meta(StandingSerializer.Meta):
        fields = ("id", "url", "company", "product", "demand", *StandingSerializer.Meta.fields)
        read_only_fields = fields


class TargetSerializer(StandingSerializer):
    """One company, and perhaps one product, within one campaign, with its own demand."""

    url = ApiUrl("target")
    html_url = PageUrl()
    campaign = CampaignBrief()
    company = CompanyBrief()
    product = ProductBrief(allow_null=True)

    class Meta(StandingSerializer.Meta):
        fields = (
            "id",
            "url",
            "html_url",
            "campaign",
            "company",
            "product",
            "demand",
            *StandingSerializer.Meta.fields,
            "created_at",
            "updated_at",
        )
        read_only_fields = fields


class TargetFilters(ResourceFilters):
    """By whom, whom and what, and by where it stands on the day that is asked about."""

    company = CompanyFilter(
        public_companies, lambda keys: Q(company__in=keys), "Of this company.", "amazon"
    )
    include_subsidiaries = SubsidiariesFilter()
    product = ThingFilter(
        public_products, lambda keys: Q(product__in=keys), "About this product.", 2
    )
    organization = ThingFilter(
        public_organizations,
        lambda keys: Q(campaign__organizations__in=keys),
        "Of campaigns by this organization.",
        "aclu",
    )
    topic = ThingFilter(
        public_topics,
        lambda keys: Q(campaign__topics__in=keys),
        "Of campaigns on this topic.",
        "police-face-recognition",
    )
    campaign = ThingFilter(
        Campaign.objects.public,
        lambda keys: Q(campaign__in=keys),
        "Of this campaign.",
        "stop-selling-face-recognition-to-police",
    )
    status = ChoiceFilter(
        STATUSES,
        lambda value: status_is(value, "standing_status"),
        f"That stand here; `{NOTHING}` where nothing is on record.",
    )
    expires_after, expires_before = day_range(
        "standing_expires_on", "Whose outcome expires", "2021-06-30"
    )


class TargetViewSet(ResourceViewSet[Target]):
    """Where each company stands on each demand: now, or on any day, as known at any moment."""

    serializer_class = TargetSerializer
    filterset_class = TargetFilters
    has_clocks = True

    def get_queryset(self) -> QuerySet[Target]:
        return targets_at(self.clocks).with_parts()

    def present(self, rows: Sequence[Target], **context: Any) -> Any:
        return super().present(rows, stood=stood(rows, self.clocks), **context)
