"""Reads of companies, in the domain's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from companies.names import name_key

if TYPE_CHECKING:
    from companies.models import Company


class CompanyQuerySet(models.QuerySet["Company"]):
    """Companies."""

    def named(self, name: str) -> CompanyQuerySet:
        """Companies that go by this name or alias, whatever the case; at most one by constraint."""
        wanted = name_key(name)
        return self.filter(
            models.Q(name_key=wanted) | models.Q(aliases__name_key=wanted)
        ).distinct()
