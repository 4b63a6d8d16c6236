"""Undoing a Content-Encoding piece by piece, so that no bomb is ever unpacked beyond its limit."""

import zlib

from outbound.errors import Cause, FetchError

ACCEPT_ENCODING = "gzip, deflate"

_GZIP_WINDOW_BITS = 31  # 16 + 15: zlib expects the header of gzip


class Decoder:
    """Collects one body as it arrives.

    content_encoding: the header's value, empty if there is none.
    max_bytes: the most that the decoded body may hold.

    Raises `FetchError`: `bad_encoding` for a coding we did not ask for or a corrupt stream,
    `too_large` past the limit, `incomplete` for a stream that was cut.
    """

    def __init__(self, content_encoding: str, max_bytes: int) -> None:
        codings = [coding.strip().lower() for coding in content_encoding.split(",")]
        codings = [coding for coding in codings if coding not in ("", "identity")]
        if codings not in ([], ["gzip"], ["x-gzip"], ["deflate"]):
            raise FetchError(Cause.BAD_ENCODING, f"Content-Encoding: {content_encoding}")
        self._coding = codings[0] if codings else None
        self._max_bytes = max_bytes
        self._body = bytearray()
        self._stream: zlib._Decompress | None = None

    def feed(self, data: bytes) -> None:
        """Take the next piece of the body as sent."""
        if self._coding is None:
            self._keep(data)
            return
        while data:
            if self._stream is None:
                self._stream = zlib.decompressobj(self._window_bits(data[0]))
            room = self._max_bytes - len(self._body)
            try:
                self._keep(self._stream.decompress(data, room + 1))
            except zlib.error as error:
                raise FetchError(Cause.BAD_ENCODING, str(error)) from error
            data = self._stream.unused_data
            if not self._stream.eof:
                return
            if self._coding != "deflate":
                self._stream = None  # a gzip body may have several members (RFC 1952)
            elif data:
                raise FetchError(Cause.BAD_ENCODING, "data after the end of the stream")

    def finish(self) -> bytes:
        """Return the whole body."""
        if self._stream is not None and not self._stream.eof:
            raise FetchError(Cause.INCOMPLETE, "the compressed stream was cut")
        return bytes(self._body)

    def _keep(self, piece: bytes) -> None:
        self._body += piece
        if len(self._body) > self._max_bytes:
            raise FetchError(Cause.TOO_LARGE, f"more than {self._max_bytes} bytes decoded")

    def _window_bits(self, first_byte: int) -> int:
        if self._coding != "deflate":
            return _GZIP_WINDOW_BITS
        # "deflate" means zlib (RFC 9110, section 8.4.1.2), but some servers send the bare stream.
        # The low half of zlib's first byte is 8; no compressor begins a bare stream like that.
        is_zlib = first_byte & 0x0F == zlib.DEFLATED
        return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS
