"""Sentences that we cite and that their pages do not say any more, until somebody dealt with it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from companies.workbench import Workbench
from sources.models import LostQuote
from sources.services import settle_quotes

_SHOWN: list[Any] = [
    "full_quote",
    "document",
    "snapshot",
    "lost_at",
    "returned_at",
    "seen_at",
    "seen_by",
]
_OPEN, _DEALT_WITH, _ALL = "open", "dealt_with", "all"


class AttentionFilter(admin.SimpleListFilter):
    """Whether anybody dealt with it: what is open is shown unless told otherwise."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(_OPEN, _("open")), (_DEALT_WITH, _("dealt with")), (_ALL, _("all"))]

    def value(self) -> str:
        return super().value() or _OPEN

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Yield the choices without the one that Django puts first for no choice."""
        return islice(super().choices(changelist), 1, None)

    def queryset(self, request: HttpRequest, queryset: QuerySet[LostQuote]) -> QuerySet[LostQuote]:
        if self.value() == _ALL:
            return queryset
        return queryset.filter(seen_at__isnull=self.value() != _DEALT_WITH)


@admin.register(LostQuote)
class LostQuoteAdmin(Workbench):
    """The list of lost quotes; rows are written by polling, and only dealt with by people."""

    goes_along = True

    list_display = ["quote", "document", "snapshot", "lost_at", "returned_at", "seen_at", "seen_by"]
    list_filter = [AttentionFilter, ("returned_at", admin.EmptyFieldListFilter)]
    list_select_related = ["citation__document", "snapshot__source", "seen_by"]
    search_fields = ["citation__quote", "citation__document__title", "snapshot__source__name"]
    actions = ["deal_with"]
    fields = _SHOWN
    readonly_fields = _SHOWN

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: LostQuote | None = None) -> bool:
        """Let the list be worked on, but no row be edited."""
        return obj is None and super().has_change_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: LostQuote | None = None) -> bool:
        """Show a row to those who may work on the list."""
        return super().has_view_permission(request) or super().has_change_permission(request)

    def has_settle_permission(self, request: HttpRequest, obj: LostQuote | None = None) -> bool:
        """Whether the person may mark a row as dealt with."""
        return self.may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: LostQuote | None = None) -> bool:
        return False

    @admin.display(description=_("quote"))
    def quote(self, lost: LostQuote) -> str:
        """Return the beginning of what is cited."""
        return Truncator(lost.citation.quote).chars(160)

    @admin.display(description=_("quote"))
    def full_quote(self, lost: LostQuote) -> str:
        """Return what is cited."""
        return lost.citation.quote

    @admin.display(description=_("document"), ordering="citation__document__title")
    def document(self, lost: LostQuote) -> SafeString:
        """Link to the document that is quoted."""
        document = lost.citation.document
        address = reverse("admin:campaigns_document_change", args=[document.pk])
        return format_html('<a href="{}">{}</a>', address, document)

    @admin.display(description=_("gone since"), ordering="snapshot__taken_at")
    def lost_at(self, lost: LostQuote) -> Any:
        """Return when the page was first seen without it."""
        return lost.snapshot.taken_at

    @admin.action(description=_("Mark as dealt with"), permissions=["settle"])
    def deal_with(self, request: HttpRequest, queryset: QuerySet[LostQuote]) -> None:
        """Note who dealt with the quotes, and when; what somebody dealt with before stays his."""
        count = settle_quotes(
            quote_ids=list(queryset.values_list("pk", flat=True)),
            editor=cast(User, request.user),
            now=timezone.now(),
        )
        said = ngettext("%d quote is dealt with.", "%d quotes are dealt with.", count)
        self.message_user(request, said % count, messages.SUCCESS)
