"""How we know, as a part of every form that records a fact."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from campaigns.admin.typed import PrecisionField, TypedDateField, TypedDates
from campaigns.dates import Precision
from campaigns.models.evidence import QUOTE_LENGTH
from campaigns.services import CitationDraft, DocumentDraft

Fieldsets = list[tuple[Any, dict[str, Any]]]


def wide() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "vLargeTextField"})


def long_text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "vLargeTextField"})


class CitationForm(TypedDates, forms.Form):
    """How we know: a document by its URL, and the quote."""

    document_url = forms.URLField(
        label=_("URL of the source"), required=False, assume_scheme="https", widget=wide()
    )
    document_title = forms.CharField(
        label=_("Title"), required=False, max_length=300, widget=wide()
    )
    document_publisher = forms.CharField(label=_("Publisher"), required=False, max_length=200)
    document_published_on = TypedDateField(label=_("Published on"), required=False)
    document_published_precision = PrecisionField()
    quote = forms.CharField(
        label=_("Quote"),
        required=False,
        validators=[MaxLengthValidator(QUOTE_LENGTH)],
        widget=long_text(3),
        help_text=_("The sentence that says so, word for word."),
    )

    SOURCE_FIELDS: ClassVar[tuple[str | tuple[str, ...], ...]] = (
        "document_url",
        "document_title",
        "document_publisher",
        "document_published_on",
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
            published_precision=data["document_published_precision"] or Precision.DAY,
        )
        return [CitationDraft(document=document, quote=data["quote"])]
