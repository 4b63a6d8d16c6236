"""What is asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import BaseUserCreationForm, UsernameField
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation
from accounts.services import is_member

_LONGEST_CODE = 40


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=_LONGEST_CODE,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )


class PasswordMailForm(forms.Form):
    """The address of an account."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class InvitationForm(forms.ModelForm[Invitation]):
    """Who is invited, to what, as what."""

    class Meta:
        model = Invitation
        fields = ["email", "organization", "role"]

    def validate_constraints(self) -> None:
        """Let an address be invited again: that renews the invitation which is open."""

    def clean(self) -> dict[str, Any]:
        """Refuse who is a member already."""
        given: dict[str, Any] = super().clean() or {}
        organization, email = given.get("organization"), given.get("email")
        if organization and email and is_member(organization=organization, email=email):
            self.add_error("email", _("Whoever has this address is a member already."))
        return given


class JoinForm(BaseUserCreationForm[User]):
    """A name and a password for a new account."""

    class Meta:
        model = User
        fields = ["username"]
        field_classes = {"username": UsernameField}

    def __init__(self, *arguments: Any, email: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # Looked at by the validators: a password is not to be like the address.
        self.instance.email = email
        self.fields[
            "password1"
        ].help_text = password_validation.password_validators_help_text_html()

    def clean_username(self) -> str:
        """Refuse a name that differs from another by its capitals only."""
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(_("Somebody has this name already."))
        return username
