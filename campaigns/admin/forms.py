"""The forms by which advocates write the status log."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.admin import site
from django.contrib.admin.widgets import AdminDateWidget, AutocompleteSelect
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from campaigns.dates import Precision
from campaigns.models import Bill, Outcome, StatusChange, Target
from campaigns.models.evidence import QUOTE_LENGTH
from campaigns.services import CitationDraft, DocumentDraft, OutcomeDraft
from campaigns.statuses import Status

Fieldsets = list[tuple[Any, dict[str, Any]]]


def _wide() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "vLargeTextField"})


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "vLargeTextField"})


class CitationForm(forms.Form):
    """How we know: a document by its URL, and the quote."""

    document_url = forms.URLField(
        label=_("URL of the source"), required=False, assume_scheme="https", widget=_wide()
    )
    document_title = forms.CharField(
        label=_("Title"), required=False, max_length=300, widget=_wide()
    )
    document_publisher = forms.CharField(label=_("Publisher"), required=False, max_length=200)
    document_published_on = forms.DateField(
        label=_("Published on"), required=False, widget=AdminDateWidget
    )
    quote = forms.CharField(
        label=_("Quote"),
        required=False,
        validators=[MaxLengthValidator(QUOTE_LENGTH)],
        widget=_text(3),
        help_text=_("The sentence that says so, word for word."),
    )

    SOURCE_FIELDS = (
        "document_url",
        "document_title",
        ("document_publisher", "document_published_on"),
        "quote",
    )

    def clean_document_url(self) -> str:
        """Refuse what is no web address.

        Raises:
            ValidationError: the scheme is not http or https.
        """
        url: str = self.cleaned_data["document_url"]
        if url and not url.startswith(("http://", "https://")):
            raise forms.ValidationError(_("Give an address that begins with http:// or https://."))
        return url

    def clean(self) -> dict[str, Any]:
        """Refuse a quote without its source, and a source without a title."""
        data = super().clean() or self.cleaned_data
        if data.get("quote") and not data.get("document_url"):
            self.add_error("document_url", _("Say where the quote is from."))
        if data.get("document_url") and not data.get("document_title"):
            self.add_error("document_title", _("Give the title of the source."))
        return data

    def citations(self) -> list[CitationDraft]:
        """Return what the form cites: one citation, or none. For a valid form."""
        data = self.cleaned_data
        if not data["document_url"]:
            return []
        document = DocumentDraft(
            url=data["document_url"],
            title=data["document_title"],
            publisher=data["document_publisher"],
            published_on=data["document_published_on"],
        )
        return [CitationDraft(document=document, quote=data["quote"])]


class StatusChangeForm(CitationForm):
    """A status change, or what a correction puts in the place of one."""

    target = forms.ModelChoiceField(
        label=_("Target"),
        queryset=Target.objects.select_related("company", "product", "campaign"),
        widget=AutocompleteSelect(StatusChange._meta.get_field("target"), site),
    )
    to_status = forms.ChoiceField(label=_("New status"), choices=[("", "—"), *Status.choices])
    effective_on = forms.DateField(
        label=_("Since"), widget=AdminDateWidget, help_text=_("The day it happened in the world.")
    )
    effective_precision = forms.ChoiceField(
        label=_("Known to the"), choices=Precision.choices, initial=Precision.DAY
    )
    summary = forms.CharField(
        label=_("What happened"),
        required=False,
        widget=_text(3),
        help_text=_("One or two sentences. They are published and mailed."),
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
        widget=_text(2),
    )
    outcome_scope = forms.CharField(
        label=_("Scope"), required=False, max_length=300, widget=_wide()
    )
    outcome_exemptions = forms.CharField(
        label=_("Exemptions"),
        required=False,
        widget=_text(3),
        help_text=_("Who or what is not covered: one a line."),
    )
    outcome_condition = forms.CharField(label=_("Condition"), required=False, max_length=300)
    outcome_condition_bill = forms.ModelChoiceField(
        label=_("Bill it waits for"), required=False, queryset=Bill.objects.all()
    )
    outcome_expires_on = forms.DateField(
        label=_("Expires on"), required=False, widget=AdminDateWidget
    )
    outcome_expires_precision = forms.ChoiceField(
        label=_("Known to the"), choices=Precision.choices, initial=Precision.DAY
    )
    outcome_review_on = forms.DateField(
        label=_("Review on"), required=False, widget=AdminDateWidget
    )

    fieldsets: ClassVar[Fieldsets] = [
        (
            None,
            {
                "fields": [
                    "target",
                    "to_status",
                    ("effective_on", "effective_precision"),
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
                    ("outcome_expires_on", "outcome_expires_precision"),
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

    def outcome(self) -> OutcomeDraft | None:
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


class RetractionForm(CitationForm):
    """Why a status change is withdrawn from the record."""

    summary = forms.CharField(
        label=_("Why it was wrong"),
        widget=_text(3),
        help_text=_("Published beside the retracted change, and mailed to who was alerted."),
    )
    is_silent = forms.BooleanField(
        label=_("Silent"), required=False, help_text=_("Alert nobody of the retraction.")
    )
    fieldsets: ClassVar[Fieldsets] = [
        (None, {"fields": ["summary", "is_silent"]}),
        (_("Source: how we know"), {"fields": [*CitationForm.SOURCE_FIELDS]}),
    ]


def fields_of(change: StatusChange) -> dict[str, Any]:
    """Return the form's values for a recorded change, for its correction to begin with."""
    values: dict[str, Any] = {
        "target": change.target_id,
        "to_status": change.to_status,
        "effective_on": change.effective_on,
        "effective_precision": change.effective_precision,
        "summary": change.summary,
    }
    outcome = change.outcome
    if outcome:
        for name in ("kind", "terms", "scope", "condition", "condition_bill", "review_on"):
            values[f"outcome_{name}"] = getattr(outcome, name)
        values["outcome_expires_on"] = outcome.expires_on
        values["outcome_expires_precision"] = outcome.expires_precision
        values["outcome_exemptions"] = "\n".join(item.name for item in outcome.exemptions.all())
    citation = change.citations.select_related("document").first()
    if citation:
        values["quote"] = citation.quote
        for name in ("url", "title", "publisher", "published_on"):
            values[f"document_{name}"] = getattr(citation.document, name)
    return values
