"""Addresses of the admin: those that a page leads to, and those that a record has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from django.contrib.admin.sites import site
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import URLPattern, reverse

from companies.notes import add_note
from tests.access.worlds import SECRET
from tests.factories import NOW


def links(page: str, base: str) -> Iterator[str]:
    """Yield the addresses of the admin that a page leads to."""
    for href in re.findall(r'(?:href|action)="([^"#]+)"', page):
        link = unescape(href)
        if link.startswith("?"):
            link = base.split("?")[0] + link
        if link.startswith("/admin/") and "/logout/" not in link and "/jsi18n/" not in link:
            yield link


def addresses(row: Model) -> Iterator[str]:
    """Yield every address that the admin has for one record of its kind."""
    bench = site._registry[type(row)]
    for pattern in bench.get_urls():
        assert isinstance(pattern, URLPattern)
        converters = pattern.pattern.converters
        if pattern.name and converters:
            own, *others = converters
            keys = {own: row.pk, **{name: _within(row, name) for name in others}}
            yield reverse(f"admin:{pattern.name}", kwargs=keys)
    content_type = {"content_type_id": content_type_of(row), "object_id": row.pk}
    yield reverse("admin:view_on_site", kwargs=content_type)


WITHIN = ("version", "key", "part")
"""What addresses name within a record: a version, a note, a kind of what belongs to it."""


def _within(row: Model, name: str) -> Any:
    """Return what an address names within a record: something that is there, if anything is."""
    if name == "part":
        return "citation"
    if name == "key":
        author = User.objects.get(username="manager")
        return add_note(about=row, author=author, text=f"{SECRET} note", now=NOW).pk
    history = getattr(row, "history", None)
    return history.latest("history_date", "history_id").pk if history else 1


def content_type_of(row: Model) -> int:
    """Return the number by which the admin knows a kind of record."""
    return ContentType.objects.get_for_model(row).pk
