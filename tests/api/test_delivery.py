"""What every answer of the API says about itself, streams and errors included."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import cast

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from api.answers import Answers, Dates
from api.delivery import CACHEABLE, STANDING, deliver
from api.standings import Standing
from tests.api.factories import make_world


def asked(method: str = "GET", **headers: str) -> HttpRequest:
    request = RequestFactory().generic(
        method, "/api/v1/x/", headers={name.replace("_", "-"): v for name, v in headers.items()}
    )
    request.META[STANDING] = Standing("7", 20_514, 0.0, Answers(0), Dates())
    return request


def rows() -> Iterator[bytes]:
    yield b"id,name\n"
    yield b"1,Ring\n" * 1000


def stream() -> StreamingHttpResponse:
    return StreamingHttpResponse(rows(), content_type="text/csv; charset=utf-8")


def read(response: object) -> bytes:
    return b"".join(cast("Iterator[bytes]", response))


def test_bytes_have_a_tag_of_their_own_in_each_encoding() -> None:
    tags = set()
    for encoding in ("", "gzip", "br"):
        response = HttpResponse(b"{}" * 1000, content_type="application/json")
        response = cast(HttpResponse, deliver(asked(accept_encoding=encoding), response))
        assert response.get("Content-Encoding", "") == encoding
        assert response["Content-Length"] == str(len(response.content))
        assert response["Cache-Control"] == "public, no-cache, no-transform"
        assert response["Vary"] == "Accept, Accept-Encoding, Authorization"
        tags.add(response["ETag"])
    assert len(tags) == 3


def test_what_is_short_is_not_compressed() -> None:
    response = deliver(asked(accept_encoding="br"), HttpResponse(b"{}", content_type="text/csv"))
    assert "Content-Encoding" not in response


def test_what_a_version_does_not_tell_has_a_tag_only_and_is_not_kept_in_front() -> None:
    request = asked()
    response = deliver(request, HttpResponse(b"{}"), is_public_data=False)
    assert "ETag" in response
    assert CACHEABLE not in request.META


def test_only_whole_answers_for_all_are_kept_in_front() -> None:
    for request, response, kept in (
        (asked(), HttpResponse(b"{}"), True),
        (asked("HEAD"), HttpResponse(b"{}"), True),
        (asked(authorization="Bearer x"), HttpResponse(b"{}"), False),
        (asked(), HttpResponse(b"{}", status=404), False),
        (asked("OPTIONS"), HttpResponse(b"{}"), False),
        (asked(), stream(), False),
    ):
        deliver(request, response)
        assert bool(request.META.get(CACHEABLE)) is kept


def test_an_error_has_no_validators_and_may_not_be_reused() -> None:
    response = deliver(asked(if_none_match="*"), HttpResponse(b"{}", status=404))
    assert response.status_code == 404
    assert "ETag" not in response
    assert "no-cache" in response["Cache-Control"]


def test_a_stream_is_compressed_and_told_from_its_version() -> None:
    response = deliver(asked(accept_encoding="br, gzip"), stream())
    assert response["Content-Encoding"] == "gzip"
    assert response["ETag"].startswith('W/"')
    assert gzip.decompress(read(response)) == b"".join(rows())

    known = deliver(asked(accept_encoding="gzip", if_none_match=response["ETag"]), stream())
    assert known.status_code == 304
    assert known["ETag"] == response["ETag"]
    plain = deliver(asked(if_none_match=response["ETag"]), stream())
    assert (plain.status_code, read(plain)) == (200, b"".join(rows()))


def test_the_head_of_a_stream_has_its_headers_and_asks_for_no_row() -> None:
    head, full = (
        deliver(asked(method, accept_encoding="gzip"), stream()) for method in ("HEAD", "GET")
    )
    assert list(head.items()) == list(full.items())
    assert read(head) == b""


@pytest.mark.django_db
def test_a_script_of_another_site_may_read_and_may_ask_first(client: Client) -> None:
    make_world()
    origin = {"origin": "https://news.example"}
    answer = client.get("/api/v1/companies/", headers=origin)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert {"ETag", "Link", "RateLimit"} <= set(answer["Access-Control-Expose-Headers"].split(", "))

    preflight = client.options(
        "/api/v1/companies/?nonsense=1",
        headers=origin | {"access-control-request-method": "GET"},
    )
    assert (preflight.status_code, preflight.content) == (204, b"")
    assert preflight["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Authorization" in preflight["Access-Control-Allow-Headers"]


@pytest.mark.django_db
def test_who_has_the_answer_is_told_so_and_a_head_has_no_body(client: Client) -> None:
    make_world()
    full = client.get("/api/v1/companies/")
    head = client.head("/api/v1/companies/")
    known = client.get("/api/v1/companies/", headers={"if-none-match": full["ETag"]})
    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.items()) == dict(full.items())
    assert (known.status_code, known.content, known["ETag"]) == (304, b"", full["ETag"])
