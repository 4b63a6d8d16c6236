"""The forms by which findings are reviewed."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.admin import site
from django.contrib.admin.widgets import AdminDateWidget
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from campaigns.admin.typed import PrecisionField, TypedDateField, TypedDates, TypedDayField
from campaigns.formats import format_on
from campaigns.models import Bill, Document, Outcome, StatusChange
from campaigns.models.evidence import QUOTE_LENGTH
from campaigns.statuses import Status
from sources.admin.log_fields import RowField, RowSelect
from sources.models import Finding, Review
from sources.services import Proposal

BILLS_OFFERED = 50
"""So many can be chosen from without a script, which would look up any other."""


class ProposalForm(TypedDates, forms.Form):
    """What is to be recorded if the finding is accepted."""

    status = forms.ChoiceField(label=_("New status"), choices=Status.choices)
    extends = forms.BooleanField(
        label=_("Extension: the same status under new terms, or for longer"), required=False
    )
    effective_on = TypedDateField(label=_("Since"))
    effective_precision = PrecisionField()
    summary = forms.CharField(
        label=_("What happened"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=_("One or two sentences. They are published and mailed."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("as the status suggests")), *Outcome.Kind.choices],
        help_text=_("Unless you choose another, it follows the status."),
    )
    terms = forms.CharField(
        label=_("Terms"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=_("What was conceded."),
    )
    scope = forms.CharField(
        label=_("Scope"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Where, or for whom."),
    )
    exemptions = forms.CharField(
        label=_("Exemptions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=_("Who or what is not covered: one a line."),
    )
    condition = forms.CharField(label=_("Condition"), required=False, max_length=300)
    condition_bill = RowField(
        label=_("Bill it waits for"),
        required=False,
        queryset=Bill.objects.all(),
        widget=RowSelect(Outcome._meta.get_field("condition_bill"), site),
    )
    expires_on = TypedDateField(label=_("Expires on"), required=False)
    expires_precision = PrecisionField()
    review_on = TypedDayField(label=_("Review on"), required=False)
    quote = forms.CharField(
        label=_("Quote"),
        max_length=QUOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=_("From the passage; write “…” where you leave words out."),
    )
    document_title = forms.CharField(
        label=_("Title of the document"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    publisher = forms.CharField(
        label=_("Publisher"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    fieldsets: ClassVar[list[tuple[Any, dict[str, Any]]]] = [
        (
            None,
            {
                "fields": [
                    "status",
                    "effective_on",
                    "extends",
                    "summary",
                ]
            },
        ),
        (
            _("What was conceded, if anything"),
            {
                "fields": [
                    "kind",
                    "terms",
                    "scope",
                    "exemptions",
                    "condition",
                    "condition_bill",
                    "expires_on",
                    "review_on",
                ]
            },
        ),
        (_("How we know"), {"fields": ["quote", "document_title", "publisher"]}),
    ]

    def __init__(
        self, finding: Finding, document: Document | None, data: QueryDict | None = None
    ) -> None:
        """Begin with what the finding says.

        Args:
            finding: what is reviewed.
            document: the row of the document that holds the passage, if it is on record: it is
                then cited as it stands.
            data: what was sent.
        """
        proposal = Proposal.of_finding(finding)
        initial = {name: getattr(proposal, name) for name in self.base_fields} | {
            "kind": proposal.suggested_kind,
            "exemptions": "\n".join(proposal.exemptions),
        }
        if document:
            initial |= {"document_title": document.title, "publisher": document.publisher}
        super().__init__(data, initial=initial)
        bills = Bill.objects.likely_for(finding.target.campaign_id).values_list("pk", flat=True)
        self.fields["condition_bill"].widget.offered = list(bills[:BILLS_OFFERED])
        for name in ("document_title", "publisher") if document else ():
            self.fields[name].disabled = True
            self.fields[name].help_text = _("The document is on record: edit it there.")

    def proposal(self) -> Proposal:
        """Return what the form says. For a valid form."""
        lines = (line.strip() for line in self.cleaned_data["exemptions"].splitlines())
        values = self.cleaned_data | {"exemptions": tuple(line for line in lines if line)}
        if "kind" not in self.changed_data:
            values["kind"] = ""
        return Proposal(**values)

    def show(self, field: str, message: str) -> None:
        """Show why the proposal was refused, at the field that is to be mended."""
        name = {"to_status": "status", "outcome": "terms"}.get(field, field)
        self.add_error(name if name in self.fields else None, message)


class DismissalForm(forms.Form):
    """Why a finding is no news."""

    category = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", "---------"), *Review.Category.choices],
        widget=forms.Select(attrs={"data-key": "d"}),
        error_messages={"required": _("Choose why: it helps to mend what found it.")},
    )
    reason = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=500,
        # One line: Enter sends it.
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Needed for “something else”. It helps to mend what found it."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for words where the reason is none of those that are offered."""
        values = super().clean() or {}
        is_other = values.get("category") == Review.Category.OTHER
        if is_other and not values.get("reason", "").strip():
            self.add_error("reason", _("Say why."))
        return values


class DeferralForm(forms.Form):
    """Until when a finding is put off."""

    until = TypedDayField(
        label=_("Until"),
        widget=AdminDateWidget({"data-key": "f"}),
        help_text=_("On this day it waits again: 10 June 2020, tomorrow, in 2 weeks."),
    )


class AssignmentForm(forms.Form):
    """Who is to review a finding, among those who may."""

    assignee = forms.ModelChoiceField(
        User.objects.none(), label=_("Reviewer"), required=False, empty_label=_("nobody")
    )

    def __init__(self, reviewers: QuerySet[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = reviewers  # type: ignore[attr-defined]


class ChangeChoiceField(forms.ModelChoiceField[StatusChange]):
    """A choice among the changes of one target."""

    def label_from_instance(self, change: StatusChange) -> str:
        day = format_on(change.effective_on, change.effective_precision)
        return f"{change.get_to_status_display()} ({day})"


class LinkForm(forms.Form):
    """Which change on record the finding speaks of.

    It is chosen beforehand only where it put the target into the proposed status. Whoever chooses a
    change to another status is asked whether that is meant: a link stands.
    """

    change = ChangeChoiceField(label=_("Status change"), queryset=StatusChange.objects.none())
    anyway = forms.BooleanField(label=_("Link it all the same"), required=False)

    def __init__(self, finding: Finding, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._finding = finding
        field: Any = self.fields["change"]
        if self.initial.get("change"):
            # The button has the key: there is nothing to choose.
            field.empty_label = None
        else:
            field.widget.attrs["data-key"] = "l"
        if not self.data.get("change"):
            del self.fields["anyway"]
        changes = finding.target.status_changes.in_effect()
        field.queryset = changes.order_by("-effective_on", "-sequence")
        # Read once, and not counted first: whether there is a choice is asked, and then which.
        field.choices = list(iter(field.choices))

    def clean(self) -> dict[str, Any]:
        """Ask once more where the finding suggests another status than the change."""
        values = super().clean() or {}
        change = values.get("change")
        proposed = self._finding.proposed_status
        if change and change.to_status != proposed and not values.get("anyway"):
            self.add_error(
                "anyway",
                _("The finding suggests “%(proposed)s”, the change says “%(recorded)s”.")
                % {
                    "proposed": self._finding.get_proposed_status_display(),
                    "recorded": change.get_to_status_display(),
                },
            )
        return values

    @property
    def has_choice(self) -> bool:
        """Whether there is a change to link to."""
        field: Any = self.fields["change"]
        return any(value for value, _label in field.choices)
