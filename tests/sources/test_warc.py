"""Kept copies as WARC files, read back by a reader of web archives."""

import base64
import datetime as dt
import hashlib
import io
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from sources.warc import warc_of

URL = "https://acme.example/policy?a=1"
TAKEN_AT = dt.datetime(2020, 6, 10, 20, 30, 15, 123456, tzinfo=dt.timezone(dt.timedelta(hours=2)))
BODY = "<p>née</p>".encode()
HEADERS = [
    ["Content-Type", "text/html; charset=utf-8"],
    ["Content-Encoding", "br"],
    ["Transfer-Encoding", "chunked"],
    ["content-length", "12"],
    ["X-Served-By", "cache-1"],
    ["X-Served-By", "cache-2"],
]


def records_of(
    body: bytes = BODY, headers: Sequence[Sequence[str]] = HEADERS, content_type: str = "text/html"
) -> list[Any]:
    """The records of a file: each with its headers, those of HTTP, and its content."""
    file = warc_of(
        url=URL,
        body=body,
        taken_at=TAKEN_AT,
        headers=headers,
        content_type=content_type,
        software="Followthrough",
    )
    found = []
    for record in ArchiveIterator(io.BytesIO(file), check_digests="raise"):
        record.content = record.content_stream().read()
        found.append(record)
    return found


def test_the_file_says_who_made_it_and_holds_one_answer() -> None:
    info, answer = records_of()
    assert (info.rec_type, answer.rec_type) == ("warcinfo", "response")
    assert b"software: Followthrough\r\n" in info.content
    assert b"format: WARC File Format 1.1\r\n" in info.content
    assert answer.rec_headers.protocol == "WARC/1.1"
    assert answer.rec_headers.get_header("WARC-Target-URI") == URL
    assert answer.rec_headers.get_header("WARC-Date") == "2020-06-10T18:30:15Z"
    assert answer.rec_headers.get_header("Content-Type").startswith("application/http")
    assert answer.content == BODY


def test_the_digest_is_that_of_the_kept_bytes() -> None:
    _, answer = records_of()
    digest = base64.b32encode(hashlib.sha1(BODY).digest()).decode()
    assert answer.rec_headers.get_header("WARC-Payload-Digest") == f"sha1:{digest}"
    ids = [record.rec_headers.get_header("WARC-Record-ID") for record in records_of()]
    assert len(set(ids)) == 2


def test_the_headers_are_told_and_those_of_the_transport_are_renamed() -> None:
    _, answer = records_of()
    assert answer.http_headers.get_statuscode() == "200"
    assert answer.http_headers.headers == [
        ("Content-Type", "text/html; charset=utf-8"),
        ("X-Archive-Orig-Content-Encoding", "br"),
        ("X-Archive-Orig-Transfer-Encoding", "chunked"),
        ("X-Archive-Orig-content-length", "12"),
        ("X-Served-By", "cache-1"),
        ("X-Served-By", "cache-2"),
        ("Content-Length", str(len(BODY))),
    ]


@pytest.mark.parametrize(
    ("content_type", "told"),
    [
        ("text/html", [("Content-Type", "text/html"), ("Content-Length", "10")]),
        ("", [("Content-Length", "10")]),
    ],
)
def test_where_no_headers_were_kept_the_type_is_told_if_it_is_known(
    content_type: str, told: list[tuple[str, str]]
) -> None:
    assert len(BODY) == 11
    _, answer = records_of(headers=[], content_type=content_type)
    assert answer.http_headers.headers == [*told[:-1], ("Content-Length", "11")]


@given(body=st.binary(max_size=3000))
def test_every_body_comes_back_byte_for_byte(body: bytes) -> None:
    _, answer = records_of(body)
    assert answer.content == body


@given(
    headers=st.lists(
        st.tuples(
            st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,20}", fullmatch=True),
            st.text(st.characters(min_codepoint=32, exclude_categories=["C", "Z"]), max_size=50),
        ),
        max_size=20,
    )
)
def test_whatever_headers_were_kept_the_file_can_be_read(headers: list[tuple[str, str]]) -> None:
    _, answer = records_of(headers=headers)
    assert answer.content == BODY
