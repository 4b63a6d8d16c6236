"""Absolute addresses of things, in the API and on the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from django.conf import settings
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class HasPage(Protocol):
    """A row that has a page of its own."""

    def get_absolute_url(self) -> str: ...


def absolute(path: str) -> str:
    """Return the address below ``BASE_URL``, the one that outlives proxies and host headers."""
    return f"{settings.BASE_URL}{path}"


def api_url(resource: str, pk: int) -> str:
    """Return the address of one row of a resource; by number, for a slug may be edited."""
    return absolute(reverse(f"api:{resource}-detail", args=[pk]))


@extend_schema_field(OpenApiTypes.URI)
class ApiUrl(serializers.Field[Any, Any, str, Any]):
    """The address of the row in the API."""

    def __init__(
        self, resource: str, help_text: str = "Address of this record in the API."
    ) -> None:
        super().__init__(source="*", read_only=True, help_text=help_text)
        self.resource = resource

    def to_representation(self, value: Any) -> str:
        return api_url(self.resource, value.pk)


@extend_schema_field(OpenApiTypes.URI)
class PageUrl(serializers.Field[Any, Any, str, Any]):
    """The address of the page on which people read about the row."""

    def __init__(self, of: Callable[[Any], HasPage] = lambda row: row) -> None:
        super().__init__(
            source="*", read_only=True, help_text="Address of the page that shows this record."
        )
        self.of = of

    def to_representation(self, value: Any) -> str:
        return absolute(self.of(value).get_absolute_url())


@extend_schema_field({"type": "null"})
class NoPage(serializers.Field[Any, Any, None, Any]):
    """Stands where a row has no page of its own, so that all rows have the same shape."""

    def __init__(self) -> None:
        super().__init__(source="*", read_only=True, help_text="It has no page of its own: null.")

    def to_representation(self, value: Any) -> None:
        return None


class OptionalUrl(serializers.URLField):
    """An address elsewhere, ``null`` where none is on record."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_null=True, **kwargs)

    def to_representation(self, value: str) -> str | None:  # type: ignore[override]
        return value or None
