"""The best compression that both sides know."""

import gzip
import zlib
from collections.abc import Iterator

import brotli
import pytest

from api.encodings import compress, gzip_stream, is_compressible, negotiate


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("BR;Q=1.0", "br"),
        ("x-gzip", "gzip"),
        ("*", "br"),
        ("*, br;q=0", "gzip"),
        ("gzip;q=0", ""),
        ("gzip;q=0, br;q=0.000", ""),
        ("identity, gzip;q=0.5", ""),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0", ""),
        ("gzip;q=2", ""),
        ("gzip;level=1", ""),
        ("deflate", ""),
        (";;,,;q=", ""),
    ],
)
def test_the_encoding_is_what_the_sender_weighs_most(accepted: str, encoding: str) -> None:
    assert negotiate(accepted) == encoding


def test_only_what_is_offered_is_chosen() -> None:
    assert negotiate("br, gzip;q=0.1", ("gzip",)) == "gzip"


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/json", True),
        ("application/problem+json; charset=utf-8", True),
        ("application/x-ndjson", True),
        ("application/vnd.oai.openapi+json", True),
        ("application/atom+xml", True),
        ("text/csv; charset=utf-8", True),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False),
        ("image/png", False),
        ("", False),
    ],
)
def test_what_is_compressed_already_is_left_alone(content_type: str, expected: bool) -> None:
    assert is_compressible(content_type) is expected


def test_bytes_come_back_the_same() -> None:
    body = b'{"name": "Ring"}' * 200
    assert gzip.decompress(compress(body, "gzip")) == body
    assert brotli.decompress(compress(body, "br")) == body
    assert compress(body, "") == body
    assert compress(body, "gzip") == compress(body, "gzip")


def test_the_first_row_of_a_stream_can_be_read_before_the_second_is_asked_for() -> None:
    asked = []

    def rows() -> Iterator[bytes]:
        for number in range(10_000):
            asked.append(number)
            yield b"row %d\n" % number

    stream = gzip_stream(rows())
    reader = zlib.decompressobj(31)
    read = reader.decompress(next(stream))
    assert (read, asked) == (b"row 0\n", [0])

    chunks = list(stream)

    rest = b"".join(reader.decompress(chunk) for chunk in chunks)
    assert read + rest == b"".join(b"row %d\n" % number for number in range(10_000))
    assert reader.eof
    assert len(chunks) < 50
    assert sum(map(len, chunks)) < len(rest) / 2


def test_a_stream_of_nothing_is_still_a_whole_file() -> None:
    assert gzip.decompress(b"".join(gzip_stream([]))) == b""
