"""What polling kept: to be read, and to be taken away only with a reason."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.models import Citation
from companies.workbench import Workbench
from sources.models import Snapshot
from sources.services import remove_snapshot

_FACTS: list[Any] = [
    "source",
    "taken_at",
    "final_url",
    "content_type",
    "body_hash",
    "text_hash",
    "language",
    "published_on",
    "modified_on",
    "archived_url",
]
_REMOVAL: list[Any] = ["removed_at", "removed_by", "removal_reason"]


class RemovalForm(forms.Form):
    """Why the content goes; whitespace is no reason."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=_("It is kept for ever, with your name."),
    )


@admin.register(Snapshot)
class SnapshotAdmin(Workbench):
    """Read snapshots; who may delete them may remove what they hold, never the rows."""

    list_display = ["source", "title", "taken_at", "kind", "body_hash", "removed_at"]
    list_filter = ["kind", ("removed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["source"]
    search_fields = ["source__name", "url", "title", "=body_hash"]
    date_hierarchy = "taken_at"
    actions = None
    readonly_fields = ["removal"]
    fieldsets = [
        (None, {"fields": _FACTS}),
        (_("What it says"), {"fields": ["title", "text"]}),
        (_("Removal"), {"fields": [*_REMOVAL, "removal"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Snapshot | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Snapshot | None = None) -> bool:
        """Let whoever may remove a content see it."""
        return super().has_view_permission(request, obj) or self.may_remove(request)

    def has_delete_permission(self, request: HttpRequest, obj: Snapshot | None = None) -> bool:
        """Keep the rows: only their content can be removed."""
        return False

    def may_remove(self, request: HttpRequest) -> bool:
        """Tell whether the user was given the right to delete snapshots."""
        user = cast(User, request.user)
        return user.is_active and user.has_perm("sources.delete_snapshot")

    def get_fieldsets(self, request: HttpRequest, obj: Snapshot | None = None) -> Any:
        """Leave the way to the removal out for those who cannot go it."""
        shown = super().get_fieldsets(request, obj)
        if self.may_remove(request) and obj is not None and obj.removed_at is None:
            return shown
        return [*shown[:-1], (_("Removal"), {"fields": _REMOVAL})]

    @admin.display(description=_("content"))
    def removal(self, snapshot: Snapshot) -> SafeString:
        """Link to the page on which the content is removed."""
        address = reverse("admin:sources_snapshot_remove", args=[snapshot.pk])
        return format_html('<a href="{}">{}</a>', address, _("Remove the content …"))

    def get_urls(self) -> list[URLPattern]:
        remove = path(
            "<path:object_id>/remove/",
            self.admin_site.admin_view(self.remove_view),
            name="sources_snapshot_remove",
        )
        return [remove, *super().get_urls()]

    def remove_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for a reason; a POST with one removes the content of all snapshots of these bytes."""
        if not self.may_remove(request):
            raise PermissionDenied
        snapshot = self.get_object(request, unquote(object_id))
        if snapshot is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        back = HttpResponseRedirect(reverse("admin:sources_snapshot_change", args=[snapshot.pk]))
        if snapshot.removed_at is not None:
            self.message_user(request, _("The content is removed already."), messages.WARNING)
            return back
        form = RemovalForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            self._remove(request, snapshot, form.cleaned_data["reason"])
            return back
        same = Snapshot.objects.filter(body_hash=snapshot.body_hash, removed_at=None)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Remove the content of a snapshot"),
            "opts": self.opts,
            "snapshot": snapshot,
            "form": form,
            "same_count": same.count(),
            "citations_count": Citation.objects.filter(snapshot_hash=snapshot.body_hash).count(),
        }
        return TemplateResponse(request, "admin/sources/snapshot/remove.html", context)

    def _remove(self, request: HttpRequest, snapshot: Snapshot, reason: str) -> None:
        count = remove_snapshot(
            snapshot=snapshot, editor=cast(User, request.user), reason=reason, now=timezone.now()
        )
        said = ngettext(
            "The content of %d snapshot is removed.",
            "The content of %d snapshots is removed.",
            count,
        )
        self.message_user(request, said % count, messages.SUCCESS)
