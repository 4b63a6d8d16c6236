"""Compression: which one a request takes, and how bytes and streams are put into it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

import brotli

IDENTITY = ""
BROTLI = "br"
GZIP = "gzip"
SMALLEST_COMPRESSED = 1000
"""Bytes below which compression is not worth its headers."""

_PREFERENCE = (BROTLI, GZIP)
_BROTLI_QUALITY = 4
_GZIP_LEVEL = 6
_GZIP_BITS = 31
_FLUSH_AFTER = 65_536
_WEIGHT = re.compile(r"[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_COMPRESSIBLE = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:json|xml|yaml|x-ndjson|ndjson)\b")


@lru_cache(maxsize=1024)
def negotiate(accept_encoding: str, offered: tuple[str, ...] = _PREFERENCE) -> str:
    """Return the encoding with the highest weight, of equals the first offered.

    ``IDENTITY`` where the header names none of them, or prefers the bytes as they are. It is also
    the answer where even that is refused, as RFC 9110 (12.5.3) allows.
    """
    weights = _weights(accept_encoding)
    anything = weights.get("*", 0.0)
    best, best_weight = IDENTITY, 0.0
    for encoding in offered:
        weight = weights.get(encoding, anything)
        if weight > best_weight:
            best, best_weight = encoding, weight
    return best if best_weight >= weights.get("identity", 0.0) else IDENTITY


def _weights(accept_encoding: str) -> dict[str, float]:
    weights = {}
    for item in accept_encoding.split(","):
        name, _, parameter = (part.strip() for part in item.partition(";"))
        weight = _WEIGHT.fullmatch(parameter)
        if name and (weight or not parameter):
            name = name.lower().removeprefix("x-")
            weights[name] = float(weight[1]) if weight else 1.0
    return weights


def is_compressible(content_type: str) -> bool:
    """Tell text from what is compressed already, as spreadsheets and pictures are."""
    return _COMPRESSIBLE.match(content_type.lower()) is not None


def compress(body: bytes, encoding: str) -> bytes:
    """Return the bytes in an encoding that :func:`negotiate` chose."""
    if encoding == BROTLI:
        compressed: bytes = brotli.compress(body, quality=_BROTLI_QUALITY)
        return compressed
    if encoding == GZIP:
        return zlib.compress(body, _GZIP_LEVEL, _GZIP_BITS)
    return body


def gzip_stream(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Compress as it comes: the first chunk goes out at once, and then whatever has gathered."""
    compressor = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_BITS)
    pending = _FLUSH_AFTER
    try:
        for chunk in chunks:
            compressed = compressor.compress(chunk)
            pending += len(chunk)
            if pending >= _FLUSH_AFTER:
                compressed += compressor.flush(zlib.Z_SYNC_FLUSH)
                pending = 0
            if compressed:
                yield compressed
    except Exception:
        # What was said last may be why it breaks off here. That the end is missing says so, too.
        yield compressor.flush(zlib.Z_SYNC_FLUSH)
        raise
    yield compressor.flush()
