"""Pages about the service, and addresses for machines."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns.statuses import MEANINGS


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the statuses mean, how we know, and how we correct ourselves."""
    return render(request, "website/about.html", {"meanings": MEANINGS})


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the web process answers; reads no database."""
    return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Keep search engines out of what is not for reading."""
    rules = ["User-agent: *"]
    rules += [
        f"Disallow: {address}"
        for address in (
            reverse("admin:index"),
            reverse("website:subscribe"),
            "/unsubscribe/",
            "/manage/",
            "/evidence/",
        )
    ]
    return HttpResponse("\n".join([*rules, ""]), content_type="text/plain")
