"""What visitors may send us."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ScopeForm(forms.Form):
    """What a visitor wants to be told of: a campaign, a company, or everything."""

    campaign = forms.SlugField(required=False)
    company = forms.SlugField(required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse two scopes at once.

        Raises:
            ValidationError: both a campaign and a company are named.
        """
        if self.cleaned_data.get("campaign") and self.cleaned_data.get("company"):
            raise forms.ValidationError(_("Choose a campaign or a company, one at a time."))
        return self.cleaned_data


class SubscribeForm(forms.Form):
    """An address to be told at."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("We send one message to confirm it, and use it for nothing but these alerts."),
    )
