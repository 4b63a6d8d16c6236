"""What the OpenAPI schema says beyond what drf-spectacular finds by itself."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from api.access_schema import RATE_LIMIT_HEADERS, RETRY_AFTER_HEADER, access_problems
from api.problems import MEDIA_TYPE

_CLOCKS = [
    OpenApiParameter(
        "as_of",
        {"type": "string", "format": "date", "examples": ["2020-06-15"]},
        description="Answer with what was true in the world on this day.",
    ),
    OpenApiParameter(
        "known_at",
        {"type": "string", "format": "date-time", "examples": ["2021-06-01T00:00:00Z"]},
        description="Answer with what had been recorded here by this moment (ISO 8601; UTC "
        "without a zone). Together with `as_of`: what was then known about that day.",
    ),
]


class ParameterErrorSerializer(serializers.Serializer[Any]):
    """What is wrong with one parameter."""

    parameter = serializers.CharField()
    detail = serializers.CharField()
    suggestion = serializers.CharField(
        required=False, help_text="The name that was probably meant."
    )


class ProblemSerializer(serializers.Serializer[Any]):
    """Problem details: RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = ParameterErrorSerializer(  # type: ignore[assignment]
        many=True, required=False, help_text="One entry for each parameter at fault."
    )


class ResourceSchema(AutoSchema):
    """Adds the clocks, the address of one row, and the problems to every operation."""

    view: Any

    def get_override_parameters(self) -> list[Any]:
        parameters: list[Any] = list(_CLOCKS) if self.view.has_clocks else []
        if self.view.detail:
            parameters.append(self._address())
        return [*parameters, *RATE_LIMIT_HEADERS, RETRY_AFTER_HEADER]

    def get_response_serializers(self) -> Any:
        answer = super().get_response_serializers()
        problems: dict[Any, Any] = {
            (400, MEDIA_TYPE): OpenApiResponse(
                ProblemSerializer, "A parameter is unknown or has a bad value."
            )
        }
        if self.view.detail:
            problems[404, MEDIA_TYPE] = OpenApiResponse(
                ProblemSerializer, "There is no such record, or it is not public."
            )
        return {200: answer} | problems | access_problems(ProblemSerializer)

    def _address(self) -> OpenApiParameter:
        name = self.view.lookup_url_kwarg
        if self.view.has_slug:
            schema: dict[str, Any] = {"type": "string", "examples": ["3", "an-example"]}
            description = "Number or slug. Digits alone are read as a number."
        else:
            schema = {"type": "integer", "format": "int64", "examples": [3]}
            description = "Number of the record."
        return OpenApiParameter(
            name, schema, OpenApiParameter.PATH, required=True, description=description
        )
