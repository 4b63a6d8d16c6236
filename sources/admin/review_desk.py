"""The forms about one finding, and what the buttons of its page do with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaigns.admin.agreeing import fingerprint, is_unlike_preview
from campaigns.errors import InvalidStatusChange
from campaigns.formats import format_on
from campaigns.models import StatusChange, Target
from campaigns.services import document_for
from campaigns.statuses import Status
from sources.admin.forms import AssignmentForm, DeferralForm, DismissalForm, LinkForm, ProposalForm
from sources.errors import AlreadyRecorded, ReviewError
from sources.grounds import reasons_in_words
from sources.models import Finding, LabelledFinding, Review
from sources.services import (
    Proposal,
    accept_finding,
    add_to_backtest_set,
    assign_finding,
    changes_of,
    defer_finding,
    dismiss_finding,
    link_finding,
    preview_finding,
    recorded_change,
    reviewers_of,
    surroundings_of,
    take_out_of_backtest_set,
    why_unreadable,
)

OPEN_FOR = dt.timedelta(minutes=30)
"""How long it is said that somebody else has a finding before them."""


def review_of(finding: Finding) -> Review | None:
    """Return the finding's review, ``None`` while it is pending."""
    return getattr(finding, "review", None)


class ReviewDesk:
    """The forms about one finding, and what the pressed button does with them."""

    def __init__(self, request: HttpRequest, finding: Finding) -> None:
        self.finding = finding
        self.user = cast(User, request.user)
        self.action = request.POST.get("action", "")
        self.now = timezone.now()
        data = request.POST if request.method == "POST" else None
        is_proposal = self.action in ("preview", "accept", "accept_silently")
        self.existing = recorded_change(finding.target, Proposal.of_finding(finding))
        self.proposal_form = ProposalForm(
            finding,
            document_for(finding.url, finding.target.campaign),
            data if is_proposal else None,
        )
        self.dismissal_form = DismissalForm(
            data if self.action in ("dismiss", "dismiss_and_add") else None
        )
        self.link_form = LinkForm(
            finding, data if self.action == "link" else None, initial={"change": self.existing}
        )
        self.deferral_form = DeferralForm(
            data if self.action == "defer" else None,
            initial={"until": timezone.localdate() + dt.timedelta(days=7)},
        )
        self.assignment_form = AssignmentForm(
            reviewers_of(finding),
            data if self.action == "assign" else None,
            initial={"assignee": finding.assigned_to_id},
        )
        self.problem = ""
        self.sent = request.POST
        self.preview: list[SafeString] | None = None

    @property
    def stays(self) -> bool:
        """Whether what was done leaves the finding where it is in the queue."""
        return self.action in ("assign", "assign_to_me", "undefer", "add", "take_out")

    def decide(self) -> str:
        """Do what was asked; return what was done in words, or "" if nothing was decided."""
        steps: dict[str, tuple[forms.Form | None, Callable[[], str]]] = {
            "preview": (self.proposal_form, self._preview),
            "accept": (self.proposal_form, self._accept),
            "accept_silently": (self.proposal_form, self._accept),
            "dismiss": (self.dismissal_form, self._dismiss),
            "dismiss_and_add": (self.dismissal_form, self._dismiss),
            "add": (None, self._add),
            "take_out": (None, self._take_out),
            "link": (self.link_form, self._link),
            "defer": (self.deferral_form, self._defer),
            "undefer": (None, self._undefer),
            "assign": (self.assignment_form, self._assign),
            "assign_to_me": (None, self._assign_to_me),
        }
        if self.action not in steps:
            self.problem = _("Press one of the buttons.")
            return ""
        form, step = steps[self.action]
        try:
            return step() if form is None or form.is_valid() else ""
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
        finding = self.finding
        review = review_of(finding)
        if self.action:
            # Somebody else may have been quicker than this refused attempt.
            review = Review.objects.filter(finding=finding).select_related("reviewer").first()
        return {
            "finding": finding,
            "reasons": reasons_in_words(
                finding.reasons, {status.value: str(status.label) for status in Status}
            ),
            "review": review,
            "labelled": self._labelled() if review else None,
            "why_unreadable": why_unreadable(finding),
            "typed": list(self._typed()) if review else [],
            "passage": surroundings_of(finding),
            "look_back": changes_of(finding),
            **_standing(finding.target),
            "existing": self.existing,
            "can_link": self.link_form.has_choice,
            "is_deferred": bool(
                finding.deferred_until and finding.deferred_until > timezone.localdate()
            ),
            "is_mine": finding.assigned_to_id == self.user.pk,
            "opened_ago": self._opened_ago(),
            "dismissal_form": self.dismissal_form,
            "link_form": self.link_form,
            "deferral_form": self.deferral_form,
            "assignment_form": self.assignment_form,
            "problem": self.problem,
            "preview": self.preview,
            "previewed": fingerprint(self.sent),
            "refusals": list(self._refusals()),
            "is_refused": bool(self.problem) or any(form.errors for form in self._forms),
        }

    @property
    def _forms(self) -> list[forms.Form]:
        return [
            self.proposal_form,
            self.dismissal_form,
            self.link_form,
            self.deferral_form,
            self.assignment_form,
        ]

    def _refusals(self) -> Iterator[tuple[Any, str, str]]:
        """Yield the fields to be mended, each with its key in the page and with what is wrong."""
        for form in self._forms:
            for name, errors in form.errors.items():
                field = form[name] if name in form.fields else None
                yield (
                    field.label if field else "",
                    field.id_for_label if field else "",
                    " ".join(str(error) for error in errors),
                )

    def _labelled(self) -> LabelledFinding | None:
        rows = LabelledFinding.objects.filter(finding=self.finding)
        return rows.select_related("added_by").first()

    def _typed(self) -> Iterator[tuple[Any, str]]:
        """Yield the fields that were filled in otherwise than they were offered."""
        for form in self._forms:
            for name in form.changed_data if form.is_bound else ():
                value = form.cleaned_data.get(name)
                shown = value if isinstance(value, Model) else form[name].value()
                yield form[name].label, str(shown or "")

    def _opened_ago(self) -> int | None:
        """Return how many minutes ago somebody else opened the finding, if that was lately."""
        opened_at, reader = self.finding.opened_at, self.finding.opened_by_id
        if opened_at is None or reader in (None, self.user.pk):
            return None
        ago = self.now - opened_at
        return int(ago.total_seconds() // 60) if ago < OPEN_FOR else None

    def _preview(self) -> str:
        self.preview = preview_finding(
            finding=self.finding,
            reviewer=self.user,
            now=self.now,
            proposal=self.proposal_form.proposal(),
        )
        return ""

    def _accept(self) -> str:
        if is_unlike_preview(self.sent):
            return self._preview()
        change = accept_finding(
            finding=self.finding,
            reviewer=self.user,
            now=self.now,
            proposal=self.proposal_form.proposal(),
            is_silent=self.action == "accept_silently",
        )
        return _("Accepted: recorded as number %d.") % change.sequence

    def _dismiss(self) -> str:
        dismiss_finding(
            finding=self.finding,
            category=self.dismissal_form.cleaned_data["category"],
            reason=self.dismissal_form.cleaned_data["reason"],
            reviewer=self.user,
            now=self.now,
            is_labelled=self.action == "dismiss_and_add",
        )
        if self.action == "dismiss_and_add":
            return _("Dismissed, and added to the backtest set.")
        return _("Dismissed.")

    def _add(self) -> str:
        add_to_backtest_set(finding=self.finding, editor=self.user, now=self.now)
        return _("Added to the backtest set.")

    def _take_out(self) -> str:
        take_out_of_backtest_set(finding=self.finding)
        return _("Taken out of the backtest set.")

    def _link(self) -> str:
        change: StatusChange = self.link_form.cleaned_data["change"]
        link_finding(finding=self.finding, change=change, reviewer=self.user, now=self.now)
        return _("Linked to number %d.") % change.sequence

    def _defer(self) -> str:
        until: dt.date = self.deferral_form.cleaned_data["until"]
        defer_finding(finding=self.finding, until=until, today=timezone.localdate())
        return _("Deferred until %s.") % format_on(until, "day")

    def _undefer(self) -> str:
        defer_finding(finding=self.finding, until=None, today=timezone.localdate())
        return _("The finding waits again.")

    def _assign(self) -> str:
        assignee: User | None = self.assignment_form.cleaned_data["assignee"]
        assign_finding(finding=self.finding, assignee=assignee)
        if assignee is None:
            return _("Assigned to nobody.")
        return _("Assigned to %s.") % assignee

    def _assign_to_me(self) -> str:
        assign_finding(finding=self.finding, assignee=self.user)
        return _("Assigned to you.")


def _standing(target: Target) -> dict[str, Any]:
    """Return what the page shows of the record."""
    return {
        "target": target,
        "since": format_on(target.status_since, target.status_precision),
        "until": format_on(
            target.expires_on, target.outcome.expires_precision if target.outcome else ""
        ),
        "status_on_record": Status(target.status) if target.status else None,
    }
