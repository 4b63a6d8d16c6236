"""How these pages look: like the login of the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode


def show(
    request: HttpRequest, name: str, title: Any, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page of this app inside the frame of the admin."""
    frame = {
        **admin.site.each_context(request),
        "title": title,
        "subtitle": None,
        "is_nav_sidebar_enabled": False,
    }
    return render(request, f"accounts/{name}.html", frame | context, status=status)


def next_address(request: HttpRequest) -> str:
    """Return where somebody wanted to go, if that is a page of ours; else nothing."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else ""


def go(name: str, wanted: str = "") -> HttpResponseRedirect:
    """Redirect to a page by its name, which leads on to where somebody wanted to go."""
    query = f"?{urlencode({'next': wanted})}" if wanted else ""
    return HttpResponseRedirect(reverse(name) + query)
