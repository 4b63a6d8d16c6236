"""The switch that stops all alerts."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alerts.models import Pause
from alerts.services import is_paused, pause_alerts, resume_alerts


@admin.register(Pause)
class PauseAdmin(admin.ModelAdmin[Pause]):
    """Who adds a pause stops all alerts; an action lets them go on."""

    list_display = ["reason", "began_at", "began_by", "ended_at"]
    list_select_related = ["began_by"]
    fields = ["reason", "began_at", "began_by", "ended_at"]
    readonly_fields = ["began_at", "began_by", "ended_at"]
    actions = ["resume"]

    def get_fields(self, request: HttpRequest, obj: Pause | None = None) -> Any:
        return super().get_fields(request, obj) if obj else ["reason"]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the form, unless alerts are paused already."""
        if not is_paused():
            return super().add_view(request, form_url, extra_context)
        self.message_user(request, _("All alerts are paused already."), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:alerts_pause_changelist"))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_resume_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may end a pause: who may change one."""
        return isinstance(request.user, User) and request.user.has_perm("alerts.change_pause")

    def save_model(self, request: HttpRequest, obj: Pause, form: Any, change: bool) -> None:
        by = cast(User, request.user)
        pause = pause_alerts(reason=obj.reason, now=timezone.now(), by=by)
        obj.pk, obj.began_at, obj.began_by = pause.pk, pause.began_at, pause.began_by

    @admin.action(permissions=["resume"], description=_("Resume: send alerts again"))
    def resume(self, request: HttpRequest, pauses: QuerySet[Pause]) -> None:
        resume_alerts(now=timezone.now())
        self.message_user(
            request, _("Alerts are sent again; what waited goes out first."), messages.SUCCESS
        )
