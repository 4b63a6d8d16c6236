"""Fetching one URL: bounded in time and size, to public addresses only, redirects included."""

import asyncio
import errno
import socket
import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from time import monotonic
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from outbound.addresses import check_url, refusal
from outbound.decoding import ACCEPT_ENCODING, Decoder
from outbound.errors import Cause, FetchError, ForbiddenAddress, InvalidURL
from outbound.limits import Limits

Headers = CIMultiDictProxy[str]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CONDITIONS = ("If-None-Match", "If-Modified-Since")
_PIECE_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, whatever its status: a 304, 404 or 503 is the caller's to judge.

    url: as it was asked for. final_url: the one that gave this answer.
    headers: case-insensitive; `getall` gives repeated fields. What is not UTF-8 is replaced.
    body: decompressed. elapsed_seconds: over all redirects.
    redirects: each (status, URL that answered with it), in order.
    """

    url: str
    final_url: str
    status: int
    headers: Headers
    body: bytes
    elapsed_seconds: float
    redirects: tuple[tuple[int, str], ...]


class Client:
    """Makes requests within `limits`, keeping connections open between them.

    Use it as `async with Client(limits) as client`, one for many fetches: as many run at once as
    are awaited. It keeps no cookies, sends no credentials and ignores proxy variables and .netrc.
    Names are looked up by the system unless a `resolver` is given, which the caller closes.
    """

    _session: aiohttp.ClientSession

    def __init__(self, limits: Limits, *, resolver: AbstractResolver | None = None) -> None:
        self._limits = limits
        self._resolver = resolver

    async def __aenter__(self) -> Self:
        limits = self._limits
        self._session = aiohttp.ClientSession(
            # No limit on connections: waiting for a free one would count as time to connect.
            connector=aiohttp.TCPConnector(
                resolver=self._resolver, socket_factory=self._open_socket, limit=0
            ),
            headers={
                "User-Agent": limits.user_agent,
                "Accept-Encoding": ACCEPT_ENCODING,
            },
            # `connect` spans look-up, connection and TLS; the total is kept over all hops in fetch.
            timeout=aiohttp.ClientTimeout(
                total=None,
                connect=limits.connect_seconds,
                sock_read=limits.read_seconds,
            ),
            max_line_size=limits.max_header_bytes,
            max_field_size=limits.max_header_bytes,
            max_headers=limits.max_header_fields,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str | None = None,
    ) -> Fetched:
        """GET `url` and return the answer, following at most `max_redirects` redirects.

        `etag` and `last_modified` are the values of an earlier answer's headers, sent back as they
        are (RFC 9110, section 13.1) and never to another origin than that of `url`.

        Raises `InvalidURL` if `url` cannot be fetched at all, `FetchError` for all that fails.
        """
        headers = {"Accept": accept or "*/*"}
        for name, value in zip(_CONDITIONS, (etag, last_modified), strict=True):
            # Unprintable, it cannot be sent as it was; without it we only get the whole page again.
            if value and value.isprintable():
                headers[name] = value
        try:
            async with asyncio.timeout(self._limits.total_seconds):
                return await self._follow(url, headers)
        except TimeoutError as error:
            detail = f"no complete answer within {self._limits.total_seconds:g} s"
            raise FetchError(Cause.TIMEOUT, detail) from error

    async def _follow(self, url: str, headers: dict[str, str]) -> Fetched:
        started = monotonic()
        current = self._admit(url)
        redirects: list[tuple[int, str]] = []
        while True:
            status, answer, body = await self._visit(current, headers)
            if status not in _REDIRECTS:
                elapsed = monotonic() - started
                return Fetched(url, str(current), status, answer, body, elapsed, tuple(redirects))
            redirects.append((status, str(current)))
            if len(redirects) > self._limits.max_redirects:
                raise FetchError(Cause.TOO_MANY_REDIRECTS, f"the last one was {current}")
            target = self._redirected(current, answer)
            if target.origin() != current.origin():
                headers = {k: v for k, v in headers.items() if k not in _CONDITIONS}
            current = target

    def _admit(self, url: str) -> URL:
        try:
            return check_url(url, exceptions=self._limits.allowed_networks)
        except ForbiddenAddress as error:
            raise FetchError(Cause.REFUSED_ADDRESS, str(error)) from error

    def _redirected(self, current: URL, answer: Headers) -> URL:
        location = answer.get("Location")
        if not location:
            raise FetchError(Cause.BAD_REDIRECT, "there is no Location")
        try:
            return self._admit(str(current.join(URL(location))))
        except InvalidURL as error:
            raise FetchError(Cause.BAD_REDIRECT, f"{error} {location}") from error
        except ValueError as error:
            raise FetchError(Cause.BAD_REDIRECT, location) from error

    async def _visit(self, url: URL, headers: dict[str, str]) -> tuple[int, Headers, bytes]:
        """Make one request; the body of a redirect is not read."""
        try:
            async with self._session.get(url, headers=headers, allow_redirects=False) as response:
                if response.status < 200:
                    raise FetchError(Cause.PROTOCOL, f"status {response.status}")
                answer = CIMultiDictProxy(
                    CIMultiDict(
                        (name.decode(errors="replace"), value.decode(errors="replace"))
                        for name, value in response.raw_headers
                    )
                )
                body = b"" if response.status in _REDIRECTS else await self._read(response, answer)
                return response.status, answer, body
        except (aiohttp.ClientError, OSError, ValueError, RuntimeError) as error:
            raise _failure(error) from error

    async def _read(self, response: aiohttp.ClientResponse, answer: Headers) -> bytes:
        limits = self._limits
        decoder = Decoder(",".join(answer.getall("Content-Encoding", ())), limits.max_decoded_bytes)
        received = 0
        async for piece in response.content.iter_chunked(_PIECE_BYTES):
            received += len(piece)
            if received > limits.max_bytes:
                raise FetchError(Cause.TOO_LARGE, f"more than {limits.max_bytes} bytes")
            decoder.feed(piece)
        return decoder.finish()

    def _open_socket(self, addr_info: aiohttp.AddrInfoType) -> socket.socket:
        """Make the socket for one address about to be dialled, or refuse to.

        aiohttp calls this for every connection with the very address it then connects to, literal
        or looked up. Whatever a name resolved to before, or resolves to later, makes no difference.
        """
        family, kind, protocol, _, sockaddr = addr_info
        address = ip_address(sockaddr[0])
        if reason := refusal(address, self._limits.allowed_networks):
            raise _RefusedError(f"{address} is a {reason} address")
        return socket.socket(family, kind, protocol)


class _RefusedError(OSError):
    """The system-error shape in which aiohttp passes on that an address was not dialled."""

    def __init__(self, reason: str) -> None:
        super().__init__(errno.EACCES, reason)

    def __str__(self) -> str:
        # The same for every address: aiohttp merges errors that differ into a nameless one.
        return "address refused"


# The first line that matches decides. aiohttp's classes overlap, hence the order.
_CAUSES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Cause], ...] = (
    (aiohttp.ClientConnectorDNSError, Cause.DNS),
    ((aiohttp.ClientSSLError, ssl.SSLError), Cause.TLS),
    # aiohttp's RuntimeErrors are about connecting: a look-up that found nothing, a closed client.
    ((aiohttp.ClientConnectorError, RuntimeError), Cause.CONNECT),
    (TimeoutError, Cause.TIMEOUT),
    (
        (aiohttp.ClientPayloadError, aiohttp.ServerDisconnectedError, OSError),
        Cause.INCOMPLETE,
    ),
    (Exception, Cause.PROTOCOL),
)


def _failure(error: Exception) -> FetchError:
    """Name what aiohttp raised."""
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(
        error.os_error, _RefusedError
    ):
        return FetchError(Cause.REFUSED_ADDRESS, error.os_error.strerror or "")
    cause = next(cause for kinds, cause in _CAUSES if isinstance(error, kinds))
    return FetchError(cause, str(error) or type(error).__name__)
