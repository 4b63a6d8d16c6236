"""The action by which stewards merge two records in the admin: side by side, then confirmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.access import sees_all
from companies.merging import Forecast, MergeRefused, forecast

_NOT_SHOWN = ("name_key", "id")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the two records, and what would happen if it were kept."""

    row: Any
    forecast: Forecast

    @property
    def moved(self) -> list[tuple[str, int]]:
        """Kinds and numbers of the rows that would move to it."""
        return sorted(self.forecast.moved.items())


@admin.action(description=_("Merge the two selected…"), permissions=["merge"])
def merge_selected(
    model_admin: WithMerging, request: HttpRequest, rows: QuerySet[Any]
) -> HttpResponse | None:
    """Show two records side by side; merge them once it is said which one to keep."""
    found = list(rows.order_by("pk")[:3])
    if len(found) != 2:
        model_admin.message_user(
            request, gettext("Select exactly two: one to keep, one to merge."), messages.WARNING
        )
        return None
    kept = next((row for row in found if str(row.pk) == request.POST.get("keep")), None)
    if kept is None:
        return _ask(model_admin, request, found)
    duplicate = found[1] if kept is found[0] else found[0]
    said = gettext("Merged: “%(name)s”") % {"name": duplicate}
    try:
        model_admin.merge_rows(
            kept=kept, duplicate=duplicate, merged_by=request.user, now=timezone.now()
        )
    except MergeRefused as refusal:
        for reason in refusal.reasons:
            model_admin.message_user(request, reason, messages.ERROR)
        return None
    model_admin.log_change(request, kept, said)
    model_admin.message_user(request, said, messages.SUCCESS)
    opts = model_admin.opts
    return HttpResponseRedirect(
        reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[kept.pk])
    )


class WithMerging(admin.ModelAdmin[Any]):
    """A list of records of which stewards merge two."""

    merge_rows: ClassVar[Callable[..., Mapping[str, int]]]
    """The service that does it."""
    actions = (merge_selected,)

    def has_merge_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the person is a steward who may delete such records."""
        return sees_all(request.user) and self.has_delete_permission(request, obj)


def _ask(model_admin: WithMerging, request: HttpRequest, rows: list[Model]) -> TemplateResponse:
    now = timezone.now()
    first, second = rows
    choices = [
        Choice(first, forecast(kept=first, duplicate=second, now=now)),
        Choice(second, forecast(kept=second, duplicate=first, now=now)),
    ]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": gettext("Merge %(kind)s") % {"kind": model_admin.opts.verbose_name_plural},
        "opts": model_admin.opts,
        "choices": choices,
        "fields": [
            (field.verbose_name, [_shown(row, field) for row in rows])
            for field in model_admin.opts.concrete_fields
            if field.name not in _NOT_SHOWN
        ],
        "checkbox_name": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/companies/merge.html", context)


def _shown(row: Any, field: Any) -> Any:
    label = getattr(row, f"get_{field.name}_display", None)
    value = label() if label else getattr(row, field.name)
    return "" if value is None else value
