"""``/api/v1/bills/``."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from rest_framework import serializers

from api.filters import (
    ChoiceFilter,
    CompanyFilter,
    ResourceFilters,
    SubsidiariesFilter,
    TextFilter,
    day_range,
)
from api.links import ApiUrl, NoPage, OptionalUrl
from api.viewsets import ResourceViewSet
from campaigns.models import Bill, Position
from campaigns.visibility import public_bills, public_companies


class BillSerializer(serializers.ModelSerializer[Bill]):
    """A piece of legislation that an outcome waits for, or that a company has a stance on."""

    url = ApiUrl("bill")
    html_url = NoPage()
    official_url = OptionalUrl(source="url", help_text="Its official page, if known.")

    class Meta:
        model = Bill
        fields = (
            "id",
            "url",
            "html_url",
            "jurisdiction",
            "session",
            "identifier",
            "title",
            "status",
            "status_on",
            "status_precision",
            "introduced_on",
            "official_url",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields


class BillFilters(ResourceFilters):
    """By where and how far it is, and by who took a position."""

    jurisdiction = TextFilter(
        lambda name: Q(jurisdiction__iexact=name), "Of this jurisdiction.", "California"
    )
    status = ChoiceFilter(Bill.Status.choices, lambda value: Q(status=value), "That stand here.")
    company = CompanyFilter(
        public_companies,
        lambda keys: Q(pk__in=Position.objects.filter(company__in=keys).values("bill")),
        "On which this company took a position.",
        "microsoft",
    )
    include_subsidiaries = SubsidiariesFilter()
    introduced_after, introduced_before = day_range("introduced_on", "Introduced", "2020-01-01")


class BillViewSet(ResourceViewSet[Bill]):
    """Bills that outcomes wait for, or on which companies took a position."""

    serializer_class = BillSerializer
    filterset_class = BillFilters

    def get_queryset(self) -> QuerySet[Bill]:
        return public_bills()
