"""What the lists are narrowed to, besides the values of their columns."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Action, Target
from campaigns.querysets import SOON_DAYS, ActionQuerySet, TargetQuerySet
from companies.list_filters import YearFilter


class HappenedFilter(YearFilter):
    """By the year in which it happened."""

    day = "happened_on"


class PublishedFilter(YearFilter):
    """By the year in which it was published."""

    day = "published_on"


class EndingFilter(admin.SimpleListFilter):
    """Which outcomes want attention soon."""

    title = _("outcome")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ending", _("lapses or wants review within %(days)d days") % {"days": SOON_DAYS})]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Target]) -> QuerySet[Target]:
        if self.value() != "ending":
            return queryset
        return cast(TargetQuerySet, queryset).ending(timezone.now().date(), SOON_DAYS)


class AnswerFilter(admin.SimpleListFilter):
    """Which actions are still without the answer they asked for."""

    title = _("answer")
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("overdue", _("overdue"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Action]) -> QuerySet[Action]:
        if self.value() != "overdue":
            return queryset
        return cast(ActionQuerySet, queryset).unanswered(timezone.now().date())
