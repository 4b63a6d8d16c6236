"""``POST /api/v1/sources/{id}/documents/``: another reader brings what it read."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import APIException, NotAuthenticated, PermissionDenied
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.pushing_schema import PushSchema
from sources.errors import PushRefused, SourceBusy
from sources.kinds import PollResult
from sources.models import Poll, Source
from sources.services import Pushed, push_document
from sources.services.pushing import TEXT_LENGTH

_COST = 5


class Busy(APIException):
    """Somebody polls the source at this moment: 409."""

    status_code = HTTPStatus.CONFLICT


class Unprocessable(APIException):
    """The text cannot be taken in: 422."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY


class DocumentSerializer(serializers.Serializer[Any]):
    """A document as its bringer read it."""

    text = serializers.CharField(max_length=TEXT_LENGTH)
    title = serializers.CharField(max_length=300, default="", allow_blank=True)
    url = serializers.URLField(max_length=500, default="", allow_blank=True)
    published_on = serializers.DateField(default=None, allow_null=True)
    language = serializers.RegexField(r"^[A-Za-z0-9-]{2,35}$", default="", allow_blank=True)

    def to_internal_value(self, data: Any) -> Any:
        """Refuse members that nobody knows, as everywhere in this API."""
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, dict) else []
        if unknown:
            raise serializers.ValidationError({name: [_("Unknown member.")] for name in unknown})
        return super().to_internal_value(data)


class PushView(APIView):
    """Take in a text for a source; from there on it is read, compared and kept like a poll's."""

    http_method_names = ["post", "options"]
    parser_classes = [JSONParser]
    schema = PushSchema()

    def request_cost(self, request: Request) -> int:
        """Return what the request costs: more than to read a page."""
        return _COST

    def post(self, request: Request, id: str) -> Response:
        """Answer with the poll that the document counts as."""
        token: Any = request.auth
        if token is None:
            raise NotAuthenticated
        key = {"pk": int(id)} if id.isdecimal() else {"slug": id}
        source = get_object_or_404(Source, **key)
        if not token.sources.filter(pk=source.pk).exists():
            raise PermissionDenied(_("This token may not bring texts for this source."))
        asked = DocumentSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            poll = push_document(
                source=source,
                document=Pushed(**asked.validated_data),
                by=str(token.name),
                now=timezone.now(),
            )
        except SourceBusy as error:
            raise Busy(str(error)) from error
        except PushRefused as error:
            raise Unprocessable(str(error)) from error
        return Response(_as_json(poll), status=HTTPStatus.CREATED)


def _as_json(poll: Poll) -> dict[str, str | int | dt.datetime | None]:
    is_kept = poll.result in (PollResult.BASELINE, PollResult.CHANGED)
    return {
        "result": poll.result,
        "cause": poll.cause or None,
        "detail": poll.detail,
        "snapshot_hash": poll.snapshot.body_hash if is_kept else None,
        "findings": poll.snapshot.findings.count() if is_kept else 0,
    }
