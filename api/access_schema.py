"""What the OpenAPI schema says of tokens and limits."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


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
            "and opens nothing that is not public; with some, texts may be brought for sources, or "
            "the webhooks of their owner be managed. Only in this header, never in an address.",
        }


HEADERS: dict[str, Any] = {
    "RateLimit-Policy": {
        "description": "Name of the limit, its quota `q`, and its window `w` in seconds.",
        "schema": {"type": "string", "examples": ['"anonymous";q=600;w=60']},
    },
    "RateLimit": {
        "description": "What remains of the quota, `r`, and for how many seconds, `t`.",
        "schema": {"type": "string", "examples": ['"anonymous";r=599;t=60']},
    },
    "Retry-After": {
        "description": "Seconds after which the whole quota is there again.",
        "schema": {"type": "integer", "minimum": 1, "examples": [13]},
    },
}
"""The headers that tell of limits, to be referred to by name."""


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


LIMIT_HEADERS = _headers("RateLimit-Policy", "RateLimit")
"""On every answer that counts."""

RETRY_AFTER = _headers("Retry-After")
"""On 429."""

LIMITED: dict[str, tuple[str, dict[str, Any]]] = {
    "401": ("The token is unknown, expired or revoked, or is not sent as it should be.", {}),
    "429": (
        "Too many requests: wait as long as `Retry-After` says.",
        RETRY_AFTER,
    ),
}
"""Answers of every operation that tokens and limits bring, by status."""
