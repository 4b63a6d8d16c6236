"""The forms by which advocates write the status log.

Each valid form says by ``claim()`` what ``record_status_change`` is to be called with.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.admin import site
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext_lazy as _

from campaigns.admin.citing import CitationForm, Fieldsets, long_text, wide
from campaigns.admin.typed import PrecisionField, TypedDateField, TypedDayField
from campaigns.models import Bill, Outcome, StatusChange, Target
from campaigns.services import CitationDraft, OutcomeDraft
from campaigns.statuses import Status
from companies.access import Person, sees_all, visible


class KeySelect(AutocompleteSelect):
    """Django's autocomplete, which shows nothing chosen for a key that makes no sense."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        return super().optgroups(name, [key for key in value if is_key(key)], attrs)


def is_key(value: object) -> bool:
    """Tell whether a text can be the primary key of a row."""
    text = str(value)
    return text.isascii() and text.isdigit() and len(text) < 19


class StatusChangeForm(CitationForm):
    """A status change, or what a correction puts in the place of one."""

    target = forms.ModelChoiceField(
        label=_("Target"),
        queryset=Target.objects.select_related("company", "product", "campaign"),
        widget=KeySelect(StatusChange._meta.get_field("target"), site),
    )
    to_status = forms.ChoiceField(label=_("New status"), choices=[("", "—"), *Status.choices])
    effective_on = TypedDateField(label=_("Since"))
    effective_precision = PrecisionField()
    summary = forms.CharField(
        label=_("What happened"),
        widget=long_text(3),
        help_text=_("One or two sentences. They are published and mailed."),
    )
    extends = forms.BooleanField(
        label=_("Extension"),
        required=False,
        help_text=_("The status stays, and new terms or a later end take the place of the old."),
    )
    is_silent = forms.BooleanField(
        label=_("Silent"), required=False, help_text=_("Alert nobody: for filling in history.")
    )
    outcome_kind = forms.ChoiceField(
        label=_("Kind of outcome"), required=False, choices=[("", "—"), *Outcome.Kind.choices]
    )
    outcome_terms = forms.CharField(
        label=_("Terms"),
        required=False,
        widget=long_text(2),
    )
    outcome_scope = forms.CharField(label=_("Scope"), required=False, max_length=300, widget=wide())
    outcome_exemptions = forms.CharField(
        label=_("Exemptions"),
        required=False,
        widget=long_text(3),
        help_text=_("Who or what is not covered: one a line."),
    )
    outcome_condition = forms.CharField(label=_("Condition"), required=False, max_length=300)
    outcome_condition_bill = forms.ModelChoiceField(
        label=_("Bill it waits for"),
        required=False,
        queryset=Bill.objects.all(),
        widget=KeySelect(Outcome._meta.get_field("condition_bill"), site),
    )
    outcome_expires_on = TypedDateField(label=_("Expires on"), required=False)
    outcome_expires_precision = PrecisionField()
    outcome_review_on = TypedDayField(label=_("Review on"), required=False)

    fieldsets: ClassVar[Fieldsets] = [
        (
            None,
            {
                "fields": [
                    "target",
                    ("to_status", "extends"),
                    "effective_on",
                    "summary",
                    "is_silent",
                ]
            },
        ),
        (
            _("Outcome: what was conceded"),
            {
                "description": _("Leave empty if nothing was promised or done."),
                "fields": [
                    "outcome_kind",
                    "outcome_terms",
                    "outcome_scope",
                    "outcome_exemptions",
                    ("outcome_condition", "outcome_condition_bill"),
                    "outcome_expires_on",
                    "outcome_review_on",
                ],
            },
        ),
        (_("Source: how we know"), {"fields": [*CitationForm.SOURCE_FIELDS]}),
    ]

    def clean(self) -> dict[str, Any]:
        """Refuse an outcome of no kind, or without terms."""
        data = super().clean()
        details = [
            name
            for name in data
            if name.startswith("outcome_")
            and name not in ("outcome_kind", "outcome_expires_precision")
            and data[name]
        ]
        if details and not data.get("outcome_kind"):
            self.add_error("outcome_kind", _("Choose the kind of outcome."))
        if data.get("outcome_kind") and not data.get("outcome_terms"):
            self.add_error("outcome_terms", _("Say what was conceded."))
        return data

    def outcome(self) -> OutcomeDraft | Outcome | None:
        """Return the outcome that the form describes, if any. For a valid form."""
        data = self.cleaned_data
        if not data["outcome_kind"]:
            return None
        lines = (line.strip() for line in data["outcome_exemptions"].splitlines())
        return OutcomeDraft(
            kind=data["outcome_kind"],
            terms=data["outcome_terms"],
            scope=data["outcome_scope"],
            exemptions=tuple(line for line in lines if line),
            condition=data["outcome_condition"],
            condition_bill=data["outcome_condition_bill"],
            expires_on=data["outcome_expires_on"],
            expires_precision=data["outcome_expires_precision"],
            review_on=data["outcome_review_on"],
        )

    def claim(self) -> dict[str, Any]:
        """Return the arguments that say what happened."""
        names = ("target", "to_status", "effective_on", "effective_precision", "extends")
        return {name: self.cleaned_data[name] for name in names} | {
            "summary": self.cleaned_data["summary"],
            "is_silent": self.cleaned_data["is_silent"],
            "outcome": self.outcome(),
            "citations": self.citations(),
        }


