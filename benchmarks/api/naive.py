"""The naive peer: the list of targets as most would write it, with what a list should be given.

ModelSerializers, one viewset, a FilterSet, pages by cursor; related rows are joined or
prefetched, so there are no queries per row. The content is that of our list.
"""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet
from django.urls import include, path
from django_filters import FilterSet
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import ReadOnlyModelViewSet

from campaigns.models import Bill, Campaign, Outcome, Target
from companies.models import Company, Product


class PageSerializer(serializers.ModelSerializer[Target]):
    """Adds the address of the page."""

    html_url = serializers.SerializerMethodField()

    def get_html_url(self, row: Target) -> str:
        return f"{settings.BASE_URL}{row.get_absolute_url()}"


class CampaignSerializer(serializers.ModelSerializer[Campaign]):
    name = serializers.CharField(source="title")
    url = serializers.HyperlinkedIdentityField("api:campaign-detail", lookup_url_kwarg="id")

    class Meta:
        model = Campaign
        fields = ("id", "slug", "name", "url")


class CompanySerializer(serializers.ModelSerializer[Company]):
    url = serializers.HyperlinkedIdentityField("api:company-detail", lookup_url_kwarg="id")

    class Meta:
        model = Company
        fields = ("id", "slug", "name", "url")


class ProductSerializer(serializers.ModelSerializer[Product]):
    class Meta:
        model = Product
        fields = ("id", "name")


class BillSerializer(serializers.ModelSerializer[Bill]):
    name = serializers.CharField(source="__str__")
    url = serializers.HyperlinkedIdentityField("api:bill-detail", lookup_url_kwarg="id")

    class Meta:
        model = Bill
        fields = ("id", "name", "url")


class OutcomeSerializer(serializers.ModelSerializer[Outcome]):
    url = serializers.HyperlinkedIdentityField("api:outcome-detail", lookup_url_kwarg="id")
    exemptions: serializers.SlugRelatedField[Outcome] = serializers.SlugRelatedField(
        slug_field="name", many=True, read_only=True
    )
    condition_bill = BillSerializer()

    class Meta:
        model = Outcome
        fields = (
            "id", "url", "kind", "terms", "scope", "exemptions", "condition", "condition_bill",
            "effective_on", "effective_precision", "expires_on", "expires_precision", "review_on",
        )  # fmt: skip


class TargetSerializer(PageSerializer):
    url = serializers.HyperlinkedIdentityField("api:target-detail", lookup_url_kwarg="id")
    campaign = CampaignSerializer()
    company = CompanySerializer()
    product = ProductSerializer()
    outcome = OutcomeSerializer()

    class Meta:
        model = Target
        fields = (
            "id", "url", "html_url", "campaign", "company", "product", "demand", "status",
            "status_since", "status_precision", "outcome", "expires_on", "created_at", "updated_at",
        )  # fmt: skip


class TargetFilters(FilterSet):  # type: ignore[misc]
    class Meta:
        model = Target
        fields = ("company", "campaign", "status")


class Pages(CursorPagination):
    ordering = "pk"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 500


class TargetViewSet(ReadOnlyModelViewSet[Target]):
    """The list that is measured."""

    serializer_class = TargetSerializer
    filterset_class = TargetFilters
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Target]:
        return Target.objects.public().with_parts()


router = SimpleRouter()
router.register("targets", TargetViewSet, "naive-target")

urlpatterns = [
    path("naive/", include(router.urls)),
    path("api/", include("api.urls")),  # only for the addresses of things
    path("", include("website.urls")),
]
