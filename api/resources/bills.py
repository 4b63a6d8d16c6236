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
    ThingFilter,
    day_range,
)
from api.links import ApiUrl, NoPage, OptionalUrl
from api.viewsets import ResourceViewSet
from campaigns.models import Bill, Campaign, Outcome, Position, Target
from campaigns.visibility import (
    public_bills,
    public_companies,
    public_organizations,
    public_topics,
)


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


def _concerning(campaigns: QuerySet[Campaign]) -> Q:
    """Bills that an outcome of these campaigns waits for, or a company they press has a stance on.

    A bill belongs to no campaign: this is as near as the record comes.
    """
    targets = Target.objects.filter(campaign__in=campaigns)
    waiting = Outcome.objects.filter(target__in=targets)
    stances = Position.objects.filter(company__in=targets.values("company"))
    return Q(pk__in=waiting.values("condition_bill")) | Q(pk__in=stances.values("bill"))


_HOW = "with an outcome that waits for it, or that press a company with a position on it."


class BillFilters(ResourceFilters):
    """By where and how far it is, by who took a position, and by the campaigns it concerns."""

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
    organization = ThingFilter(
        public_organizations,
        lambda keys: _concerning(Campaign.objects.public().filter(organizations__in=keys)),
        f"That concern campaigns by this organization: {_HOW}",
        "aclu",
    )
    topic = ThingFilter(
        public_topics,
        lambda keys: _concerning(Campaign.objects.public().filter(topics__in=keys)),
        f"That concern campaigns on this topic: {_HOW}",
        "police-face-recognition",
    )
    introduced_after, introduced_before = day_range("introduced_on", "Introduced", "2020-01-01")


class BillViewSet(ResourceViewSet[Bill]):
    """Bills that outcomes wait for, or on which companies took a position."""

    serializer_class = BillSerializer
    filterset_class = BillFilters

    def get_queryset(self) -> QuerySet[Bill]:
        return public_bills()
