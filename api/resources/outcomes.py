"""``/api/v1/outcomes/``: what was conceded, in every version."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.briefs import (
    BillBrief,
    ChangeLink,
    CitationSerializer,
    OutcomeBrief,
    OutcomeLink,
    TargetBrief,
)
from api.filters import ChoiceFilter, day_range, recorded_range
from api.links import PageUrl
from api.target_filters import TargetFactFilters
from api.viewsets import ResourceViewSet
from campaigns.models import Outcome, StatusChange
from campaigns.querysets import OutcomeQuerySet
from campaigns.statuses import ENDS_OUTCOME, Status

ENDING = ", ".join(f"`{status}`" for status in Status if status in ENDS_OUTCOME)


class OutcomeSerializer(OutcomeBrief):
    """What a target conceded: one version of a commitment. Versions are never edited."""

    html_url = PageUrl(lambda outcome: outcome.target)
    target = TargetBrief()
    condition_bill = BillBrief(allow_null=True, help_text="The bill it waits for, if any.")
    supersedes = OutcomeLink(allow_null=True, help_text="The version before this one.")
    superseded_by = OutcomeLink(many=True, help_text="Versions after this one.")
    status_changes = ChangeLink(many=True, help_text="The rows of the log that carry it.")
    is_in_force = serializers.SerializerMethodField(
        help_text="Whether it binds the target on the day that is asked about: its effective day "
        "has come, its expiry has not, no later version supersedes it, and the target was not "
        f"{ENDING} since. Other statuses, such as `in_court`, leave it in force."
    )
    citations = serializers.SerializerMethodField(
        help_text="How we know: its own citations, and those of the status changes that carry it."
    )
    created_at = serializers.DateTimeField(source="recorded_at")
    updated_at = serializers.DateTimeField(source="recorded_at")

    class Meta(OutcomeBrief.Meta):
        fields = (
            *OutcomeBrief.Meta.fields,
            "html_url",
            "target",
            "supersedes",
            "superseded_by",
            "status_changes",
            "is_in_force",
            "citations",
            "recorded_at",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields

    def get_is_in_force(self, outcome: Any) -> bool:
        day = self.context["view"].clocks.day(timezone.now())
        has_begun = outcome.effective_on <= day
        has_lapsed = outcome.lapses_on is not None and outcome.lapses_on <= day
        return outcome.standing_outcome_id == outcome.pk and has_begun and not has_lapsed

    @extend_schema_field(CitationSerializer(many=True))
    def get_citations(self, outcome: Outcome) -> Any:
        citations = list(outcome.citations.all())
        for change in outcome.status_changes.all():
            citations += change.citations.all()
        return CitationSerializer(citations, many=True).data


class OutcomeFilters(TargetFactFilters):
    """By who conceded, what kind, and when."""

    kind = ChoiceFilter(Outcome.Kind.choices, lambda kind: Q(kind=kind), "Of this kind.")
    effective_after, effective_before = day_range("effective_on", "Effective", "2020-06-10")
    expires_after, expires_before = day_range("expires_on", "Expire", "2021-06-30")
    recorded_after, recorded_before = recorded_range()


class OutcomeViewSet(ResourceViewSet[Outcome]):
    """What was conceded: moratoria, pledges, exits, changes of policy, in every version.

    With a clock, only outcomes that a status change had brought by then.
    """

    serializer_class = OutcomeSerializer
    filterset_class = OutcomeFilters
    has_clocks = True

    def get_queryset(self) -> QuerySet[Outcome]:
        in_force = self.clocks.outcome_in_force("target")
        versions_after = self._brought(Outcome.objects.all()).order_by("pk")
        carriers = self.clocks.seen(StatusChange.objects.all()).order_by("sequence")
        outcomes = Outcome.objects.public()
        if self.clocks.are_set:
            outcomes = self._brought(outcomes)
        return (
            outcomes.annotate(standing_outcome_id=Subquery(in_force.values("outcome")[:1]))
            .select_related(
                "target__campaign",
                "target__company",
                "target__product",
                "condition_bill",
                "supersedes",
            )
            .prefetch_related(
                "exemptions",
                "citations__document",
                Prefetch("superseded_by", versions_after),
            )
            .prefetch_related(
                Prefetch("status_changes", carriers.prefetch_related("citations__document"))
            )
        )

    def _brought(self, outcomes: OutcomeQuerySet) -> OutcomeQuerySet:
        """Outcomes that a status change had brought, as the clocks stand."""
        changes = self.clocks.seen(StatusChange.objects.all())
        return outcomes.filter(Exists(changes.filter(outcome=OuterRef("pk"))))
