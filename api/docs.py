"""The pages that describe the API: its root, its schema and the interactive documentation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.encoding import force_str
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import APIRootView

from api.links import absolute
from api.parameters import check_parameters
from api.resource import Resource
from api.resources import RESOURCES
from api.throttles import COSTS
from api.views import Delivered


class RootView(Delivered, APIRootView):
    """The resources of the API and their addresses."""

    is_versioned = False

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_parameters(request.query_params, ())
        views = (self.api_root_dict or {}) | {name: name for name in ("statistics", "schema")}
        return Response({name: absolute(reverse(f"api:{view}")) for name, view in views.items()})


class SchemaView(Delivered, SpectacularAPIView):
    """The description of the API in OpenAPI 3.1, as YAML or with ``format=json`` as JSON."""

    is_versioned = False

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_parameters(request.query_params, ("format",))
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        return response


@dataclass(frozen=True, slots=True)
class Example:
    """A question, and the address that answers it."""

    question: str
    address: str


@dataclass(frozen=True, slots=True)
class Column:
    """A flat column of a list, in words."""

    name: str
    type: str
    help: str


@dataclass(frozen=True, slots=True)
class Table:
    """The flat columns of a list."""

    name: str
    help: str
    columns: tuple[Column, ...]


class DocsView(SpectacularSwaggerSplitView):
    """The schema to read and to try, under a policy that allows no inline script or style."""

    url_name = "api:schema"
    template_name = "api/docs.html"
    title = "Followthrough API"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        if request.GET.get("script") is None:
            response.data |= {
                "examples": list(examples()),
                "tables": [
                    Table(item.name, _marked(item.help), columns(item)) for item in RESOURCES
                ],
                "anonymous_per_minute": settings.API_ANONYMOUS_PER_MINUTE,
                "token_per_minute": settings.API_TOKEN_PER_MINUTE,
                "costs": COSTS,
            }
        return response


def columns(resource: Resource) -> tuple[Column, ...]:
    """Return the columns of a list in CSV and XLSX, in their order."""
    cells = (cell for field in resource.fields for cell in field.cells(resource.root))
    return tuple(Column(cell.name, cell.type, _marked(cell.help)) for cell in cells)


def _marked(text: str) -> str:
    """Return a text as HTML, with what stands in backticks as code."""
    parts = force_str(text).split("`")
    shapes = ("{}", "<code>{}</code>")
    marked = [format_html(shapes[place % 2], part) for place, part in enumerate(parts)]
    return format_html_join("", "{}", ((part,) for part in marked))


def examples() -> Iterator[Example]:
    """Yield queries to start with; the founding story answers each of them."""
    yield _example(_("Where does Amazon stand?"), "target", company="amazon")
    yield _example(
        _("And where did it stand on 15 June 2020?"),
        "target",
        company="amazon",
        as_of="2020-06-15",
    )
    yield _example(_("Which promises were walked back?"), "status-change", status="reversed")
    yield _example(
        _("Which promises in force have no expiry?"),
        "outcome",
        in_force="true",
        has_expiry="false",
    )
    yield _example(
        _("All changes of Amazon and its subsidiaries, as a table"),
        "status-change",
        company="amazon",
        include_subsidiaries="true",
        format="csv",
    )


def _example(question: str, resource: str, **query: str) -> Example:
    return Example(question, f"{reverse(f'api:{resource}-list')}?{urlencode(query)}")
