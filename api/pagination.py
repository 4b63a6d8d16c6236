"""Pages of a list: by cursor, so that rows added meanwhile are neither skipped nor repeated."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from api.links import absolute
from api.parameters import as_number
from api.problems import InvalidParameters, ParameterError

_NULLABLE_URI = {"type": ["string", "null"], "format": "uri"}


class CursorPages(CursorPagination):
    """In the order of the keys, which is the order of recording: what is new comes last."""

    ordering = "pk"
    page_size = 50
    max_page_size = 500
    page_size_query_param = "limit"
    parameters = frozenset({"cursor", "limit"})

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        page: list[Any] | None = super().paginate_queryset(queryset, request, view)
        self.base_url = absolute(request.get_full_path())
        return page

    def get_page_size(self, request: Request) -> int:
        given = request.query_params.get("limit")
        if given is None:
            return self.page_size
        size = as_number(given)
        if size is None or not 1 <= size <= self.max_page_size:
            detail = _("limit: “%(given)s” is not a number from 1 to %(most)s.")
            raise InvalidParameters(
                [ParameterError("limit", detail % {"given": given, "most": self.max_page_size})]
            )
        return size

    def decode_cursor(self, request: Request) -> Cursor | None:
        detail = _("cursor: this is no cursor that a list gave out.")
        refusal = InvalidParameters([ParameterError("cursor", detail)])
        try:
            cursor = super().decode_cursor(request)
        except NotFound:
            raise refusal from None
        if cursor is None:
            return None
        # What base64 and the query string leniently pass over would lead to the first page.
        issued = QueryDict(urlsplit(self.encode_cursor(cursor)).query).get("cursor")
        is_issued = issued == request.query_params["cursor"]
        is_place = cursor.position is None or as_number(str(cursor.position)) is not None
        if not (is_issued and is_place):
            raise refusal
        return cursor

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": _NULLABLE_URI | {"description": "The page after this one, if any."},
                "previous": _NULLABLE_URI | {"description": "The page before this one, if any."},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "Place in the list, as given out in `next` and `previous`.",
                "schema": {"type": "string", "examples": ["cD01MA=="]},
            },
            {
                "name": "limit",
                "in": "query",
                "required": False,
                "description": "Most results on a page.",
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": self.max_page_size,
                    "default": self.page_size,
                    "examples": [100],
                },
            },
        ]
