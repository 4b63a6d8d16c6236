"""Who works for which organization, in which role."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from campaigns.models import Membership
from companies.list_filters import VisibleRelatedFilter
from companies.workbench import Workbench


@admin.register(Membership)
class MembershipAdmin(Workbench):
    """Members see their colleagues; managers change the roles of others, and part with them.

    Nobody changes or removes themselves, so that an organization never loses its last manager by
    a slip. People join by invitation; stewards can also add them here.
    """

    list_display = ["user", "organization", "role", "created_at"]
    list_filter = ["role", ("organization", VisibleRelatedFilter)]
    list_select_related = ["user", "organization"]
    search_fields = ["user__username", "organization__name"]
    autocomplete_fields = ["user", "organization"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["user", "organization"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_own(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_own(request, obj) and super().has_delete_permission(request, obj)


def _is_own(request: HttpRequest, membership: Membership | None) -> bool:
    is_own = membership is not None and membership.user_id == request.user.pk
    return is_own and not request.user.is_superuser
