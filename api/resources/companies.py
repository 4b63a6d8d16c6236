"""``/api/v1/companies/``."""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet
from rest_framework import serializers

from api.briefs import CompanyBrief, ProductBrief
from api.filters import ResourceFilters, ThingFilter
from api.links import ApiUrl, OptionalUrl, PageUrl
from api.viewsets import ResourceViewSet
from campaigns.models import Campaign, Target
from campaigns.visibility import (
    public_companies,
    public_organizations,
    public_products,
    public_topics,
)
from companies.models import Alias, Company


class CompanySerializer(serializers.ModelSerializer[Company]):
    """Who is pressed."""

    url = ApiUrl("company")
    html_url = PageUrl()
    parent = CompanyBrief(allow_null=True)
    subsidiaries = CompanyBrief(many=True)
    aliases: serializers.SlugRelatedField[Alias] = serializers.SlugRelatedField(
        slug_field="name", many=True, read_only=True, help_text="Other names it goes by in text."
    )
    products = ProductBrief(many=True)
    website = OptionalUrl(help_text="Its own site, if known.")

    class Meta:
        model = Company
        fields = (
            "id",
            "slug",
            "name",
            "url",
            "html_url",
            "parent",
            "subsidiaries",
            "aliases",
            "products",
            "website",
            "description",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields


class CompanyFilters(ResourceFilters):
    """By parent, and by the campaigns that press it."""

    parent = ThingFilter(
        public_companies, lambda keys: Q(parent__in=keys), "Directly below this company.", "amazon"
    )
    organization = ThingFilter(
        public_organizations,
        lambda keys: Q(
            pk__in=Target.objects.public()
            .filter(campaign__organizations__in=keys)
            .values("company")
        ),
        "Pressed by this organization.",
        "aclu",
    )
    topic = ThingFilter(
        public_topics,
        lambda keys: Q(
            pk__in=Target.objects.public().filter(campaign__topics__in=keys).values("company")
        ),
        "Pressed on this topic.",
        "police-face-recognition",
    )
    campaign = ThingFilter(
        Campaign.objects.public,
        lambda keys: Q(pk__in=Target.objects.filter(campaign__in=keys).values("company")),
        "Pressed by this campaign.",
        "stop-selling-face-recognition-to-police",
    )


class CompanyViewSet(ResourceViewSet[Company]):
    """Companies that campaigns press, or that have taken a position on a bill."""

    serializer_class = CompanySerializer
    filterset_class = CompanyFilters
    has_slug = True
    # Tells the schema the model without a query.
    queryset = Company.objects.none()

    def get_queryset(self) -> QuerySet[Company]:
        companies = public_companies()
        return companies.select_related("parent").prefetch_related(
            "aliases",
            Prefetch("products", public_products()),
            Prefetch("subsidiaries", companies),
        )
