"""``/api/v1/positions/``."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from rest_framework import serializers

from api.briefs import BillBrief, CitationSerializer, CompanyBrief
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
from campaigns.models import Position
from campaigns.visibility import public_bills, public_companies


class PositionSerializer(serializers.ModelSerializer[Position]):
    """A company's stance on a bill."""

    url = ApiUrl("position")
    html_url = PageUrl(lambda position: position.company)
    company = CompanyBrief()
    bill = BillBrief()
    citations = CitationSerializer(many=True)

    class Meta:
        model = Position
        fields = (
            "id",
            "url",
            "html_url",
            "company",
            "bill",
            "stance",
            "summary",
            "taken_on",
            "taken_precision",
            "citations",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields


class PositionFilters(ResourceFilters):
    """By company, bill, stance and day."""

    company = CompanyFilter(
        public_companies, lambda keys: Q(company__in=keys), "Of this company.", "microsoft"
    )
    include_subsidiaries = SubsidiariesFilter()
    bill = ThingFilter(public_bills, lambda keys: Q(bill__in=keys), "On this bill.", 1)
    stance = ChoiceFilter(
        Position.Stance.choices, lambda stance: Q(stance=stance), "Of this stance."
    )
    taken_after, taken_before = day_range("taken_on", "Taken", "2020-01-01")


class PositionViewSet(ResourceViewSet[Position]):
    """Where companies stand on bills."""

    serializer_class = PositionSerializer
    filterset_class = PositionFilters

    def get_queryset(self) -> QuerySet[Position]:
        return Position.objects.select_related("company", "bill").prefetch_related(
            "citations__document"
        )
