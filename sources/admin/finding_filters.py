"""By what the queue of findings is narrowed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from sources.models import Finding, Review
from sources.querysets import FindingQuerySet


class StateFilter(admin.SimpleListFilter):
    """How far the review of a finding is: those that wait are shown unless told otherwise."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("pending", gettext_lazy("pending")),
            ("deferred", gettext_lazy("deferred")),
            *Review.Verdict.choices,
            ("labelled", gettext_lazy("in the backtest set")),
            ("all", gettext_lazy("all")),
        ]

    def value(self) -> str:
        return super().value() or "pending"

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Yield the choices without the one that Django puts first for no choice."""
        return islice(super().choices(changelist), 1, None)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Finding]) -> QuerySet[Finding]:
        rows = cast(FindingQuerySet, queryset)
        today = timezone.localdate()
        if self.value() == "pending":
            return rows.waiting(today)
        if self.value() == "deferred":
            return rows.deferred(today)
        if self.value() == "labelled":
            return rows.filter(labelled__isnull=False)
        return rows if self.value() == "all" else rows.filter(review__verdict=self.value())


class AssignedFilter(admin.SimpleListFilter):
    """Who is to review."""

    title = gettext_lazy("assigned to")
    parameter_name = "assigned"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("me", gettext_lazy("me")), ("nobody", gettext_lazy("nobody"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Finding]) -> QuerySet[Finding]:
        if self.value() == "me":
            return queryset.filter(assigned_to=request.user.pk)
        return queryset.filter(assigned_to=None) if self.value() == "nobody" else queryset
