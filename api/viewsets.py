"""What all resources share: reading, strictly, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from api import clocks
from api.clocks import Clocks
from api.cors import is_preflight, preflight_answer
from api.delivery import deliver
from api.filters import FilterBackend, ResourceFilters
from api.pagination import CursorPages
from api.parameters import as_number, check_parameters
from api.schema import ResourceSchema

M = TypeVar("M", bound=Model)


class ResourceViewSet(ReadOnlyModelViewSet[M]):
    """A list and its rows.

    Lists take the filters and ``cursor`` and ``limit``. Lists and rows take the clocks where
    ``has_clocks``. Anything else in the query string is refused.
    """

    http_method_names = ["get", "head", "options"]
    schema = ResourceSchema()
    filter_backends = [FilterBackend]
    pagination_class = CursorPages
    lookup_url_kwarg = "id"
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    filterset_class: ClassVar[type[ResourceFilters]]
    has_clocks: ClassVar[bool] = False
    has_slug: ClassVar[bool] = False
    clocks = Clocks()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        check_parameters(request.query_params, self._known_parameters())
        if self.has_clocks:
            self.clocks = clocks.read_clocks(request.query_params)
        super().initial(request, *args, **kwargs)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_preflight(request):
            return preflight_answer()
        response = super().dispatch(request, *args, **kwargs)
        if isinstance(response, SimpleTemplateResponse):
            response.render()
        return deliver(request, response)

    def _known_parameters(self) -> frozenset[str]:
        known = frozenset(clocks.NAMES) if self.has_clocks else frozenset()
        if self.detail:
            return known
        return known.union(self.filterset_class.base_filters, CursorPages.parameters)

    def get_object(self) -> M:
        """Return the row at a number, or at a slug.

        Raises:
            NotFound: there is none, or it is not public.
        """
        address = self.kwargs["id"]
        number = as_number(address)
        rows = self.get_queryset()
        if number is not None:
            row = rows.filter(pk=number).first()
        else:
            row = rows.filter(slug=address).first() if self.has_slug else None
        if row is None:
            raise NotFound(_("There is no such record here."))
        return row

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.present(page or []))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.present([self.get_object()])[0])

    def present(self, rows: Sequence[M], **context: Any) -> Any:
        """Return the rows as JSON-ready data; ``context`` is what their serializer asks for."""
        serializer = self.get_serializer(
            rows, many=True, context={**self.get_serializer_context(), **context}
        )
        return serializer.data
