"""Absolute addresses of things, in the API and on the pages."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse


def absolute(path: str) -> str:
    """Return the address below ``BASE_URL``, the one that outlives proxies and host headers."""
    return f"{settings.BASE_URL}{path}"


def api_url(resource: str, pk: int) -> str:
    """Return the address of one row of a resource; by number, for a slug may be edited."""
    return absolute(reverse(f"api:{resource}-detail", args=[pk]))
