"""Slugs: the names of records in addresses, where digits alone are the number of a record."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any

from django.apps.registry import Apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Concat
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _


def refuse_number(slug: str) -> None:
    """Refuse a slug that the API, or a command, would take for a number.

    Raises:
        ValidationError: it is made of digits only.
    """
    if not slug.strip(string.digits):
        raise ValidationError(
            _("“%(slug)s” would be read as a number: add a word, as in “%(slug)s-org”."),
            code="number",
            params={"slug": slug},
        )


def slug_is_no_number(name: str) -> models.CheckConstraint:
    """Return the same as a constraint of this name on the column ``slug``, empty slugs included."""
    rest = models.Func(
        models.F("slug"),
        models.Value(string.digits),
        function="TRIM",
        output_field=models.CharField(),
    )
    return models.CheckConstraint(condition=GreaterThan(rest, models.Value("")), name=name)


def add_word(app: str, *names: str) -> Callable[[Apps, Any], None]:
    """Return a step of a migration that adds what it is to a slug of digits only: ``350-topic``.

    It leaves no version behind, for no address ever led to the old slug.
    """

    def rename(apps: Apps, schema_editor: Any) -> None:
        for name in names:
            rows = apps.get_model(app, name)._base_manager.using(schema_editor.connection.alias)
            numbers = rows.filter(slug__regex=r"^[0-9]+$")
            numbers.update(slug=Concat("slug", models.Value(f"-{name}")))

    return rename
