"""``/api/v1/organizations/``."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from rest_framework import serializers

from api.briefs import OrganizationBrief
from api.filters import (
    ChoiceFilter,
    CompanyFilter,
    ResourceFilters,
    SubsidiariesFilter,
    ThingFilter,
)
from api.links import ApiUrl, OptionalUrl, PageUrl
from api.viewsets import ResourceViewSet
from campaigns.models import Campaign, Organization
from campaigns.visibility import public_companies, public_organizations, public_topics


class OrganizationSerializer(serializers.ModelSerializer[Organization]):
    """Who presses."""

    url = ApiUrl("organization")
    html_url = PageUrl()
    parent = OrganizationBrief(allow_null=True)
    website = OptionalUrl(help_text="Its own site, if known.")

    class Meta:
        model = Organization
        fields = (
            "id",
            "slug",
            "name",
            "url",
            "html_url",
            "kind",
            "parent",
            "website",
            "description",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields


class OrganizationFilters(ResourceFilters):
    """By kind, by parent, and by the campaigns it leads."""

    kind = ChoiceFilter(Organization.Kind.choices, lambda kind: Q(kind=kind), "Of this kind.")
    parent = ThingFilter(
        public_organizations,
        lambda keys: Q(parent__in=keys),
        "Directly below this organization.",
        "aclu",
    )
    company = CompanyFilter(
        public_companies,
        lambda keys: Q(
            pk__in=Campaign.objects.public()
            .filter(targets__company__in=keys)
            .values("organizations")
        ),
        "That press this company.",
        "amazon",
    )
    include_subsidiaries = SubsidiariesFilter()
    topic = ThingFilter(
        public_topics,
        lambda keys: Q(
            pk__in=Campaign.objects.public().filter(topics__in=keys).values("organizations")
        ),
        "With campaigns on this topic.",
        "police-face-recognition",
    )
    campaign = ThingFilter(
        Campaign.objects.public,
        lambda keys: Q(campaigns__in=keys),
        "That lead this campaign.",
        "stop-selling-face-recognition-to-police",
    )


class OrganizationViewSet(ResourceViewSet[Organization]):
    """Organizations that lead campaigns or took part in their actions."""

    serializer_class = OrganizationSerializer
    filterset_class = OrganizationFilters
    has_slug = True
    # Tells the schema the model without a query.
    queryset = Organization.objects.none()

    def get_queryset(self) -> QuerySet[Organization]:
        return public_organizations().select_related("parent")
