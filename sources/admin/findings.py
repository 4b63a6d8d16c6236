"""The queue of findings, and the page on which one is reviewed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.errors import InvalidStatusChange
from campaigns.formats import format_on
from campaigns.models import Document, StatusChange
from campaigns.statuses import Status
from companies.workbench import VisibleRelatedFilter, Workbench
from sources.admin.forms import DismissalForm, LinkForm, ProposalForm
from sources.errors import AlreadyRecorded, ReviewError
from sources.models import Finding, Review
from sources.passages import Context, context_of
from sources.querysets import FindingQuerySet
from sources.services import (
    Proposal,
    accept_finding,
    dismiss_finding,
    link_finding,
    recorded_change,
)


class StateFilter(admin.SimpleListFilter):
    """How far the review of a finding is: those that wait are shown unless told otherwise."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("pending", gettext_lazy("pending")),
            *Review.Verdict.choices,
            ("all", gettext_lazy("all")),
        ]

    def value(self) -> str:
        return super().value() or "pending"

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Yield the choices without the one that Django puts first for no choice."""
        return islice(super().choices(changelist), 1, None)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Finding]) -> QuerySet[Finding]:
        if self.value() == "pending":
            return queryset.filter(review=None)
        return queryset if self.value() == "all" else queryset.filter(review__verdict=self.value())


@admin.register(Finding)
class FindingAdmin(Workbench):
    """Review findings: they are never added, edited or deleted by hand."""

    list_display = ["target", "proposal", "shortened_passage", "source", "created_at", "state"]
    list_filter = [StateFilter, "proposed_status", ("target__campaign", VisibleRelatedFilter)]
    search_fields = ["passage", "title", "target__company__name", "snapshot__source__name"]
    actions = None

    class Media:
        css = {"all": ["sources/review.css"]}

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
        return review.get_verdict_display() if review else _("pending")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": _("Findings to review")}
        return super().changelist_view(request, title | (extra_context or {}))

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
        desk = ReviewDesk(request, finding)
        if request.method == "POST":
            if not self.has_change_permission(request, finding):
                raise PermissionDenied
            if said := desk.decide():
                messages.success(request, said)
                return HttpResponseRedirect(reverse("admin:sources_finding_changelist"))
        context = {
            **self.admin_site.each_context(request),
            **desk.context(),
            "title": _("Review a finding"),
            "opts": self.opts,
            "can_review": self.has_change_permission(request, finding),
            "adminform": helpers.AdminForm(
                cast(Any, desk.proposal_form), desk.proposal_form.fieldsets, {}, model_admin=self
            ),
        }
        return TemplateResponse(request, "admin/sources/finding/review.html", context)


class ReviewDesk:
    """The forms about one finding, and what the pressed button does with them."""

    def __init__(self, request: HttpRequest, finding: Finding) -> None:
        self.finding = finding
        self.user = cast(User, request.user)
        self.action = request.POST.get("action", "")
        data = request.POST if request.method == "POST" else None
        is_proposal = self.action in ("accept", "accept_silently")
        self.existing = recorded_change(finding.target, Proposal.of_finding(finding))
        self.proposal_form = ProposalForm(
            finding,
            Document.objects.filter(url=finding.url).first(),
            data if is_proposal else None,
        )
        self.dismissal_form = DismissalForm(data if self.action == "dismiss" else None)
        self.link_form = LinkForm(
            finding, data if self.action == "link" else None, initial={"change": self.existing}
        )
        self.problem = ""

    def decide(self) -> str:
        """Do what was asked; return what was done in words, or "" if it was refused."""
        steps: dict[str, tuple[forms.Form, Callable[[], str]]] = {
            "accept": (self.proposal_form, self._accept),
            "accept_silently": (self.proposal_form, self._accept),
            "dismiss": (self.dismissal_form, self._dismiss),
            "link": (self.link_form, self._link),
        }
        if self.action not in steps:
            self.problem = _("Press one of the buttons.")
            return ""
        form, step = steps[self.action]
        if not form.is_valid():
            return ""
        try:
            return step()
        except AlreadyRecorded as error:
            self.existing = error.change
            self.link_form.initial["change"] = error.change
            self.problem = str(error)
        except ReviewError as error:
            self.problem = str(error)
        except InvalidStatusChange as error:
            self.proposal_form.show(error.field, str(error))
        except ValidationError as error:
            self.problem = " ".join(error.messages)
        return ""

    def context(self) -> dict[str, Any]:
        """Return what the page shows."""
        finding, target = self.finding, self.finding.target
        forms_shown: list[forms.Form] = [self.proposal_form, self.dismissal_form, self.link_form]
        context: Context = context_of(
            finding.snapshot.text, finding.passage_start, finding.passage_end
        )
        return {
            "finding": finding,
            "review": Review.objects.filter(finding=finding).select_related("reviewer").first(),
            "passage": context,
            "target": target,
            "since": format_on(target.status_since, target.status_precision),
            "until": format_on(
                target.expires_on, target.outcome.expires_precision if target.outcome else ""
            ),
            "status_on_record": Status(target.status) if target.status else None,
            "existing": self.existing,
            "dismissal_form": self.dismissal_form,
            "link_form": self.link_form,
            "problem": self.problem,
            "is_refused": bool(self.problem) or any(form.errors for form in forms_shown),
        }

    def _accept(self) -> str:
        change = accept_finding(
            finding=self.finding,
            reviewer=self.user,
            now=timezone.now(),
            proposal=self.proposal_form.proposal(),
            is_silent=self.action == "accept_silently",
        )
        return _("Accepted: recorded as number %d.") % change.sequence

    def _dismiss(self) -> str:
        dismiss_finding(
            finding=self.finding,
            reason=self.dismissal_form.cleaned_data["reason"],
            reviewer=self.user,
            now=timezone.now(),
        )
        return _("Dismissed.")

    def _link(self) -> str:
        change: StatusChange = self.link_form.cleaned_data["change"]
        link_finding(finding=self.finding, change=change, reviewer=self.user, now=timezone.now())
        return _("Linked to number %d.") % change.sequence


def review_of(finding: Finding) -> Review | None:
    """Return the finding's review, ``None`` while it is pending."""
    return getattr(finding, "review", None)
