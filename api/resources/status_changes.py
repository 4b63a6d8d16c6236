"""``/api/v1/status-changes/``: the log, in the order of recording."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.plumbing import build_choice_field
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.briefs import ChangeLink, CitationSerializer, OutcomeBrief, TargetBrief
from api.filters import ChoiceFilter, NumberFilter, day_range, recorded_range
from api.links import ApiUrl, PageUrl
from api.resources.targets import NOTHING, STATUSES, status_is
from api.target_filters import TargetFactFilters
from api.viewsets import ResourceViewSet
from campaigns.models import StatusChange
from campaigns.statuses import Status


@extend_schema_field(
    build_choice_field(serializers.ChoiceField(Status.choices, allow_null=True))
    | {"examples": [Status.REFUSED.value]}
)
class _StatusField(serializers.ChoiceField):
    """A status, with an example in the schema."""


class StatusChangeSerializer(serializers.ModelSerializer[StatusChange]):
    """A target went from one status to another, or kept it with a new outcome."""

    id = serializers.IntegerField(source="sequence")
    url = ApiUrl("status-change")
    html_url = PageUrl()
    target = TargetBrief()
    follows_status = _StatusField(
        Status.choices,
        allow_null=True,
        read_only=True,
        help_text="The status that it follows in the history as known today, or at `known_at`: "
        "late records and corrections may put another one before it than `from_status`. Null "
        "where nothing came before, for a retraction, and for what was corrected away.",
    )
    outcome = OutcomeBrief(allow_null=True)
    citations = CitationSerializer(many=True)
    corrects = ChangeLink(allow_null=True, help_text="The row that this one replaces.")
    corrected_by = serializers.SerializerMethodField(
        help_text="The row that replaces this one, which then no longer counts."
    )
    created_at = serializers.DateTimeField(source="recorded_at")
    updated_at = serializers.DateTimeField(source="recorded_at")

    class Meta:
        model = StatusChange
        fields = (
            "id",
            "sequence",
            "url",
            "html_url",
            "kind",
            "target",
            "from_status",
            "follows_status",
            "to_status",
            "effective_on",
            "effective_precision",
            "recorded_at",
            "summary",
            "outcome",
            "citations",
            "corrects",
            "corrected_by",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields
        extra_kwargs = {
            "from_status": {
                "help_text": "The status before it as known when it was recorded; never edited. "
                "See `follows_status` for the history as known today."
            }
        }

    @extend_schema_field(ChangeLink(allow_null=True))
    def get_corrected_by(self, change: StatusChange) -> Any:
        correction: StatusChange | None = getattr(change, "corrected_by", None)
        if correction is None or not self.context["view"].clocks.has_recorded(correction):
            return None
        return ChangeLink(correction).data


class StatusChangeFilters(TargetFactFilters):
    """By target, by the step taken, and by both clocks; ``after`` follows the log."""

    after = NumberFilter(
        lambda sequence: Q(sequence__gt=sequence),
        "Recorded after this `sequence`: ask again with the last one you have seen.",
        17,
    )
    kind = ChoiceFilter(StatusChange.Kind.choices, lambda kind: Q(kind=kind), "Of this kind.")
    status = ChoiceFilter(Status.choices, lambda value: Q(to_status=value), "To this status.")
    from_status = ChoiceFilter(
        STATUSES,
        lambda value: status_is(value, "from_status"),
        f"From this status as known when it was recorded; `{NOTHING}` where nothing was on record.",
    )
    effective_after, effective_before = day_range("effective_on", "Effective", "2020-06-10")
    recorded_after, recorded_before = recorded_range()


class StatusChangeViewSet(ResourceViewSet[StatusChange]):
    """The status log, append-only, in the order of recording.

    Corrections and retractions are rows of their own. With a clock, only what had happened, or
    was recorded, by then.
    """

    serializer_class = StatusChangeSerializer
    filterset_class = StatusChangeFilters
    has_clocks = True

    def get_queryset(self) -> QuerySet[StatusChange]:
        seen = self.clocks.seen(StatusChange.objects.public())
        return self.clocks.with_predecessors(seen).with_parts()
