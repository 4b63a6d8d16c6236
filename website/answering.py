"""How feeds and calendars go out: with validators, so that readers fetch only what is new."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date

from website.dating import dates


def answer(
    request: HttpRequest, body: bytes, *, content_type: str, now: dt.datetime
) -> HttpResponseBase:
    """Return the answer in full, or that its reader has it already (304).

    Tag and date are of the bytes: they move when these do, and only then.
    """
    etag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    last_modified = dates(settings.REDIS_URL).last_modified(
        request.get_full_path(), etag, now=now.timestamp()
    )
    response: HttpResponseBase = get_conditional_response(
        request, etag=etag, last_modified=last_modified
    ) or HttpResponse(body, content_type=content_type)
    response["ETag"] = etag
    if last_modified is not None:
        response["Last-Modified"] = http_date(last_modified)
    response["Cache-Control"] = "public, no-cache"
    # For readers that are web pages: there is nothing here that depends on who asks.
    response["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
