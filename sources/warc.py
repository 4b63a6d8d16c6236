"""Kept copies as WARC files (ISO 28500:2017, WARC 1.1), which web archives and viewers read."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from http import HTTPStatus

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

_VERSION = "1.1"
# The copy is what the answer held, decompressed and in one piece: what spoke of how it was sent
# would make a reader undo that again.
_OF_SENDING = frozenset({"content-encoding", "content-length", "transfer-encoding"})


def warc_of(
    *,
    url: str,
    body: bytes,
    taken_at: dt.datetime,
    headers: Sequence[Sequence[str]],
    content_type: str,
    software: str,
) -> bytes:
    """Return a compressed WARC file with one answer: a ``warcinfo`` and a ``response`` record.

    Args:
        url: the address that answered.
        body: what it answered, decompressed.
        taken_at: when; aware.
        headers: of the answer, pairs of name and value; those of its transport are renamed, as web
            archives do it ("X-Archive-Orig-…").
        content_type: of the body, for where the headers were not kept.
        software: who made the file.
    """
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True, warc_version=_VERSION)
    moment = taken_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    info = writer.create_warcinfo_record(
        "snapshot.warc.gz", {"software": software, "format": f"WARC File Format {_VERSION}"}
    )
    status = f"{HTTPStatus.OK.value} {HTTPStatus.OK.phrase}"
    answer = writer.create_warc_record(
        url,
        "response",
        payload=io.BytesIO(body),
        http_headers=StatusAndHeaders(status, _told(headers, content_type, len(body)), "HTTP/1.1"),
        warc_headers_dict={"WARC-Date": moment},
    )
    for record in (info, answer):
        writer.write_record(record)
        record.raw_stream.close()
    return file.getvalue()


def _told(
    headers: Sequence[Sequence[str]], content_type: str, length: int
) -> list[tuple[str, str]]:
    told = [
        (f"X-Archive-Orig-{name}" if name.lower() in _OF_SENDING else name, value)
        for name, value in headers
    ]
    if not any(name.lower() == "content-type" for name, _ in told) and content_type:
        told.append(("Content-Type", content_type))
    return [*told, ("Content-Length", str(length))]
