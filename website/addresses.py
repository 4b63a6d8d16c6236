"""Addresses by slug: one that a record went by before answers with the way to the present one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from companies.models import row_of_old_slug

M = TypeVar("M", bound=Model)
View = Callable[..., HttpResponseBase]


class Moved(Exception):
    """The record at an address goes by another slug now."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def row_at(rows: QuerySet[M], slug: str) -> M:
    """Return that of the rows which a slug names.

    Raises:
        Moved: one of them went by it; for views under :func:`follows_moves`.
        Http404: none ever did.
    """
    found = rows.filter(slug=slug).first()
    if found is None:
        moved: Any = row_of_old_slug(rows, slug)
        raise Http404 if moved is None else Moved(moved.slug)
    return found


def follows_moves(view: View) -> View:
    """Answer an old address permanently with the present one, query string and all."""

    @wraps(view)
    def followed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Moved as moved:
            match = request.resolver_match
            assert match is not None
            address = reverse(match.view_name, kwargs={**match.kwargs, "slug": moved.slug})
            query = request.META.get("QUERY_STRING", "")
            response = HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
            # A browser that never asked again would go in circles if the slug were given back.
            response["Cache-Control"] = "public, no-cache"
            # For pages elsewhere that read feeds: a redirect is refused to them without it.
            response["Access-Control-Allow-Origin"] = "*"
            return response

    return followed
