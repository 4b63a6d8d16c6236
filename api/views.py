"""What all resources share: reading, strictly, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from rest_framework.exceptions import NotAcceptable, NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from api.clocks import Clocks, read_clocks
from api.delivery import deliver
from api.filters import Renamed
from api.formats import JSON, JSON_TYPE, accepted_format, formats_of, record_formats_of
from api.formats.kinds import Format, Whole, dumps
from api.formats.record_timeline import check_given, record_timeline
from api.links import absolute, api_url
from api.orderings import Place
from api.parameters import check_parameters, read_one_of
from api.reading import Page, Reading
from api.resource import Resource
from api.schema import ResourceSchema
from api.selections import Asked, Reader, known_parameters, read_asked, read_shaping, verify
from api.throttles import COST_OF_SEARCHING_THE_PAST, COSTS, charge, rate_limit_headers

MOST_COUNTED = 100_000
_ANYTHING = ("", "*/*")
_METHODS = ["get", "head", "options"]
_ALLOWED = ", ".join(_METHODS).upper()


def with_old_slugs(request: Any, answer: Callable[[Any], HttpResponseBase]) -> HttpResponseBase:
    """Answer a request that may name things by old slugs as if it named them by number.

    Links in the answer have the numbers, which stay.
    """
    try:
        return answer(request)
    except Renamed as renamed:
        # What the framework wraps keeps the query.
        own = getattr(request, "_request", request)
        query = own.GET.copy()
        query[renamed.name] = str(renamed.key)
        own.GET = query
        return with_old_slugs(request, answer)


class ByFormat(BaseContentNegotiation):
    """Leaves the format to the view: a parameter decides, or a media type that it knows."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return None

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        request.parser_context["view"].check_accepted(request)
        return JSONRenderer(), JSON_TYPE


class Delivered(APIView):
    """A view whose answers go out with validators, compressed, and as long as they may be kept."""

    is_versioned = True
    """Whether what it answers changes only with the version of the public data, and the day."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = self.answer(request, *args, **kwargs)
        if isinstance(response, SimpleTemplateResponse):
            response.render()
        return deliver(request, response, is_public_data=self.is_versioned)

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer with all that Django REST framework does for a request."""
        return super().dispatch(request, *args, **kwargs)


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

    def check_accepted(self, request: HttpRequest) -> None:
        """Refuse headers that take nothing there is, unless a parameter says the format.

        Raises:
            NotAcceptable: 406.
        """
        if "format" not in request.GET and self.accepted(request) is None:
            raise NotAcceptable

    def accepted(self, request: HttpRequest) -> str | None:
        """Return the format that the headers ask for, ``None`` if there is nothing they take."""
        accept = request.META.get("HTTP_ACCEPT", "")
        return JSON if accept in _ANYTHING else accepted_format(accept, self.writers)

    def request_cost(self, request: HttpRequest) -> int:
        """Return what the request costs: a whole list more than a page, however it is asked for."""
        asked = request.GET.get("format") or self.accepted(request) or JSON
        return COSTS[asked] if asked in COSTS and asked in self.writers else 1


