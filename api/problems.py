"""Errors as problem details: RFC 9457, ``application/problem+json``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler

from api.links import absolute
from api.patience import ran_out_of_time

MEDIA_TYPE = "application/problem+json"

_BLANK = "about:blank"


@dataclass(frozen=True, slots=True)
class ParameterError:
    """What is wrong with one parameter of the query string."""

    parameter: str
    detail: str
    suggestion: str | None = None
    """The name that was probably meant."""

    def as_json(self) -> dict[str, str]:
        error = {"parameter": self.parameter, "detail": self.detail}
        return error if self.suggestion is None else error | {"suggestion": self.suggestion}


class InvalidParameters(exceptions.APIException):
    """The query string cannot be answered as it is: 400, naming each parameter at fault."""

    status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, errors: Sequence[ParameterError]) -> None:
        super().__init__(" ".join(error.detail for error in errors))
        self.errors = errors


class TakesTooLong(exceptions.APIException):
    """The database was not given the time that an answer would take: 503."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_detail = _lazy(
        "To answer this takes longer than is allowed. Narrow it by company or campaign, or leave "
        "out “known_at”, with which a search has no index."
    )


def problem(
    status: int, detail: str, errors: Iterable[ParameterError] | None = None
) -> dict[str, Any]:
    """Return the members of a problem details object.

    ``type`` says more than the status only for parameter errors, which carry ``errors``.
    """
    body: dict[str, Any] = {
        "type": _BLANK,
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
    }
    if errors is not None:
        body["type"] = absolute(f"{reverse('api:docs')}#invalid-parameters")
        body["title"] = _("Invalid parameters")
        body["errors"] = [error.as_json() for error in errors]
    return body


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception of a view into a problem; ``None`` for what is a fault of ours."""
    if isinstance(exc, SuspiciousOperation):
        exc = exceptions.ParseError(_("The request is malformed."))
    elif ran_out_of_time(exc):
        exc = TakesTooLong()
    response = exception_handler(exc, context)
    if response is None:
        return None
    errors = _parameter_errors(exc)
    detail = " ".join(error.detail for error in errors) if errors else str(response.data["detail"])
    response.data = problem(response.status_code, detail, errors)
    response.content_type = MEDIA_TYPE
    # A problem is JSON, also from a view that answers in YAML or HTML.
    context["request"].accepted_renderer = JSONRenderer()
    context["request"].accepted_media_type = JSONRenderer.media_type
    return response


def _parameter_errors(exc: Exception) -> Sequence[ParameterError] | None:
    if isinstance(exc, InvalidParameters):
        return exc.errors
    if isinstance(exc, exceptions.ValidationError) and isinstance(exc.detail, dict):
        return [
            ParameterError(name, f"{name}: {message}")
            for name, messages in exc.detail.items()
            for message in messages
        ]
    return None


@csrf_exempt
def not_found(request: HttpRequest) -> JsonResponse:
    """Answer for addresses below ``/api/`` at which there is nothing."""
    body = problem(HTTPStatus.NOT_FOUND, _("There is nothing at this address."))
    return JsonResponse(body, status=HTTPStatus.NOT_FOUND, content_type=MEDIA_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Be the ``handler400``: what is refused before any view is a problem below ``/api/``, too."""
    if not request.path_info.startswith("/api/"):
        return defaults.bad_request(request, exception)
    body = problem(HTTPStatus.BAD_REQUEST, _("The request is malformed."))
    return JsonResponse(body, status=HTTPStatus.BAD_REQUEST, content_type=MEDIA_TYPE)


def server_error(request: HttpRequest) -> HttpResponse:
    """Be the ``handler500``: a fault of ours is a problem below ``/api/``, a page elsewhere."""
    # Written out, for the table of addresses may be the very thing that is broken.
    if not request.path_info.startswith("/api/"):
        return defaults.server_error(request)
    body = problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Something broke here. The fault is ours, and it was noted."),
    )
    return JsonResponse(body, status=HTTPStatus.INTERNAL_SERVER_ERROR, content_type=MEDIA_TYPE)
