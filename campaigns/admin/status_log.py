"""The status log in the admin: it can be read and appended to, never edited."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.forms import RetractionForm, StatusChangeForm, fields_of
from campaigns.errors import InvalidStatusChange
from campaigns.formats import format_on
from campaigns.models import Citation, Outcome, StatusChange
from campaigns.services import record_status_change

_FORM_FIELDS = {
    "outcome": "outcome_kind",
    "expires_on": "outcome_expires_on",
    "review_on": "outcome_review_on",
}
"""Where a form shows what ``record_status_change`` says of an argument of another name."""


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Rows that only the services write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WrittenCitationInline(admin.TabularInline[Citation, StatusChange]):
    """The citations that were recorded with the change."""

    model = Citation
    extra = 0
    fields = ["document", "quote", "snapshot_hash"]
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(StatusChange)
class StatusChangeAdmin(ReadOnlyAdmin):
    """Record, correct and retract status changes."""

    list_display = ["sequence", "target", "step", "happened", "kind", "recorded_at", "recorded_by"]
    list_filter = ["kind", "to_status", "is_silent"]
    list_select_related = ["target__company", "target__product", "target__campaign", "recorded_by"]
    search_fields = ["target__company__name", "target__campaign__title", "summary"]
    inlines = [WrittenCitationInline]
    change_form_template = "admin/campaigns/statuschange/detail.html"

    @admin.display(description=gettext_lazy("status"))
    def step(self, change: StatusChange) -> str:
        before = change.get_from_status_display() or "—"
        return f"{before} → {change.get_to_status_display() or change.get_kind_display()}"

    @admin.display(description=gettext_lazy("since"), ordering="effective_on")
    def happened(self, change: StatusChange) -> str:
        return format_on(change.effective_on, change.effective_precision)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("campaigns.add_statuschange")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path(
                "<int:sequence>/correct/",
                view(self.correct_view),
                name="campaigns_statuschange_correct",
            ),
            path(
                "<int:sequence>/retract/",
                view(self.retract_view),
                name="campaigns_statuschange_retract",
            ),
        ]
        return own + super().get_urls()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Record a status change; ``?target=ID`` fills in the target."""
        initial = {"target": request.GET.get("target")}
        form = StatusChangeForm(request.POST or None, initial=initial)
        return self._record(request, form, None, _("Record a status change"))

    def correct_view(self, request: HttpRequest, sequence: int) -> HttpResponse:
        """Record what should have been recorded."""
        wrong = get_object_or_404(StatusChange, pk=sequence)
        form = StatusChangeForm(request.POST or None, initial=fields_of(wrong))
        form.fields["target"].disabled = True
        return self._record(request, form, wrong, _("Correct a status change"))

    def retract_view(self, request: HttpRequest, sequence: int) -> HttpResponse:
        """Take a status change off the record, leaving a trace."""
        wrong = get_object_or_404(StatusChange, pk=sequence)
        form = RetractionForm(request.POST or None)
        return self._record(request, form, wrong, _("Retract a status change"))

    def _record(
        self,
        request: HttpRequest,
        form: StatusChangeForm | RetractionForm,
        wrong: StatusChange | None,
        title: str,
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST" and form.is_valid():
            change = self._write(request, form, wrong)
            if change:
                messages.success(request, _("Recorded as number %d.") % change.sequence)
                address = reverse("admin:campaigns_statuschange_change", args=[change.pk])
                return HttpResponseRedirect(address)
        # AdminForm lays out any form; its stubs know model forms only.
        admin_form = helpers.AdminForm(cast(Any, form), form.fieldsets, {}, model_admin=self)
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "adminform": admin_form,
            "form": form,
            "wrong": wrong,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/campaigns/statuschange/record.html", context)

    def _write(
        self,
        request: HttpRequest,
        form: StatusChangeForm | RetractionForm,
        wrong: StatusChange | None,
    ) -> StatusChange | None:
        data = form.cleaned_data
        if isinstance(form, StatusChangeForm):
            step = {
                "target": data["target"],
                "to_status": data["to_status"],
                "effective_on": data["effective_on"],
                "effective_precision": data["effective_precision"],
                "outcome": form.outcome(),
            }
        else:
            assert wrong is not None
            step = {
                "target": wrong.target,
                "to_status": None,
                "effective_on": wrong.effective_on,
            }
        try:
            return record_status_change(
                **step,
                summary=data["summary"],
                citations=form.citations(),
                corrects=wrong,
                recorded_by=cast(User, request.user),
                is_silent=data["is_silent"],
                now=timezone.now(),
            )
        except InvalidStatusChange as error:
            _show(form, error.field, str(error))
        except ValidationError as error:
            form.add_error(None, error.messages)
        return None


def _show(form: forms.Form, field: str, message: str) -> None:
    name = _FORM_FIELDS.get(field, field)
    form.add_error(name if name in form.fields else None, message)


@admin.register(Outcome)
class OutcomeAdmin(ReadOnlyAdmin):
    """What was conceded, version by version; written with status changes."""

    list_display = ["target", "kind", "terms", "effective_on", "expires_on"]
    list_filter = ["kind"]
    list_select_related = ["target__company", "target__product", "target__campaign"]
    search_fields = ["terms", "target__company__name", "exemptions__name"]
