"""The page that shows which sources and rules bring findings that are no news."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from campaigns.statuses import Status
from sources.grounds import in_words
from sources.models import Finding, Source
from sources.services import Noise, noise_of_rules, noise_of_sources


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: counts, and the addresses of the lists behind them.

    ``address`` is of what the line is about, "" if there is no page of it for this person.
    """

    noise: Noise
    name: str
    address: str
    states: tuple[tuple[str, int, str], ...]
    categories: tuple[tuple[Any, int, str], ...]


def noise_view(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Show what became of the findings that the person may see, by source and by rule."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    # Without what the list shows beside each: only counts are read.
    findings = model_admin.get_queryset(request).select_related(None)
    noises = noise_of_sources(findings)
    sources = admin.site.get_model_admin(Source).get_queryset(request)
    seen = set(sources.filter(pk__in=[noise.key for noise in noises]).values_list("pk", flat=True))
    by_source = [
        _line(
            "snapshot__source__id__exact",
            noise,
            reverse("admin:sources_source_change", args=[noise.key]) if noise.key in seen else "",
        )
        for noise in noises
    ]
    by_rule = [_line("rule", noise) for noise in noise_of_rules(findings)]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Noise"),
        "opts": Finding._meta,
        "heads": [
            *(_("Dismissed"), _("Accepted"), _("Linked"), _("Pending")),
            *(_("Share of the reviewed that was dismissed"), _("Dismissed as")),
        ],
        "tables": [
            (_("By source"), _("Source"), by_source),
            (_("By rule"), _("Phrase and what it was taken for"), by_rule),
        ],
    }
    return TemplateResponse(request, "admin/sources/finding/noise.html", context)


def _line(lookup: str, noise: Noise, address: str = "") -> Line:
    to = _leading_to(lookup, noise.key)
    return Line(
        noise=noise,
        name=in_words(noise.name, {status.value: str(status.label) for status in Status})
        or _("judged by words, not by a phrase; or told by a bill or a value"),
        address=address,
        states=(
            (_("Dismissed"), noise.dismissed, to(state="dismissed")),
            (_("Accepted"), noise.accepted, to(state="accepted")),
            (_("Linked"), noise.linked, to(state="linked")),
            # Those that were put off wait as well.
            (_("Pending"), noise.pending, to(state="all", review__isnull="True")),
        ),
        categories=tuple(
            (category.label, count, to(state="dismissed", review__category=category.value))
            for category, count in noise.by_category
        ),
    )


def _leading_to(lookup: str, key: int | str) -> Callable[..., str]:
    address = reverse("admin:sources_finding_changelist")
    return lambda **more: f"{address}?{urlencode({lookup: key} | more)}"
