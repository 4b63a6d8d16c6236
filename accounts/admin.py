"""Invitations and second factors in the admin."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.access import managed_by
from accounts.forms import InvitationForm
from accounts.models import Invitation, SecondFactor
from accounts.services import invite, remove_second_factor, resend_invitation, revoke_invitation
from accounts.tasks import wake_sender
from campaigns.models import Role
from companies.access import sees_all
from companies.list_filters import VisibleRelatedFilter
from companies.workbench import Workbench

# The library shows secrets, and lets them be edited.
admin.site.unregister([TOTPDevice, StaticDevice])


@admin.register(Invitation)
class InvitationAdmin(Workbench):
    """Managers invite, send again and withdraw, for their own organizations; nothing is edited."""

    form = InvitationForm
    list_display = [
        *("email", "organization", "role", "state_now"),
        *("invited_by", "sent_at", "expires_at"),
    ]
    list_filter = ["role", ("organization", VisibleRelatedFilter)]
    list_select_related = ["organization", "invited_by"]
    search_fields = ["email", "organization__name"]
    fields = ["email", "organization", "role"]
    actions = ["resend", "revoke"]

    @admin.display(description=_("state"))
    def state_now(self, invitation: Invitation) -> str:
        return str(invitation.state(timezone.now()).label)

    def has_manage_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether somebody may send an invitation again, or withdraw it."""
        return super().has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = ["state_now", "invited_by", "created_at", "sent_at", "last_error", "expires_at"]
        return [*self.fields, *shown, "accepted_by", "accepted_at"] if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj else []

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """Managers choose among the few organizations that they manage."""
        return ["organization"] if sees_all(request.user) else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "organization":
            kwargs["queryset"] = managed_by(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by, role = cast(User, request.user), Role(obj.role)
        obj.pk = invite(
            organization=obj.organization, email=obj.email, role=role, by=by, now=timezone.now()
        ).pk
        transaction.on_commit(wake_sender)

    @admin.action(permissions=["manage"], description=_("Send again, with a new link"))
    def resend(self, request: HttpRequest, invitations: QuerySet[Invitation]) -> None:
        by, now = cast(User, request.user), timezone.now()
        sent = [row for row in invitations if resend_invitation(invitation=row, by=by, now=now)]
        wake_sender()
        said = ngettext("%d invitation is sent again.", "%d invitations are sent again.", len(sent))
        self._tell(request, sent, said, str(_("Sent again.")))

    @admin.action(permissions=["manage"], description=_("Withdraw: the link leads nowhere"))
    def revoke(self, request: HttpRequest, invitations: QuerySet[Invitation]) -> None:
        now = timezone.now()
        revoked = [row for row in invitations if revoke_invitation(invitation=row, now=now)]
        said = ngettext(
            "%d invitation was withdrawn.", "%d invitations were withdrawn.", len(revoked)
        )
        self._tell(request, revoked, said, str(_("Withdrawn.")))

    def _tell(self, request: HttpRequest, done: list[Invitation], said: str, noted: str) -> None:
        for row in done:
            self.log_change(request, row, noted)
        self.message_user(request, said % len(done), messages.SUCCESS)


@admin.register(SecondFactor)
class SecondFactorAdmin(admin.ModelAdmin[SecondFactor]):
    """Who has one. To delete it lets a person who lost the device sign in and set up another."""

    list_display = ["user", "created_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__email"]
    fields = ["user", "created_at", "last_used_at"]
    readonly_fields = ["user", "created_at", "last_used_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only superusers take the second factor from a superuser."""
        is_above = obj is not None and obj.user.is_superuser and not _is_superuser(request)
        return not is_above and super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: SecondFactor) -> None:
        remove_second_factor(user=obj.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SecondFactor]) -> None:
        for row in queryset.select_related("user"):
            remove_second_factor(user=row.user)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
