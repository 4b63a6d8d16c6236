"""“Try it”: what a source says now, by the form as it stands, before anything is saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from sources.extraction import Feed, Page
from sources.extraction.bills import BillReading
from sources.extraction.json_document import Rows, Value
from sources.extraction.json_rules import RowsRules, from_mapping
from sources.models import Source
from sources.reading import Reading
from sources.services import HostBusy, Trial, try_source

if TYPE_CHECKING:
    SourceModelAdmin = ModelAdmin[Source]
else:
    SourceModelAdmin = ModelAdmin

TEXT_SHOWN = 20_000
"""Characters."""
ITEMS_SHOWN = 200
"""Sentences, entries, rows or actions."""

# A source can be tried before it is named.
_NOT_NEEDED = ("name", "slug", "interval_minutes")


def try_view(
    model_admin: SourceModelAdmin, request: HttpRequest, source_id: int | None = None
) -> HttpResponse:
    """Show what the source would bring; nothing of the form is saved."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    source = get_object_or_404(Source, pk=source_id) if source_id is not None else None
    if source is None and not model_admin.has_add_permission(request):
        raise PermissionDenied
    if source is not None and not model_admin.has_change_permission(request, source):
        raise PermissionDenied
    form = model_admin.get_form(request, source, change=source is not None)(
        request.POST, instance=source
    )
    for name in _NOT_NEEDED:
        form.fields[name].required = False
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("What this source says now"),
        "opts": model_admin.opts,
    }
    if form.is_valid():
        context |= _tried(form.instance)
    else:
        context["errors"] = list(_errors(form))
    return TemplateResponse(request, "admin/sources/source/try.html", context)


def _tried(source: Source) -> dict[str, Any]:
    try:
        trial = try_source(source=source, now=timezone.now())
    except HostBusy as error:
        return {"source": source, "busy": str(error)}
    content_type = trial.visited.headers.get("Content-Type", "")
    shown = _shown(trial, source)
    return {"source": source, "trial": trial, "content_type": content_type, **shown}


def _errors(form: BaseForm) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with each field, by its label."""
    for name, messages in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        for message in messages:
            yield str(label or ""), str(message)


def _shown(trial: Trial, source: Source) -> Mapping[str, Any]:
    """Return what the page shows of a reading, under the name of its kind."""
    reading = trial.reading
    if isinstance(reading, Page):
        return {
            "page": reading,
            "text": reading.text[:TEXT_SHOWN],
            "is_text_cut": len(reading.text) > TEXT_SHOWN,
            **_some(trial.sentences),
        }
    if isinstance(reading, Feed):
        # The title, which is shown by itself, begins the text of most entries.
        entries = [
            (entry, entry.text.removeprefix(entry.title).strip())
            for entry in reading.entries[:ITEMS_SHOWN]
        ]
        return {"feed": reading, "items": entries, "items_count": len(reading.entries)}
    if isinstance(reading, BillReading):
        return {"bill": reading, **_some(reading.actions[::-1])}
    return _shown_json(reading, source)


def _shown_json(reading: Reading | None, source: Source) -> Mapping[str, Any]:
    if isinstance(reading, Value):
        return {"value": reading}
    rules = from_mapping(source.rules) if isinstance(reading, Rows) else None
    if not isinstance(reading, Rows) or not isinstance(rules, RowsRules):
        return {}
    rows = [
        (key, [(name, value) for name, value in sorted(fields.items()) if rules.counts(name)])
        for key, fields in sorted(reading.rows.items())[:ITEMS_SHOWN]
    ]
    return {"rows": reading, "items": rows, "items_count": len(reading.rows)}


def _some(items: tuple[Any, ...]) -> dict[str, Any]:
    return {"items": items[:ITEMS_SHOWN], "items_count": len(items)}
