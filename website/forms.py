"""What visitors may send us."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alerts.cadences import Cadence
from alerts.models import Subscriber, Subscription
from alerts.services import Estimate
from alerts.services.matching import wants_warnings
from website.zones import UTC, zone_choices


def _cadence(value: str) -> Cadence:
    return Cadence(int(value))


class ScopeForm(forms.Form):
    """What a visitor wants to be told of: one thing, or everything."""

    campaign = forms.SlugField(required=False)
    company = forms.SlugField(required=False)
    organization = forms.SlugField(required=False)
    topic = forms.SlugField(required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse two scopes at once.

        Raises:
            ValidationError: more than one thing is named.
        """
        if sum(bool(slug) for slug in self.cleaned_data.values()) > 1:
            raise forms.ValidationError(_("Choose one thing at a time."))
        return self.cleaned_data


class SubscribeForm(forms.Form):
    """An address to be told at, and how often.

    Args:
        estimate: what each choice would have brought, to be written beside it.
        has_subsidiaries: whether to ask if these are wanted.
        has_warnings: whether to ask if expiries are to be warned of.
    """

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("We send one message to confirm it, and use it for nothing but these alerts."),
    )
    cadence = forms.TypedChoiceField(
        label=_("How often"),
        coerce=_cadence,
        required=False,
        initial=Cadence.AT_ONCE,
        widget=forms.RadioSelect,
    )
    includes_subsidiaries = forms.BooleanField(
        label=_("Also changes of its subsidiaries"), required=False, initial=True
    )
    warns_of_expiry = forms.BooleanField(required=False, initial=True)
    time_zone = forms.ChoiceField(
        label=_("Your time zone"),
        choices=zone_choices,
        required=False,
        initial=UTC,
        help_text=_("Mails once a day or once a week come at 8 o'clock there."),
    )

    def __init__(
        self,
        *args: Any,
        estimate: Estimate,
        has_subsidiaries: bool,
        has_warnings: bool,
        **keywords: Any,
    ) -> None:
        super().__init__(*args, **keywords)
        self._typed("cadence").choices = [
            (cadence.value, _with_mails(str(cadence.label), estimate.mails_count(cadence)))
            for cadence in Cadence
        ]
        self.fields["warns_of_expiry"].label = _with_warnings(estimate.warnings_count)
        if not has_subsidiaries:
            del self.fields["includes_subsidiaries"]
        if not has_warnings:
            del self.fields["warns_of_expiry"]

    def _typed(self, name: str) -> forms.TypedChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.TypedChoiceField)
        return field

    def clean_cadence(self) -> Cadence:
        """Return the cadence; at once where none was chosen."""
        return self.cleaned_data["cadence"] or Cadence.AT_ONCE

    def clean_time_zone(self) -> str:
        """Return the zone; UTC where none was chosen."""
        return self.cleaned_data["time_zone"] or UTC


def _with_mails(cadence: str, count: int) -> str:
    pattern = ngettext(
        "%(cadence)s: %(count)d mail in the last 12 months",
        "%(cadence)s: %(count)d mails in the last 12 months",
        count,
    )
    return pattern % {"cadence": capfirst(cadence), "count": count}


def _with_warnings(count: int) -> str:
    pattern = ngettext(
        "Also warn me 30 and 7 days before an outcome lapses (%d mail in the last 12 months)",
        "Also warn me 30 and 7 days before an outcome lapses (%d mails in the last 12 months)",
        count,
    )
    return pattern % count


class CadenceForm(forms.Form):
    """How often a subscription that there is tells, and whether it warns."""

    cadence = forms.TypedChoiceField(label=_("How often"), coerce=_cadence, choices=Cadence.choices)
    warns_of_expiry = forms.BooleanField(label=_("Warn of expiries"), required=False)

    @classmethod
    def of(cls, subscription: Subscription) -> CadenceForm:
        """Return the form with what the subscription says now."""
        said = {
            "cadence": subscription.cadence,
            "warns_of_expiry": subscription.warns_of_expiry,
        }
        form = cls(initial=said, auto_id=f"id_{subscription.pk}_%s")
        if not wants_warnings(subscription):
            del form.fields["warns_of_expiry"]
        return form


class SettingsForm(forms.Form):
    """Where a subscriber's days begin, and in which language to write."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)

    @classmethod
    def of(cls, subscriber: Subscriber) -> SettingsForm:
        """Return the form with what is on record."""
        said = {"time_zone": subscriber.time_zone, "language": subscriber.language}
        return cls(initial=said)


class PauseForm(forms.Form):
    """Until which day nothing is to be sent."""

    until = forms.DateField(
        label=_("Send nothing until"), widget=forms.DateInput(attrs={"type": "date"})
    )
