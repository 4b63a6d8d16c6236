"""Tokens in the admin: issued, looked at, revoked; never edited."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.widgets import (
    AdminSplitDateTime,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_variables

from api.models import Token
from api.querysets import TokenQuerySet
from api.services import NameTaken, issue_token, revoke_token
from campaigns.admin.creating import offer_creation


class TokenForm(forms.ModelForm[Token]):
    """What is asked for when a token is issued."""

    expires_at = forms.SplitDateTimeField(
        label=gettext_lazy("Expires at"),
        help_text=gettext_lazy("Empty: it does not expire."),
        widget=AdminSplitDateTime(),
        required=False,
    )
    fieldsets: ClassVar[Any] = [
        (
            None,
            {
                "fields": [
                    "name",
                    "owner",
                    "expires_at",
                    "requests_per_minute",
                    "sources",
                    "manages_webhooks",
                ]
            },
        )
    ]

    class Meta:
        model = Token
        fields = [
            "name",
            "owner",
            "expires_at",
            "requests_per_minute",
            "sources",
            "manages_webhooks",
        ]
        widgets = {
            "owner": AutocompleteSelect(Token._meta.get_field("owner"), admin.site),
            "sources": AutocompleteSelectMultiple(Token._meta.get_field("sources"), admin.site),
        }

    def clean_expires_at(self) -> dt.datetime | None:
        moment: dt.datetime | None = self.cleaned_data["expires_at"]
        if moment is not None and moment <= timezone.now():
            raise forms.ValidationError(_("This is over already."))
        return moment


class OwnTokenForm(TokenForm):
    """The same for people who issue tokens to themselves only, at the usual limit."""

    fieldsets: ClassVar[Any] = [(None, {"fields": ["name", "expires_at", "manages_webhooks"]})]

    class Meta(TokenForm.Meta):
        fields = ["name", "expires_at", "manages_webhooks"]


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin[Token]):
    """Staff issue, see and revoke their own tokens, superusers everybody's.

    Being staff is enough: a token opens nothing that is not public, but for the webhooks of its
    owner. Only superusers say for which
    sources its bearer may bring texts.
    """

    list_display = [
        "name",
        "shown_prefix",
        "owner",
        "created_at",
        "last_used_at",
        "expires_at",
        "revoked_at",
    ]
    list_select_related = ["owner"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter), "expires_at"]
    search_fields = ["name", "prefix", "owner__username"]
    fields = [
        "name",
        "shown_prefix",
        "owner",
        "requests_per_minute",
        "sources",
        "manages_webhooks",
        "created_at",
        "last_used_at",
        "expires_at",
        "revoked_at",
    ]
    readonly_fields = ["shown_prefix"]
    actions = ["revoke"]

    @admin.display(description=gettext_lazy("begins with"), ordering="prefix")
    def shown_prefix(self, token: Token) -> str:
        return f"{token.prefix}…"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Token]:
        found = cast(TokenQuerySet, super().get_queryset(request))
        user = cast(User, request.user)
        return found if user.is_superuser else found.owned_by(user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_staff(request)

    def has_view_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        return _is_staff(request) and (obj is None or _answers_for(request, obj))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_staff(request)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return _is_staff(request)

    def has_change_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        # Revoking leaves a trace; deleting is for people who leave, whose tokens go with them.
        return _is_staff(request) and cast(User, request.user).is_superuser

    @admin.action(
        permissions=["revoke"],
        description=gettext_lazy("Revoke: refuse these tokens from now on"),
    )
    def revoke(self, request: HttpRequest, tokens: QuerySet[Token]) -> None:
        now = timezone.now()
        revoked = [token for token in tokens if revoke_token(token=token, now=now)]
        for token in revoked:
            self.log_change(request, token, _("Revoked."))
        said = ngettext("%d token was revoked.", "%d tokens were revoked.", len(revoked))
        self.message_user(request, said % len(revoked), messages.SUCCESS)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Issue a token. The answer to the form shows the secret, once; nothing else ever does."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = _form(request)
        if request.method == "POST" and form.is_valid():
            answer = self._issue(request, form)
            if answer is not None:
                return answer
        offer_creation(form, request)
        # AdminForm lays out any form.
        admin_form = helpers.AdminForm(cast(Any, form), form.fieldsets, {}, model_admin=self)
        return self._page(request, "issue", adminform=admin_form, form=form)

    @sensitive_variables("secret")
    def _issue(self, request: HttpRequest, form: TokenForm) -> HttpResponse | None:
        wanted = {"owner": request.user, **form.cleaned_data}
        try:
            token, secret = issue_token(**wanted, now=timezone.now())
        except NameTaken as error:
            form.add_error("name", str(error))
            return None
        self.log_addition(request, token, _("Issued."))
        return self._page(request, "issued", token=token, secret=secret)

    def _page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        context |= {
            **self.admin_site.each_context(request),
            "title": _("Issue an API token"),
            "opts": self.opts,
            "media": self.media,
        }
        if "form" in context:
            context["media"] += context["form"].media
        return TemplateResponse(request, f"admin/api/token/{name}.html", context)


def _form(request: HttpRequest) -> TokenForm:
    given = request.POST if request.method == "POST" else None
    if cast(User, request.user).is_superuser:
        return TokenForm(given, initial={"owner": request.user.pk})
    return OwnTokenForm(given)


def _is_staff(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_staff


def _answers_for(request: HttpRequest, token: Token) -> bool:
    user = cast(User, request.user)
    return user.is_superuser or token.owner_id == user.pk
