"""What all resources share: reading, strictly, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from api.clocks import Clocks, read_clocks
from api.delivery import deliver
from api.formats import JSON, JSON_TYPE, accepted_format, formats_of, record_formats_of
from api.formats.kinds import Format, Whole, dumps
from api.formats.record_timeline import check_given, record_timeline
from api.links import absolute
from api.orderings import Place
from api.parameters import check_parameters, read_one_of
from api.reading import Page, Reading
from api.resource import Resource
from api.schema import ResourceSchema
from api.selections import Asked, Reader, known_parameters, read_asked, read_shaping, verify
from api.throttles import COST_OF_SEARCHING_THE_PAST, COSTS

MOST_COUNTED = 100_000
_ANYTHING = ("", "*/*")


class ByFormat(BaseContentNegotiation):
    """Leaves the format to the view: a parameter decides, or a media type that it knows."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return None

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        view = request.parser_context["view"]
        if "format" not in request.query_params and view.accepted(request) is None:
            raise NotAcceptable
        return JSONRenderer(), JSON_TYPE


class Delivered(APIView):
    """A view whose answers go out with validators, compressed, and as long as they may be kept."""

    is_versioned = True
    """Whether what it answers changes only with the version of the public data, and the day."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if isinstance(response, SimpleTemplateResponse):
            response.render()
        return deliver(request, response, is_public_data=self.is_versioned)


class Formatted(Delivered):
    """A view that has more formats than JSON, by parameter or by header."""

    content_negotiation_class = ByFormat

    @property
    def writers(self) -> Mapping[str, Format]:
        """The formats that there are beside JSON, by name."""
        raise NotImplementedError

    @property
    def formats(self) -> tuple[str, ...]:
        """The names of the formats that there are; none where there is no choice."""
        return (JSON, *self.writers) if self.writers else ()

    def accepted(self, request: Request) -> str | None:
        """Return the format that the headers ask for, ``None`` if there is nothing they take."""
        accept = request.META.get("HTTP_ACCEPT", "")
        return JSON if accept in _ANYTHING else accepted_format(accept, self.writers)

    def request_cost(self, request: Request) -> int:
        """Return what the request costs: a whole list more than a page, however it is asked for."""
        asked = request.query_params.get("format") or self.accepted(request)
        return COSTS.get(asked, 1) if asked is not None and asked in self.writers else 1


class ResourceViewSet(Formatted, ViewSet):
    """A list and its records.

    Lists take filters, clocks, an order, places and formats, records the clocks. Anything else in
    the query string is refused.
    """

    http_method_names = ["get", "head", "options"]
    schema = ResourceSchema()
    lookup_url_kwarg = "id"
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    resource: ClassVar[Resource]

    @property
    def writers(self) -> dict[str, Format]:
        """The formats that there are beside JSON, of the list or of its records."""
        return record_formats_of(self.resource) if self.detail else formats_of(self.resource)

    def request_cost(self, request: Request) -> int:
        """Return what the request costs: a search of the past more than any other."""
        if {"search", "known_at"} <= request.query_params.keys():
            return COST_OF_SEARCHING_THE_PAST
        return super().request_cost(request)

    def list(self, request: Request) -> HttpResponseBase:
        """Answer with a page of JSON, or with the whole list in another format."""
        self._check(request)
        clocks = read_clocks(request.query_params)
        reading = self._reading(clocks)
        with clocks.turned():
            asked = read_asked(
                request.query_params,
                self.resource,
                formats=self.formats,
                accepted=self.accepted(request) or JSON,
            )
            if asked.format == JSON:
                return self._page(request, reading, asked)
            verify(asked)
            return self._whole(request, reading, asked)

    def retrieve(self, request: Request, id: str) -> HttpResponse:
        """Answer with one record."""
        self._check(request)
        clocks = read_clocks(request.query_params)
        reader = Reader(request.query_params)
        names, expand = read_shaping(reader, self.resource)
        accepted = self.accepted(request) or JSON
        chosen = reader.read("format", lambda text: read_one_of(text, self.formats), accepted)
        reader.finish()
        if chosen != JSON:
            check_given(request.query_params)
        reading = self._reading(clocks)
        with clocks.turned():
            item = reading.record(id, names, expand)
            if chosen != JSON:
                body = record_timeline(reading, item)
                return HttpResponse(body, content_type=self.writers[chosen].media_type)
        return HttpResponse(dumps(item), content_type=JSON_TYPE)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Say what the address takes."""
        self._check(request)
        names = self._known_parameters()
        return HttpResponse(dumps({"parameters": names}), content_type=JSON_TYPE)

    def _check(self, request: Request) -> None:
        check_parameters(request.query_params, self._known_parameters())

    def _known_parameters(self) -> Sequence[str]:
        return known_parameters(self.resource, is_list=not self.detail, formats=self.formats)

    def _reading(self, clocks: Clocks) -> Reading:
        return Reading(self.resource, clocks, clocks.values(timezone.now()))

    def _page(self, request: Request, reading: Reading, asked: Asked) -> HttpResponse:
        page = reading.page(asked.selection, place=asked.place, limit=asked.limit)
        if not page.items:
            verify(asked)
        links = _links(request, page)
        body: dict[str, Any] = {"next": links.get("next"), "previous": links.get("prev")}
        if asked.is_counted:
            number = reading.count(asked.selection, most=MOST_COUNTED + 1)
            body["count"] = min(number, MOST_COUNTED)
            body["count_is_exact"] = number <= MOST_COUNTED
        response = HttpResponse(dumps(body | {"results": page.items}), content_type=JSON_TYPE)
        if links:
            response["Link"] = ", ".join(f'<{url}>; rel="{rel}"' for rel, url in links.items())
        return response

    def _whole(
        self, request: Request, reading: Reading, asked: Asked
    ) -> HttpResponse | StreamingHttpResponse:
        found = self.writers[asked.format]
        query = request.query_params.dict()
        whole = Whole(reading, asked.selection, absolute(request.path), asked.has_mark, query)
        found.check(whole)
        answer = HttpResponse if found.is_short else StreamingHttpResponse
        response = answer(found.stream(whole), content_type=found.media_type)
        if found.is_download:
            name = f"followthrough-{self.resource.name}.{found.ending}"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def _links(request: Request, page: Page) -> dict[str, str]:
    """Return the addresses of the pages around a page, by their relation to it."""
    links = {}
    for relation, place in (("next", page.next), ("prev", page.previous)):
        if place is not None:
            links[relation] = _at(request, place)
    return links


def _at(request: Request, place: Place) -> str:
    query = {name: request.query_params[name] for name in request.query_params}
    return absolute(f"{request.path}?{urlencode(query | {'cursor': place.encode()})}")


def viewset(resource: Resource) -> type[ResourceViewSet]:
    """Return the views of a resource."""
    name = f"{resource.component}ViewSet"
    own = {"resource": resource, "is_versioned": resource.is_versioned, "__doc__": resource.help}
    return type(name, (ResourceViewSet,), own)
