"""``/api/v1/responses/``."""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet
from rest_framework import serializers

from api.briefs import ActionBrief, CitationSerializer, TargetBrief
from api.filters import ChoiceFilter, day_range
from api.links import ApiUrl, PageUrl
from api.target_filters import TargetFactFilters
from api.viewsets import ResourceViewSet
from campaigns.models import Action, Response


class ResponseSerializer(serializers.ModelSerializer[Response]):
    """Something a company said on a day. It need not change the status."""

    url = ApiUrl("response")
    html_url = PageUrl(lambda response: response.target)
    target = TargetBrief()
    answers = ActionBrief(allow_null=True, help_text="The action it answers, if any.")
    citations = CitationSerializer(many=True)

    class Meta:
        model = Response
        fields = (
            "id",
            "url",
            "html_url",
            "target",
            "answers",
            "kind",
            "summary",
            "happened_on",
            "happened_precision",
            "citations",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields


class ResponseFilters(TargetFactFilters):
    """By who said it, how and when."""

    kind = ChoiceFilter(Response.Kind.choices, lambda kind: Q(kind=kind), "Of this kind.")
    happened_after, happened_before = day_range("happened_on", "Said", "2018-05-22")


class ResponseViewSet(ResourceViewSet[Response]):
    """What companies said: refusals, denials, defences, statements, promises."""

    serializer_class = ResponseSerializer
    filterset_class = ResponseFilters

    def get_queryset(self) -> QuerySet[Response]:
        return (
            Response.objects.public()
            .select_related("target__campaign", "target__company", "target__product")
            .prefetch_related(Prefetch("answers", Action.objects.public()), "citations__document")
        )
