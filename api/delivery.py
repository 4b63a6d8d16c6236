"""How an answer goes out: validators, conditions, compression, and who may keep it how long.

`deliver` is the last step of every view of the API. What it marks as cacheable is kept in front
of Django (see front.py), which hands down with each request how the data stood before it began.
"""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from api.conditions import has_answer, without_representation
from api.encodings import (
    GZIP,
    IDENTITY,
    SMALLEST_COMPRESSED,
    compress,
    gzip_stream,
    is_compressible,
    negotiate,
)
from api.standings import Standing

STANDING = "followthrough.standing"
"""Key of the WSGI environment: the :class:`~api.standings.Standing` from before the request."""
CACHEABLE = "followthrough.cacheable"
"""Key of the WSGI environment: true if the answer is the same to all, until the data changes."""

# It may be kept, but is never used without asking whether it still holds. Nothing in between may
# alter the bytes, of which the entity tag speaks.
_FOR_ALL = "public, no-cache, no-transform"
_VARY = ("Accept", "Accept-Encoding", "Authorization")
_FOR_ONE = "private, no-cache, no-transform"


def deliver(
    request: HttpRequest, response: HttpResponseBase, *, is_public_data: bool = True
) -> HttpResponseBase:
    """Return the answer as it goes out; a rendered ``response`` is changed in place.

    Args:
        request: what is answered, GET or HEAD as a rule.
        response: what a view gave; rendered, unless it is streaming.
        is_public_data: that it depends on the public data and the day only. The health of
            sources changes without a new version, so of that only the bytes can tell.
    """
    if response.has_header("Vary"):
        patch_vary_headers(response, _VARY)
    else:
        response["Vary"] = ", ".join(_VARY)
    is_anonymous = "HTTP_AUTHORIZATION" not in request.META
    response.headers.setdefault("Cache-Control", _FOR_ALL if is_anonymous else _FOR_ONE)
    if response.status_code != HTTPStatus.OK or request.method not in ("GET", "HEAD"):
        return response
    standing = cast("Standing | None", request.META.get(STANDING)) if is_public_data else None
    if isinstance(response, StreamingHttpResponse):
        return _deliver_stream(request, response, standing)
    assert isinstance(response, HttpResponse)
    if is_public_data and is_anonymous:
        request.META[CACHEABLE] = True
    return _deliver_bytes(request, response)


def _deliver_bytes(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    body = response.content
    content_type = response.get("Content-Type", "")
    encoding = _encoding_of(request, content_type) if len(body) >= SMALLEST_COMPRESSED else IDENTITY
    digest = hashlib.blake2b(content_type.encode() + b"\0" + body, digest_size=16).hexdigest()
    response["ETag"] = f'"{digest}-{encoding}"' if encoding else f'"{digest}"'
    if _is_known(request, response):
        return _not_modified(response)
    if encoding:
        body = compress(body, encoding)
        response["Content-Encoding"] = encoding
    response.content = b"" if request.method == "HEAD" else body
    response["Content-Length"] = str(len(body))
    return response


def _deliver_stream(
    request: HttpRequest, response: StreamingHttpResponse, standing: Standing | None
) -> HttpResponseBase:
    content_type = response.get("Content-Type", "")
    encoding = _encoding_of(request, content_type, (GZIP,))
    if standing is not None:
        # Weak, for it is told from the data and not from the bytes.
        seed = (
            f"{standing.version} {standing.day} {request.get_full_path()} {content_type} {encoding}"
        )
        digest = hashlib.blake2b(seed.encode("utf-8", "surrogateescape"), digest_size=16)
        response["ETag"] = f'W/"{digest.hexdigest()}"'
    if _is_known(request, response):
        # Left unread: closing it would end the request, and nothing was begun that needs it.
        return _not_modified(response)
    if encoding:
        response["Content-Encoding"] = encoding
        del response["Content-Length"]
    if request.method == "HEAD":
        response.streaming_content = iter(())
    elif encoding:
        response.streaming_content = gzip_stream(cast("map[bytes]", response.streaming_content))
    return response


def _encoding_of(request: HttpRequest, content_type: str, offered: tuple[str, ...] = ()) -> str:
    if not is_compressible(content_type):
        return IDENTITY
    accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
    return negotiate(accepted, offered) if offered else negotiate(accepted)


def _is_known(request: HttpRequest, response: HttpResponseBase) -> bool:
    return has_answer(
        request.META.get("HTTP_IF_NONE_MATCH"),
        request.META.get("HTTP_IF_MODIFIED_SINCE"),
        etag=response.get("ETag"),
    )


def _not_modified(response: HttpResponseBase) -> HttpResponse:
    headers = dict(without_representation(list(response.items())))
    answer = HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    del answer["Content-Type"]
    return answer
