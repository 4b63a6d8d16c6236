import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound.decoding import Decoder
from outbound.errors import Cause, FetchError


def raw_deflate(body: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(body) + compressor.flush()


COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "identity": bytes,
    "gzip": gzip.compress,
    "X-GZIP": gzip.compress,
    "deflate": zlib.compress,
    " Deflate ": raw_deflate,
    "identity, gzip": gzip.compress,
}


def decode(coding: str, data: bytes, max_bytes: int = 1_000_000, step: int = 7) -> bytes:
    decoder = Decoder(coding, max_bytes)
    for start in range(0, len(data), step):
        decoder.feed(data[start : start + step])
    return decoder.finish()


@pytest.mark.parametrize("coding", COMPRESSORS)
@given(body=st.binary(max_size=200), step=st.integers(1, 50))
def test_what_was_compressed_comes_back(coding: str, body: bytes, step: int) -> None:
    assert decode(coding, COMPRESSORS[coding](body), step=step) == body


def test_all_members_of_a_gzip_body_are_read() -> None:
    assert decode("gzip", gzip.compress(b"one, ") + gzip.compress(b"two")) == b"one, two"


def test_an_empty_body_may_claim_any_coding_we_know() -> None:
    assert decode("gzip", b"") == b""


@pytest.mark.parametrize(
    "coding", ["br", "zstd", "compress", "gzip, gzip", "gzip, br", "gzi\u00fe"]
)
def test_a_coding_we_did_not_ask_for_is_refused(coding: str) -> None:
    with pytest.raises(FetchError) as caught:
        Decoder(coding, 1)
    assert caught.value.cause is Cause.BAD_ENCODING


@pytest.mark.parametrize("coding", ["gzip", "deflate", " Deflate "])
@given(data=st.data())
def test_a_stream_that_is_cut_is_incomplete(coding: str, data: st.DataObject) -> None:
    whole = COMPRESSORS[coding](b"a body that is long enough to be cut")
    kept = data.draw(st.integers(1, len(whole) - 1))
    with pytest.raises(FetchError) as caught:
        decode(coding, whole[:kept])
    assert caught.value.cause is Cause.INCOMPLETE


@pytest.mark.parametrize(
    ("coding", "data"),
    [
        ("gzip", b"<!doctype html>"),
        ("gzip", gzip.compress(b"body", mtime=0)[:-8] + b"\0" * 8),  # wrong checksum
        ("gzip", gzip.compress(b"body", mtime=0) + b"something else"),
        ("deflate", zlib.compress(b"body")[:-4] + b"\0" * 4),
        ("deflate", b"\xff" * 20),
    ],
)
def test_a_corrupt_stream_is_a_bad_encoding(coding: str, data: bytes) -> None:
    with pytest.raises(FetchError) as caught:
        decode(coding, data)
    assert caught.value.cause is Cause.BAD_ENCODING


@pytest.mark.parametrize("coding", COMPRESSORS)
def test_a_body_may_be_as_large_as_the_limit_and_not_a_byte_larger(coding: str) -> None:
    compress = COMPRESSORS[coding]
    assert decode(coding, compress(b"x" * 1000), max_bytes=1000) == b"x" * 1000
    with pytest.raises(FetchError) as caught:
        decode(coding, compress(b"x" * 1001), max_bytes=1000)
    assert caught.value.cause is Cause.TOO_LARGE


def test_a_bomb_is_not_unpacked_beyond_the_limit() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    decoder = Decoder("gzip", 10_000)
    tracemalloc.start()
    try:
        with pytest.raises(FetchError) as caught:
            decoder.feed(bomb)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.cause is Cause.TOO_LARGE
    assert peak < 1_000_000
