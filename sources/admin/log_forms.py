"""The forms by which an action, a response or a status change is logged from an article."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib.admin import site
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaigns.admin.creating import offer_creation
from campaigns.admin.typed import PrecisionField, TypedDateField, TypedDates, TypedDayField
from campaigns.dates import Precision
from campaigns.models import Action, Outcome, Response, StatusChange, Target
from campaigns.models.events import MOST_PARTICIPANTS
from campaigns.models.evidence import QUOTE_LENGTH
from campaigns.statuses import Status
from companies.access import visible
from sources.admin.log_fields import RowField, RowSelect, RowsField, RowsSelect
from sources.clipping import TEXT_LENGTH
from sources.services import Article, checked_address

TITLE_LENGTH = 300


def long_text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "vLargeTextField"})


def wide() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "vTextField"})


class PasteForm(forms.Form):
    """An address, or a text."""

    url = forms.CharField(
        label=_("Address of the article, letter or post"),
        required=False,
        strip=True,
        widget=forms.TextInput(
            attrs={"class": "vURLField", "inputmode": "url", "placeholder": "https://"}
        ),
    )
    text = forms.CharField(
        label=_("Its text"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=long_text(10),
        help_text=_("For what cannot be fetched: behind a paywall, in a PDF, in a mail."),
    )

    def clean_url(self) -> str:
        """Return the address as it is stored; what is no address but a text is left alone."""
        url: str = self.cleaned_data["url"]
        return checked_address(url) if url and not _is_prose(url) else url

    def clean(self) -> dict[str, Any]:
        """Take a text in the place of the address for what it is; refuse nothing at all."""
        data = super().clean() or self.cleaned_data
        if _is_prose(data.get("url", "")):
            data |= {"url": "", "text": data.get("text") or data["url"]}
        if not self.errors and not data.get("url") and not data.get("text"):
            self.add_error("url", _("Paste an address or a text."))
        return data


def _is_prose(text: str) -> bool:
    return len(text.split()) > 1


class ArticleForm(forms.Form):
    """What was read, carried from one page to the next: it was never stored."""

    url = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)
    title = forms.CharField(required=False, max_length=TITLE_LENGTH, widget=forms.HiddenInput)
    publisher = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    published_on = forms.DateField(required=False, widget=forms.HiddenInput)
    published_precision = forms.ChoiceField(
        choices=Precision.choices, required=False, widget=forms.HiddenInput
    )
    language = forms.CharField(required=False, max_length=35, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "readonly": True, "class": "vLargeTextField"}),
    )

    def article(self) -> Article:
        """Return what was read; of what came back unreadable, nothing."""
        self.full_clean()
        data = getattr(self, "cleaned_data", {})
        return Article(
            url=data.get("url", ""),
            title=data.get("title", ""),
            publisher=data.get("publisher", ""),
            published_on=data.get("published_on"),
            published_precision=data.get("published_precision") or Precision.DAY,
            language=data.get("language", ""),
            text=data.get("text", "").replace("\r\n", "\n")[:TEXT_LENGTH],
        )


class Part(TypedDates, forms.Form):
    """A part of the page; its relations offer what the person may see, and can be added to."""

    relations: ClassVar[dict[str, Any]] = {}

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, relation in self.relations.items():
            related: Any = relation.related_model
            field: Any = self.fields[name]
            field.queryset = visible(related._default_manager.all(), request.user)
            if related is Target:
                field.queryset = field.queryset.select_related("campaign", "company", "product")
            is_many = isinstance(field, forms.ModelMultipleChoiceField)
            field.widget = (RowsSelect if is_many else RowSelect)(relation, site)
            field.widget.choices = field.choices
            field.widget.is_required = field.required
        offer_creation(self, request)

    def offer(self, rows: Mapping[str, Collection[int]]) -> None:
        """Offer likely rows to choose from, by the names of fields."""
        for name, keys in rows.items():
            self.fields[name].widget.widget.offered = keys


class DocumentPart(Part):
    """Where it was published."""

    url = forms.URLField(label=_("URL"), assume_scheme="https", max_length=500, widget=wide())
    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH, widget=wide())
    publisher = forms.CharField(label=_("Publisher"), required=False, max_length=200, widget=wide())
    published_on = TypedDateField(label=_("Published on"), required=False)
    published_precision = PrecisionField()

    def clean_url(self) -> str:
        """Refuse what is no web address.

        Raises:
            ValidationError: the scheme is not http or https.
        """
        url: str = self.cleaned_data["url"]
        if not url.startswith(("http://", "https://")):
            raise forms.ValidationError(_("Give an address that begins with http:// or https://."))
        return url


def _quote() -> forms.CharField:
    return forms.CharField(
        label=_("Quote"),
        required=False,
        validators=[MaxLengthValidator(QUOTE_LENGTH)],
        widget=long_text(3),
        help_text=_("The sentence that says so, word for word."),
    )


class ActionPart(Part):
    """What organizations did."""

    campaign = RowField(label=_("Campaign"), queryset=None)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "—"), *Action.Kind.choices])
    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH, widget=wide())
    happened_on = TypedDateField(label=_("Happened on"))
    happened_precision = PrecisionField()
    organizations = RowsField(label=_("Organizations"), required=False, queryset=None)
    targets = RowsField(label=_("Targets"), required=False, queryset=None)
    participants_count = forms.IntegerField(
        label=_("Participants"),
        required=False,
        min_value=1,
        max_value=MOST_PARTICIPANTS,
        help_text=_("People or organizations that signed, marched or struck."),
    )
    quote = _quote()

    relations = {
        name: Action._meta.get_field(name) for name in ("campaign", "organizations", "targets")
    }


class ResponsePart(Part):
    """What a company answered."""

    target = RowField(label=_("Target"), queryset=None)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "—"), *Response.Kind.choices])
    summary = forms.CharField(label=_("Summary"), widget=long_text(3))
    happened_on = TypedDateField(label=_("Happened on"))
    happened_precision = PrecisionField()
    quote = _quote()

    relations = {"target": Response._meta.get_field("target")}


class StatusPart(Part):
    """What changed for a target, and what was conceded."""

    target = RowField(label=_("Target"), queryset=None)
    to_status = forms.ChoiceField(label=_("New status"), choices=[("", "—"), *Status.choices])
    extends = forms.BooleanField(
        label=_("Extension: the same status under new terms, or for longer"), required=False
    )
    effective_on = TypedDateField(label=_("Since"))
    effective_precision = PrecisionField()
    summary = forms.CharField(
        label=_("What happened"),
        widget=long_text(2),
        help_text=_("One or two sentences. They are published and mailed."),
    )
    kind = forms.ChoiceField(
        label=_("Kind of outcome"), required=False, choices=[("", "—"), *Outcome.Kind.choices]
    )
    terms = forms.CharField(
        label=_("Terms"), required=False, widget=long_text(3), help_text=_("What was conceded.")
    )
    exemptions = forms.CharField(
        label=_("Exemptions"),
        required=False,
        widget=long_text(2),
        help_text=_("Who or what is not covered: one a line."),
    )
    condition = forms.CharField(label=_("Condition"), required=False, max_length=300, widget=wide())
    condition_bill = RowField(label=_("Bill it waits for"), required=False, queryset=None)
    expires_on = TypedDateField(label=_("Expires on"), required=False)
    expires_precision = PrecisionField()
    review_on = TypedDayField(label=_("Review on"), required=False)
    quote = _quote()
    is_silent = forms.BooleanField(
        label=_("Silent: alert nobody, for filling in history"), required=False
    )

    relations = {
        "target": StatusChange._meta.get_field("target"),
        "condition_bill": Outcome._meta.get_field("condition_bill"),
    }

    def exempted(self) -> tuple[str, ...]:
        """Return who is exempt. For a valid form."""
        lines = map(str.strip, self.cleaned_data["exemptions"].splitlines())
        return tuple(filter(None, lines))
