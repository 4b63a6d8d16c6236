"""What the OpenAPI schema says of tokens and limits."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from api.problems import MEDIA_TYPE


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """A token may be sent, and need not be: every view allows anybody."""

    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "ftk_…",
            "description": "A personal token, issued in the admin. It raises the limit of requests "
            "and opens nothing that is not public. Only in this header, never in an address.",
        }


RATE_LIMIT_HEADERS = [
    OpenApiParameter(
        "RateLimit-Policy",
        {"type": "string", "examples": ['"anonymous";q=600;w=60']},
        OpenApiParameter.HEADER,
        response=True,
        description="Name of the limit, its quota `q`, and its window `w` in seconds.",
    ),
    OpenApiParameter(
        "RateLimit",
        {"type": "string", "examples": ['"anonymous";r=599;t=60']},
        OpenApiParameter.HEADER,
        response=True,
        description="What remains of the quota, `r`, and for how many seconds, `t`.",
    ),
]
"""For an operation's parameters: the headers on its answers."""


RETRY_AFTER_HEADER = OpenApiParameter(
    "Retry-After",
    {"type": "integer", "minimum": 1, "examples": [13]},
    OpenApiParameter.HEADER,
    response=[429],
    description="Seconds after which the whole quota is there again.",
)
"""For an operation's parameters: the header on 429."""


def access_problems(problem: type[serializers.Serializer[Any]]) -> dict[Any, OpenApiResponse]:
    """Return the answers 401 and 429 of an operation, for its responses."""
    return {
        (401, MEDIA_TYPE): OpenApiResponse(
            problem, "The token is unknown, expired or revoked, or is not sent as it should be."
        ),
        (429, MEDIA_TYPE): OpenApiResponse(
            problem, "Too many requests: wait as long as `Retry-After` says."
        ),
    }