class NewStatusChangeForm(StatusChangeForm):
    """What happened, with its source; of a target that the person may record for."""

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        target: Any = self.fields["target"]
        target.queryset = visible(target.queryset, person)
        self.person = person
        for name in ("document_url", "document_title"):
            self.fields[name].required = True

    def clean_target(self) -> Target:
        """Refuse a target for which the person only reads.

        Raises:
            ValidationError: their role in its organizations records no status.
        """
        target: Target = self.cleaned_data["target"]
        row = None if sees_all(self.person) else target
        if not self.person.has_perm("campaigns.add_statuschange", row):
            raise forms.ValidationError(_("Your role does not allow this for this target."))
        return target


class CorrectionForm(StatusChangeForm):
    """What should have been recorded; begins with what was, and keeps its sources."""

    def __init__(self, wrong: StatusChange, data: Any = None) -> None:
        super().__init__(data, initial=_fields_of(wrong))
        self.wrong = wrong
        for name in ("target", "extends"):
            del self.fields[name]
        count = wrong.citations.count()
        self.fields["document_url"].help_text = _(
            "Its sources (%(count)d) are kept; here you can add another."
        ) % {"count": count}

    fieldsets: ClassVar[Fieldsets] = [
        (
            None,
            {
                "fields": [
                    "to_status",
                    "effective_on",
                    "summary",
                    "is_silent",
                ]
            },
        ),
        *StatusChangeForm.fieldsets[1:],
    ]

    def clean(self) -> dict[str, Any]:
        """Refuse a correction that corrects nothing: it would be mailed all the same."""
        data = super().clean()
        if not set(self.changed_data) - {"is_silent"}:
            self.add_error(None, _("Nothing is different from what was recorded."))
        return data

    def outcome(self) -> OutcomeDraft | Outcome | None:
        """Return the recorded outcome unless something about it was changed."""
        if not any(name.startswith("outcome_") for name in self.changed_data):
            return self.wrong.outcome
        return super().outcome()

    def claim(self) -> dict[str, Any]:
        """Return the arguments that put the correction in the place of the wrong change."""
        kept = [
            CitationDraft(
                document=citation.document,
                quote=citation.quote,
                snapshot_hash=citation.snapshot_hash,
            )
            for citation in self.wrong.citations.select_related("document")
        ]
        names = ("to_status", "effective_on", "effective_precision", "summary", "is_silent")
        return {name: self.cleaned_data[name] for name in names} | {
            "target": self.wrong.target,
            "corrects": self.wrong,
            "outcome": self.outcome(),
            "citations": [*kept, *self.citations()],
        }


class RetractionForm(CitationForm):
    """Why a status change is withdrawn from the record."""

    summary = forms.CharField(
        label=_("Why it was wrong"),
        widget=long_text(3),
        help_text=_("Published beside the retracted change, and mailed to who was alerted."),
    )
    is_silent = forms.BooleanField(
        label=_("Silent"), required=False, help_text=_("Alert nobody of the retraction.")
    )
    fieldsets: ClassVar[Fieldsets] = [
        (None, {"fields": ["summary", "is_silent"]}),
        (_("Source: how we know"), {"fields": [*CitationForm.SOURCE_FIELDS]}),
    ]

    def __init__(self, wrong: StatusChange, data: Any = None) -> None:
        super().__init__(data)
        self.wrong = wrong

    def claim(self) -> dict[str, Any]:
        """Return the arguments that retract the wrong change."""
        return {
            "target": self.wrong.target,
            "to_status": None,
            "effective_on": self.wrong.effective_on,
            "corrects": self.wrong,
            "summary": self.cleaned_data["summary"],
            "is_silent": self.cleaned_data["is_silent"],
            "citations": self.citations(),
        }


def _fields_of(change: StatusChange) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: getattr(change, name)
        for name in ("to_status", "effective_on", "effective_precision", "summary", "is_silent")
    }
    outcome = change.outcome
    if outcome:
        names = ("kind", "terms", "scope", "condition", "expires_on", "expires_precision")
        for name in (*names, "review_on"):
            values[f"outcome_{name}"] = getattr(outcome, name)
        values["outcome_condition_bill"] = outcome.condition_bill_id
        values["outcome_exemptions"] = "\n".join(item.name for item in outcome.exemptions.all())
    return values
