"""``/api/v1/actions/``."""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet
from rest_framework import serializers

from api.briefs import CampaignBrief, CitationSerializer, OrganizationBrief, TargetBrief
from api.filters import (
    ChoiceFilter,
    CompanyFilter,
    NumberFilter,
    ResourceFilters,
    SubsidiariesFilter,
    ThingFilter,
    day_range,
)
from api.links import ApiUrl, PageUrl
from api.viewsets import ResourceViewSet
from campaigns.models import Action, Campaign, Target
from campaigns.visibility import public_companies, public_organizations, public_topics


class ActionSerializer(serializers.ModelSerializer[Action]):
    """Something organizations did on a day."""

    url = ApiUrl("action")
    html_url = PageUrl(lambda action: action.campaign)
    campaign = CampaignBrief()
    organizations = OrganizationBrief(many=True)
    targets = TargetBrief(many=True)
    citations = CitationSerializer(many=True)

    class Meta:
        model = Action
        fields = (
            "id",
            "url",
            "html_url",
            "campaign",
            "kind",
            "title",
            "description",
            "happened_on",
            "happened_precision",
            "organizations",
            "targets",
            "participants_count",
            "citations",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields


def against(targets: QuerySet[Target]) -> Q:
    """Return the condition on actions that name one of these targets, or no public one at all.

    The latter count within a campaign that has one of these targets.
    """
    naming = Action.objects.filter(targets__in=targets).values("pk")
    naming_any = Action.objects.filter(targets__in=Target.objects.public()).values("pk")
    return Q(pk__in=naming) | ~Q(pk__in=naming_any) & Q(campaign__in=targets.values("campaign"))


class ActionFilters(ResourceFilters):
    """By who acted, against whom, how and when."""

    company = CompanyFilter(
        public_companies,
        lambda keys: against(Target.objects.public().filter(company__in=keys)),
        "Against this company: that name it, or that name nobody in a campaign that presses it.",
        "amazon",
    )
    include_subsidiaries = SubsidiariesFilter()
    target = ThingFilter(
        Target.objects.public, lambda keys: Q(targets__in=keys), "That name this target.", 3
    )
    organization = ThingFilter(
        public_organizations,
        lambda keys: Q(organizations__in=keys),
        "In which this organization took part.",
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
    kind = ChoiceFilter(Action.Kind.choices, lambda kind: Q(kind=kind), "Of this kind.")
    participants_min = NumberFilter(
        lambda number: Q(participants_count__gte=number),
        "In which at least so many took part; not those of unknown size.",
        250,
    )
    happened_after, happened_before = day_range("happened_on", "Happened", "2018-05-22")


class ActionViewSet(ResourceViewSet[Action]):
    """What organizations did: letters, petitions, protests, lawsuits and the like."""

    serializer_class = ActionSerializer
    filterset_class = ActionFilters

    def get_queryset(self) -> QuerySet[Action]:
        targets = Target.objects.public().select_related("campaign", "company", "product")
        return (
            Action.objects.public()
            .select_related("campaign")
            .prefetch_related("organizations", Prefetch("targets", targets), "citations__document")
        )
