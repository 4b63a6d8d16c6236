"""The queue of findings, and the page on which one is reviewed."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.admin.creating import offer_creation
from campaigns.formats import format_on
from campaigns.models import StatusChange
from companies.list_filters import VisibleRelatedFilter
from companies.workbench import Workbench
from sources.admin.finding_filters import AssignedFilter, StateFilter
from sources.admin.forms import DismissalForm
from sources.admin.noise_page import noise_view
from sources.admin.queue_places import Place, place_of
from sources.admin.review_desk import ReviewDesk, review_of
from sources.errors import AlreadyReviewed
from sources.models import Finding, Review
from sources.querysets import FindingQuerySet
from sources.services import dismiss_findings, open_finding


class BulkForm(ActionForm):
    """What is done to the chosen findings, and why."""

    category = forms.ChoiceField(
        label=gettext_lazy("Why:"),
        required=False,
        choices=[("", "---------"), *Review.Category.choices],
    )
    reason = forms.CharField(label=gettext_lazy("In words:"), required=False, max_length=500)


@admin.register(Finding)
class FindingAdmin(Workbench):
    """Review findings: they are never added, edited or deleted by hand."""

    is_worked_on_together = True

    list_display = [*("target", "proposal", "shortened_passage", "state", "source", "created_at")]
    list_filter = [
        StateFilter,
        AssignedFilter,
        "proposed_status",
        ("target__campaign", VisibleRelatedFilter),
        ("snapshot__source", VisibleRelatedFilter),
    ]
    lookups: ClassVar[list[str]] = ["rule", "review", "review__category"]
    search_fields = ["passage", "title", "target__company__name", "snapshot__source__name"]
    actions = ["dismiss_chosen"]
    action_form = BulkForm

    class Media:
        css = {"all": ["sources/review.css"]}
        js = [Script("sources/review.js", defer=True)]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Finding]:
        return cast(FindingQuerySet, super().get_queryset(request)).with_parts()

    def get_ordering(self, request: HttpRequest) -> list[str | OrderBy]:  # type: ignore[override]
        """Pending findings first, then the latest reviews."""
        return [F("review__reviewed_at").desc(nulls_first=True), "-created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Finding | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("proposed status"), ordering="proposed_status")
    def proposal(self, finding: Finding) -> str:
        status = finding.get_proposed_status_display()
        return _("%s (extension)") % status if finding.extends else status

    @admin.display(description=gettext_lazy("passage"))
    def shortened_passage(self, finding: Finding) -> str:
        return Truncator(finding.passage).chars(160)

    @admin.display(description=gettext_lazy("source"))
    def source(self, finding: Finding) -> str:
        return finding.snapshot.source.name

    @admin.display(description=gettext_lazy("state"))
    def state(self, finding: Finding) -> str:
        review = review_of(finding)
        if review:
            return review.get_verdict_display()
        state = _("pending")
        if finding.deferred_until and finding.deferred_until > timezone.localdate():
            state = _("deferred until %s") % format_on(finding.deferred_until, "day")
        if finding.assigned_to is None:
            return state
        return _("%(state)s, assigned to %(name)s") % {"state": state, "name": finding.assigned_to}

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": _("Findings to review")}
        return super().changelist_view(request, title | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        noise = self.admin_site.admin_view(partial(noise_view, self))
        return [path("noise/", noise, name="sources_finding_noise"), *super().get_urls()]

    @admin.action(description=gettext_lazy("Dismiss the chosen findings"), permissions=["change"])
    def dismiss_chosen(
        self, request: HttpRequest, queryset: QuerySet[Finding]
    ) -> HttpResponse | None:
        """Dismiss for the one reason that is given beside the action; ask for it if it is not."""
        form = DismissalForm(request.POST)
        if not form.is_valid():
            return self._ask_why(request, queryset, form)
        done = dismiss_findings(
            findings=queryset,
            category=form.cleaned_data["category"],
            reason=form.cleaned_data["reason"],
            reviewer=cast(User, request.user),
            now=timezone.now(),
        )
        count = len(done.dismissed)
        if count:
            said = ngettext("%(n)d finding dismissed.", "%(n)d findings dismissed.", count)
            self.message_user(request, said % {"n": count}, messages.SUCCESS)
        for review in done.found:
            said = _("%(finding)s: %(why)s")
            values = {"finding": review.finding, "why": AlreadyReviewed(review)}
            self.message_user(request, said % values, messages.WARNING)
        return None

    def _ask_why(
        self, request: HttpRequest, queryset: QuerySet[Finding], form: DismissalForm
    ) -> HttpResponse:
        """Show the form with all that was chosen and typed: the list would forget it."""
        is_across = request.POST.get("select_across") == "1"
        context = {
            **self.admin_site.each_context(request),
            "title": _("Dismiss findings"),
            "opts": self.opts,
            "form": form,
            "is_across": is_across,
            "count": queryset.count(),
            # The one key that Django's admin asks for beside "all".
            "findings": queryset[:1] if is_across else queryset,
            "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/sources/finding/dismiss.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a finding in its context; a POST decides about it by the button that was pressed."""
        finding = self.get_object(request, unquote(object_id))
        if finding is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        if not self.has_view_or_change_permission(request, finding):
            raise PermissionDenied
        can_review = self.has_change_permission(request, finding)
        desk = ReviewDesk(request, finding)
        place = place_of(self, request, finding.pk)
        if request.method == "POST":
            if not can_review:
                raise PermissionDenied
            if said := desk.decide():
                messages.success(request, said)
                return HttpResponseRedirect(_onward(desk, place))
        elif can_review:
            open_finding(finding=finding, reader=desk.user, now=timezone.now())
        offer_creation(desk.proposal_form, request)
        context = {
            **self.admin_site.each_context(request),
            **desk.context(),
            **place.links,
            "title": _("Review a finding"),
            "opts": self.opts,
            "can_review": can_review,
            **_mending(request, finding),
            "adminform": helpers.AdminForm(
                cast(Any, desk.proposal_form), desk.proposal_form.fieldsets, {}, model_admin=self
            ),
        }
        return TemplateResponse(request, "admin/sources/finding/review.html", context)


def _mending(request: HttpRequest, finding: Finding) -> dict[str, bool]:
    """Tell what the person may do about a decision that was wrong."""
    review = review_of(finding)
    if review is None:
        return {}
    log = cast(Workbench, admin.site.get_model_admin(StatusChange))
    change = review.status_change
    return {
        "may_record": log.may(request, "add", finding.target),
        "may_mend": bool(change and change.to_status) and log.may(request, "add", change),
    }


def _onward(desk: ReviewDesk, place: Place) -> str:
    """Return where to go when something was done: the next that waits, else the list."""
    if desk.stays:
        return place.address(desk.finding.pk)
    return place.address(place.onward) or place.list_address
