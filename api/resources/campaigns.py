"""``/api/v1/campaigns/``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from rest_framework import serializers

from api.briefs import OrganizationBrief, TopicBrief
from api.clocks import stood, targets_at
from api.filters import (
    ChoiceFilter,
    CompanyFilter,
    MomentFilter,
    ResourceFilters,
    SubsidiariesFilter,
    ThingFilter,
)
from api.links import ApiUrl, PageUrl
from api.resources.targets import NOTHING, STATUSES, CampaignTargetSerializer, status_is
from api.viewsets import ResourceViewSet
from campaigns.models import Campaign, Target
from campaigns.visibility import public_companies, public_organizations, public_topics


class CampaignSerializer(serializers.ModelSerializer[Campaign]):
    """A push by one or more organizations, with where each target stands."""

    url = ApiUrl("campaign")
    html_url = PageUrl()
    organizations = OrganizationBrief(many=True)
    topics = TopicBrief(many=True)
    targets = CampaignTargetSerializer(many=True)

    class Meta:
        model = Campaign
        fields = (
            "id",
            "slug",
            "title",
            "url",
            "html_url",
            "summary",
            "organizations",
            "topics",
            "targets",
            "published_at",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields


class StandingFilter(ChoiceFilter):
    """Campaigns with a target that stands at a status, on the day that is asked about."""

    def filter(self, qs: QuerySet[Campaign], value: Any) -> QuerySet[Campaign]:
        if not value:
            return qs
        targets = targets_at(self.parent.clocks).filter(status_is(value, "standing_status"))
        return qs.filter(self.where(targets.values("campaign")))


class CampaignFilters(ResourceFilters):
    """By whom, whom and what, and by where its targets stand."""

    company = CompanyFilter(
        public_companies,
        lambda keys: Q(pk__in=Target.objects.filter(company__in=keys).values("campaign")),
        "That press this company.",
        "amazon",
    )
    include_subsidiaries = SubsidiariesFilter()
    organization = ThingFilter(
        public_organizations,
        lambda keys: Q(organizations__in=keys),
        "By this organization.",
        "aclu",
    )
    topic = ThingFilter(
        public_topics, lambda keys: Q(topics__in=keys), "On this topic.", "police-face-recognition"
    )
    status = StandingFilter(
        STATUSES,
        lambda campaigns: Q(pk__in=campaigns),
        f"With a target that stands here; `{NOTHING}` where nothing is on record.",
    )
    published_after = MomentFilter(
        lambda moment: Q(published_at__gte=moment),
        "Published here at this moment or later.",
        "2026-01-01T00:00:00Z",
    )
    published_before = MomentFilter(
        lambda moment: Q(published_at__lte=moment),
        "Published here at this moment or earlier.",
        "2026-12-31T00:00:00Z",
    )


class CampaignViewSet(ResourceViewSet[Campaign]):
    """Campaigns, with where each of their targets stands: now, or on any day."""

    serializer_class = CampaignSerializer
    filterset_class = CampaignFilters
    has_clocks = True
    has_slug = True

    def get_queryset(self) -> QuerySet[Campaign]:
        targets = Target.objects.with_parts().order_by("company__name", "pk")
        return Campaign.objects.public().prefetch_related(
            "organizations", "topics", Prefetch("targets", targets)
        )

    def present(self, rows: Sequence[Campaign], **context: Any) -> Any:
        targets = [target for campaign in rows for target in campaign.targets.all()]
        return super().present(rows, stood=stood(targets, self.clocks), **context)
