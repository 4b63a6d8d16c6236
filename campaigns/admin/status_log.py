"""The status log in the admin: it can be read and appended to, never edited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.agreeing import fingerprint, is_unlike_preview, typed_fields
from campaigns.admin.creating import offer_creation
from campaigns.admin.forms import CorrectionForm, NewStatusChangeForm, RetractionForm, is_key
from campaigns.admin.searching import Searched
from campaigns.admin.standing import status_of
from campaigns.errors import InvalidStatusChange
from campaigns.formats import format_on
from campaigns.models import Citation, Outcome, StatusChange, Target
from campaigns.querysets import StatusChangeQuerySet
from campaigns.services import preview_status_change, recall_audience, record_status_change
from companies.access import visible
from companies.workbench import TabularPart, Workbench

Made = TypeVar("Made")
RecordingForm = NewStatusChangeForm | CorrectionForm | RetractionForm

_FORM_FIELDS = {
    "outcome": "outcome_kind",
    "expires_on": "outcome_expires_on",
    "review_on": "outcome_review_on",
    "scope": "outcome_scope",
    "condition": "outcome_condition",
    "exemptions": "outcome_exemptions",
}
"""Where a form shows what ``record_status_change`` says of an argument of another name."""


class ReadOnlyAdmin(Workbench):
    """Rows that only the services write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WrittenCitationInline(TabularPart):
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
class StatusChangeAdmin(ReadOnlyAdmin, Searched):
    """Record, correct and retract status changes."""

    is_worked_on_together = True

    list_display = ["sequence", "target", "step", "happened", "kind", "recorded_at", "recorded_by"]
    sortable_by = ["sequence", "happened", "recorded_at"]
    list_filter = ["kind", "to_status", "is_silent"]
    list_select_related = ["target__company", "target__product", "target__campaign", "recorded_by"]
    inlines = [WrittenCitationInline]
    change_form_template = "admin/campaigns/statuschange/detail.html"

    def has_page(self, row: StatusChange) -> bool:
        return row.target.campaign.is_public

    @admin.display(description=gettext_lazy("status"))
    def step(self, change: StatusChange) -> str:
        return change.step

    @admin.display(description=gettext_lazy("since"), ordering="effective_on")
    def happened(self, change: StatusChange) -> str:
        return format_on(change.effective_on, change.effective_precision)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "add")

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Offer the guided steps to whoever may take them for this very change."""
        context["may_mend"] = self.may(request, "add", kwargs.get("obj"))
        page: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return page

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
        """Record a status change; ``?target=ID`` fills in the target and says where it stands."""
        wanted = request.GET.get("target", "")
        seen = visible(Target.objects.all(), request.user)
        targets = seen.select_related("company", "product", "campaign")
        target = targets.filter(pk=wanted).first() if is_key(wanted) else None
        initial = {"target": target and target.pk}
        form = NewStatusChangeForm(request.user, request.POST or None, initial=initial)
        note = f"{target}: {status_of(target)}" if target else ""
        return self._record(request, form, _("Record a status change"), note)

    def correct_view(self, request: HttpRequest, sequence: int) -> HttpResponse:
        """Record what should have been recorded."""
        return self._mend(request, sequence, CorrectionForm, _("Correct a status change"))

    def retract_view(self, request: HttpRequest, sequence: int) -> HttpResponse:
        """Take a status change off the record, leaving a trace."""
        return self._mend(request, sequence, RetractionForm, _("Retract a status change"))

    def _mend(
        self,
        request: HttpRequest,
        sequence: int,
        make_form: type[CorrectionForm] | type[RetractionForm],
        title: str,
    ) -> HttpResponse:
        seen = cast(StatusChangeQuerySet, self.get_queryset(request))
        wrong = get_object_or_404(seen.with_parts(), pk=sequence)
        if not self.may(request, "add", wrong):
            raise PermissionDenied
        later = StatusChange.objects.filter(corrects=wrong).first()
        if later or wrong.to_status is None:
            messages.warning(request, _("This is not on record any more: see what replaced it."))
            shown = later or wrong
            return HttpResponseRedirect(
                reverse("admin:campaigns_statuschange_change", args=[shown.pk])
            )
        is_begun = request.method == "POST" or "write" in request.GET
        if not is_begun or "_back" in request.POST:
            return self._begin(request, wrong, title)
        note = _("In place of number %(number)d: %(change)s. It stays visible, as corrected.") % {
            "number": wrong.sequence,
            "change": wrong,
        }
        form = make_form(wrong, None if "_write" in request.POST else request.POST or None)
        if not form.is_bound:
            form.initial = {**form.initial, **_typed_before(form, request.POST)}
        return self._record(request, form, title, note, is_guided=True)

    def _begin(self, request: HttpRequest, wrong: StatusChange, title: str) -> HttpResponse:
        """Show what was recorded, how we know, and who was told of it: the first of three steps.

        What was typed before somebody came back to it travels along.
        """
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "wrong": wrong,
            "audience": recall_audience(wrong),
            "typed": typed_fields(request.POST),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/campaigns/statuschange/begin.html", context)

    def _record(
        self,
        request: HttpRequest,
        form: RecordingForm,
        title: str,
        note: str,
        *,
        is_guided: bool = False,
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        preview: list[SafeString] | None = None
        if request.method == "POST" and form.is_valid():
            if "_preview" in request.POST or is_unlike_preview(request.POST):
                preview = self._preview(request, form)
            elif change := self._write(request, form):
                return self._recorded(request, change)
        offer_creation(form, request)
        # AdminForm lays out any form; its stubs know model forms only.
        admin_form = helpers.AdminForm(cast(Any, form), form.fieldsets, {}, model_admin=self)
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "adminform": admin_form,
            "form": form,
            "note": note,
            "preview": preview,
            "previewed": fingerprint(request.POST),
            "is_guided": is_guided,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/campaigns/statuschange/record.html", context)

    def _write(self, request: HttpRequest, form: RecordingForm) -> StatusChange | None:
        return _unless_refused(
            form, lambda claim: record_status_change(**claim, now=timezone.now()), request
        )

    def _preview(self, request: HttpRequest, form: RecordingForm) -> list[SafeString] | None:
        return _unless_refused(
            form, lambda claim: preview_status_change(claim=claim, now=timezone.now()), request
        )

    def _recorded(self, request: HttpRequest, change: StatusChange) -> HttpResponse:
        self.log_addition(request, change, change.get_kind_display())
        messages.success(request, _("Recorded as number %d.") % change.sequence)
        if not change.target.campaign.is_public:
            messages.info(
                request,
                _("The campaign is a draft: of this nobody is alerted, now or later."),
            )
        return HttpResponseRedirect(
            reverse("admin:campaigns_statuschange_change", args=[change.pk])
        )


def _unless_refused(
    form: RecordingForm, make: Callable[[dict[str, Any]], Made], request: HttpRequest
) -> Made | None:
    """Return what is made of the form's claim, or show in the form why that is refused."""
    try:
        return make(form.claim() | {"recorded_by": request.user})
    except InvalidStatusChange as error:
        _show(form, error.field, str(error))
    except ValidationError as error:
        form.add_error(None, error.messages)
    return None


def _typed_before(form: forms.Form, sent: QueryDict) -> dict[str, Any]:
    """Return what is to be shown of what was typed, as it stands: nobody asked to check it."""
    if not sent:
        return {}
    return {
        name: field.widget.value_from_datadict(sent, MultiValueDict(), form.add_prefix(name))
        for name, field in form.fields.items()
    }


def _show(form: forms.Form, field: str, message: str) -> None:
    name = _FORM_FIELDS.get(field, field)
    form.add_error(name if name in form.fields else None, message)


@admin.register(Outcome)
class OutcomeAdmin(ReadOnlyAdmin, Searched):
    """What was conceded, version by version; written with status changes."""

    is_worked_on_together = True

    list_display = ["target", "kind", "terms", "effective_on", "expires_on"]
    list_filter = ["kind"]
    list_select_related = ["target__company", "target__product", "target__campaign"]
