"""The timeline of a campaign or target: a page beside its form."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.admin.searching import Searched
from campaigns.formats import format_on
from campaigns.services import KINDS, PAGE_SIZE, TimelineEntry, read_timeline

KIND_LABELS = {
    "action": _("Actions"),
    "response": _("Responses"),
    "change": _("Status changes"),
    "expiry": _("Expiry days"),
    "review": _("Review days"),
    "position": _("Positions on bills"),
}
_SINGULAR = {
    "action": _("Action"),
    "response": _("Response"),
    "change": _("Status change"),
    "expiry": _("Expires"),
    "review": _("Due for review"),
    "position": _("Position"),
}


class WithTimeline(Searched):
    """A page of the admin for what has a timeline: campaigns and targets."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.timeline_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_timeline"
        return [path("<path:object_id>/timeline/", view, name=name), *super().get_urls()]

    def get_list_display(self, request: HttpRequest) -> Any:
        return [*super().get_list_display(request), "timeline"]

    @admin.display(description=_("timeline"))
    def timeline(self, row: Any) -> str:
        return format_html('<a href="{}">{}</a>', self.timeline_address(row), _("Timeline"))

    def timeline_address(self, row: Any) -> str:
        """Return where the timeline of a campaign or target is."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_timeline"
        return reverse(name, args=[row.pk])

    def tools(self, row: Any) -> list[tuple[str, Any]]:
        """Offer the timeline beside the form."""
        return [*super().tools(row), (self.timeline_address(row), _("Timeline"))]

    def timeline_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show all kinds of entries by date; ``?kind=`` (repeated) narrows, ``?page=`` pages."""
        subject = self.get_object(request, object_id)
        if subject is None:
            raise Http404
        if not self.has_view_permission(request, subject):
            raise PermissionDenied
        kinds = [kind for kind in request.GET.getlist("kind") if kind in KINDS]
        asked = request.GET.get("page", "1")
        number = int(asked) if asked.isdecimal() and 0 < len(asked) < 7 else 1
        page = read_timeline(subject=subject, kinds=kinds or KINDS, page=max(number, 1))
        links = _pages(kinds, max(number, 1), ceil(page.count / PAGE_SIZE))
        context = {
            **self.admin_site.each_context(request),
            **self.notes_context(request, subject),
            "title": gettext("Timeline: %(subject)s") % {"subject": subject},
            "opts": self.opts,
            "subject": subject,
            "count": page.count,
            "entries": [_shown(entry) for entry in page.entries],
            "kinds": [(kind, label, kind in kinds) for kind, label in KIND_LABELS.items()],
            "links": links,
        }
        return TemplateResponse(request, "admin/campaigns/timeline/page.html", context)


def _pages(kinds: Sequence[str], number: int, last: int) -> list[tuple[str, Any]]:
    """Return the addresses of the page before and of the page after, with their names."""
    steps = [(number - 1, _("Later")), (number + 1, _("Earlier"))]
    return [
        ("?" + urlencode({"kind": kinds, "page": page}, doseq=True), label)
        for page, label in steps
        if 1 <= page <= last
    ]


def _shown(entry: TimelineEntry) -> dict[str, Any]:
    """Return an entry as the page shows it."""
    row = entry.row
    address = f"admin:campaigns_{row._meta.model_name}"
    later = getattr(row, "corrected_by", None) if entry.kind == "change" else None
    return {
        "entry": entry,
        "anchor": f"{entry.kind}-{row.pk}",
        "day": format_on(entry.day, entry.precision),
        "kind": row.get_kind_display() if entry.kind == "change" else _SINGULAR[entry.kind],
        "title": _title(entry),
        "text": _text(entry),
        "form": reverse(f"{address}_change", args=[row.pk]),
        "history": reverse(f"{address}_history", args=[row.pk]),
        "replaced_by": later,
        "replacement": later and reverse(f"{address}_change", args=[later.pk]),
    }


def _title(entry: TimelineEntry) -> str:
    row = entry.row
    if entry.kind == "action":
        return f"{row.title} ({row.get_kind_display()})"
    if entry.kind == "response":
        return f"{row.target.pressed}: {row.get_kind_display()}"
    if entry.kind in ("expiry", "review"):
        return f"{row.target.pressed}: {row.get_kind_display()}"
    return str(row)


def _text(entry: TimelineEntry) -> str:
    names = {"action": "description", "expiry": "terms", "review": "terms"}
    return str(getattr(entry.row, names.get(entry.kind, "summary")))
