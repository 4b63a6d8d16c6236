"""``/api/v1/topics/``."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from rest_framework import serializers

from api.filters import CompanyFilter, ResourceFilters, SubsidiariesFilter, ThingFilter
from api.links import ApiUrl, PageUrl
from api.viewsets import ResourceViewSet
from campaigns.models import Campaign, Topic
from campaigns.visibility import public_companies, public_organizations, public_topics


class TopicSerializer(serializers.ModelSerializer[Topic]):
    """A subject that campaigns share."""

    url = ApiUrl("topic")
    html_url = PageUrl()

    class Meta:
        model = Topic
        fields = (
            "id",
            "slug",
            "name",
            "url",
            "html_url",
            "description",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields


class TopicFilters(ResourceFilters):
    """By the campaigns that share it."""

    company = CompanyFilter(
        public_companies,
        lambda keys: Q(
            pk__in=Campaign.objects.public().filter(targets__company__in=keys).values("topics")
        ),
        "Of campaigns that press this company.",
        "amazon",
    )
    include_subsidiaries = SubsidiariesFilter()
    organization = ThingFilter(
        public_organizations,
        lambda keys: Q(
            pk__in=Campaign.objects.public().filter(organizations__in=keys).values("topics")
        ),
        "Of campaigns by this organization.",
        "aclu",
    )
    campaign = ThingFilter(
        Campaign.objects.public,
        lambda keys: Q(campaigns__in=keys),
        "Of this campaign.",
        "stop-selling-face-recognition-to-police",
    )


class TopicViewSet(ResourceViewSet[Topic]):
    """Subjects that campaigns share."""

    serializer_class = TopicSerializer
    filterset_class = TopicFilters
    has_slug = True

    def get_queryset(self) -> QuerySet[Topic]:
        return public_topics()