class ResourceViewSet(Formatted, ViewSet):
    """A list and its records.

    Lists take filters, clocks, an order, places and formats, records the clocks. Anything else in
    the query string is refused.
    """

    http_method_names = _METHODS
    schema = ResourceSchema()
    lookup_url_kwarg = "id"
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    resource: ClassVar[Resource]
    get: Callable[..., HttpResponseBase]
    """What reads at the address: :meth:`list` or :meth:`retrieve`."""

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer reads of nobody in particular with only what they need of the framework.

        That is a format, to be counted and, for whatever is raised, the framework's own answer.
        The rest of it would take a tenth of the time of a record that no cache holds.
        """
        if "HTTP_AUTHORIZATION" in request.META or request.method not in ("GET", "HEAD"):
            return super().answer(request, *args, **kwargs)
        try:
            self.check_accepted(request)
            cost = self.request_cost(request)
            charge(request, token=None, cost=cost, now=timezone.now())
            response = self.get(request, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - raised again if there is no answer to it
            response = self._failure(request, error)
        for name, value in {"Allow": _ALLOWED, **rate_limit_headers(request)}.items():
            response[name] = value
        return response

    def _failure(self, request: HttpRequest, error: Exception) -> HttpResponseBase:
        self.request = self.initialize_request(request)
        self.request.accepted_renderer = JSONRenderer()
        self.request.accepted_media_type = JSON_TYPE
        self.headers = {}
        return self.finalize_response(self.request, self.handle_exception(error))

    @property
    def writers(self) -> dict[str, Format]:
        """The formats that there are beside JSON, of the list or of its records."""
        return record_formats_of(self.resource) if self.detail else formats_of(self.resource)

    def request_cost(self, request: HttpRequest) -> int:
        """Return what the request costs: a search of the past more than any other."""
        if "search" in request.GET and "known_at" in request.GET:
            return COST_OF_SEARCHING_THE_PAST
        return super().request_cost(request)

    def list(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with a page of JSON, or with the whole list in another format."""
        return with_old_slugs(request, self._list)

    def _list(self, request: HttpRequest) -> HttpResponseBase:
        self._check(request)
        clocks = read_clocks(request.GET)
        reading = self._reading(clocks)
        with clocks.turned():
            asked = read_asked(
                request.GET,
                self.resource,
                formats=self.formats,
                accepted=self.accepted(request) or JSON,
            )
            if asked.format == JSON:
                return self._page(request, reading, asked)
            verify(asked)
            return self._whole(request, reading, asked)

    def retrieve(self, request: HttpRequest, id: str) -> HttpResponse:
        """Answer with one record."""
        self._check(request)
        clocks = read_clocks(request.GET)
        reader = Reader(request.GET)
        names, expand = read_shaping(reader, self.resource)
        accepted = self.accepted(request) or JSON
        chosen = reader.read("format", lambda text: read_one_of(text, self.formats), accepted)
        reader.finish()
        if chosen != JSON:
            check_given(request.GET)
        reading = self._reading(clocks)
        with clocks.turned():
            try:
                item = reading.record(id, names, expand)
            except NotFound:
                number = reading.number_of_old_slug(id)
                if number is None:
                    raise
                return self._moved(request, number)
            if chosen != JSON:
                body = record_timeline(reading, item)
                return HttpResponse(body, content_type=self.writers[chosen].media_type)
        return HttpResponse(dumps(item), content_type=JSON_TYPE)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Say what the address takes."""
        self._check(request)
        names = self._known_parameters()
        return HttpResponse(dumps({"parameters": names}), content_type=JSON_TYPE)

    def _check(self, request: HttpRequest) -> None:
        if request.GET:
            check_parameters(request.GET, self._known_parameters())

    def _known_parameters(self) -> Sequence[str]:
        return known_parameters(self.resource, is_list=not self.detail, formats=self.formats)

    def _reading(self, clocks: Clocks) -> Reading:
        return Reading(self.resource, clocks, clocks.values(timezone.now()))

    def _moved(self, request: HttpRequest, number: int) -> HttpResponse:
        """Send a reader who knows an old slug to the address that stays: the one by number."""
        query = request.META.get("QUERY_STRING", "")
        address = api_url(self.resource.singular, number)
        return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)

    def _page(self, request: HttpRequest, reading: Reading, asked: Asked) -> HttpResponse:
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
        self, request: HttpRequest, reading: Reading, asked: Asked
    ) -> HttpResponse | StreamingHttpResponse:
        found = self.writers[asked.format]
        query = request.GET.dict()
        whole = Whole(reading, asked.selection, absolute(request.path), asked.has_mark, query)
        found.check(whole)
        answer = HttpResponse if found.is_short else StreamingHttpResponse
        response = answer(found.stream(whole), content_type=found.media_type)
        if found.is_download:
            name = f"followthrough-{self.resource.name}.{found.ending}"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def _links(request: HttpRequest, page: Page) -> dict[str, str]:
    """Return the addresses of the pages around a page, by their relation to it."""
    links = {}
    for relation, place in (("next", page.next), ("prev", page.previous)):
        if place is not None:
            links[relation] = _at(request, place)
    return links


def _at(request: HttpRequest, place: Place) -> str:
    query = {name: request.GET[name] for name in request.GET}
    return absolute(f"{request.path}?{urlencode(query | {'cursor': place.encode()})}")


def viewset(resource: Resource) -> type[ResourceViewSet]:
    """Return the views of a resource."""
    name = f"{resource.component}ViewSet"
    own = {"resource": resource, "is_versioned": resource.is_versioned, "__doc__": resource.help}
    return type(name, (ResourceViewSet,), own)
