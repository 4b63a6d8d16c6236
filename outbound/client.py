"""Fetching one URL: bounded in time and size, to public addresses only, redirects included."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from time import monotonic
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from outbound.addresses import check_url
from outbound.deadlines import suspended
from outbound.decoding import ACCEPT_ENCODING, Decoder
from outbound.errors import Cause, FetchError, ForbiddenAddress, InvalidURL
from outbound.failures import name_failure
from outbound.headers import Request, check_extra, conditions
from outbound.heads import admit_head
from outbound.limits import Limits
from outbound.lookup import StrictResolver, SystemResolver
from outbound.sockets import Hop, current_hop, gate

Headers = CIMultiDictProxy[str]
NO_HEADERS: Headers = CIMultiDictProxy(CIMultiDict())
BeforeRedirect = Callable[[str, Headers], Awaitable[None]]
"""Is given the URL to which a redirect leads, and the header of the redirect."""

IDLE_SECONDS = 5.0
"""How long a connection that nobody uses stays open for the next request to the same host."""
LOOKUP_SECONDS = 10
"""How long a look-up is remembered. The address is checked again whenever it is dialled."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PIECE_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, whatever its status: a 304, 404 or 503 is the caller's to judge.

    url: as it was asked for. final_url: the one that gave this answer.
    headers: case-insensitive; `getall` gives repeated fields. What is not UTF-8 is replaced.
    body: decompressed. elapsed_seconds: over all redirects.
    redirects: each (status, URL that answered with it), in order.
    is_conditional: whether only news was asked for, so that a 304 says that there is none.
    """

    url: str
    final_url: str
    status: int
    headers: Headers
    body: bytes
    elapsed_seconds: float
    redirects: tuple[tuple[int, str], ...]
    is_conditional: bool = False


class Client:
    """Makes requests within `limits`, keeping connections open between them.

    Use it as `async with Client(limits) as client`, one for many visits: as many run at once as
    are awaited, and it may live as long as its event loop. What it remembers is bounded: look-ups
    for `LOOKUP_SECONDS`, unused connections for `IDLE_SECONDS`. It keeps no cookies, sends no
    credentials of its own and ignores proxy variables and .netrc.
    Names are looked up by the system unless a `resolver` is given, which the caller closes.
    """

    def __init__(self, limits: Limits, *, resolver: AbstractResolver | None = None) -> None:
        self._limits = limits
        self._resolver = resolver or SystemResolver()
        self._owns_resolver = resolver is None

    async def __aenter__(self) -> Self:
        # A POST goes over a connection of its own: one that was kept may just have been closed by
        # the host, and then nobody could say whether the body arrived.
        opened = {"GET": self._open_session(IDLE_SECONDS), "POST": self._open_session(None)}
        self._sessions: Mapping[str, aiohttp.ClientSession] = opened
        return self

    def _open_session(self, idle_seconds: float | None) -> aiohttp.ClientSession:
        limits = self._limits
        session = aiohttp.ClientSession(
            # No limit on connections: waiting for a free one would count as time to connect.
            connector=aiohttp.TCPConnector(
                resolver=self._strict_resolver(),
                socket_factory=gate(
                    limits.allowed_networks,
                    limits.max_wire_bytes,
                    is_proxied=limits.proxy is not None,
                ),
                limit=0,
                keepalive_timeout=idle_seconds,
                force_close=idle_seconds is None,
                ttl_dns_cache=LOOKUP_SECONDS,
            ),
            headers={
                "User-Agent": limits.user_agent,
                "Accept-Encoding": ACCEPT_ENCODING,
            },
            # `connect` spans look-up, connection and TLS; the total is kept over all hops.
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
            proxy=limits.proxy,
        )
        # It would send a request again at once whenever a connection breaks; see _visit.
        session._retry_connection = False
        return session

    def _strict_resolver(self) -> AbstractResolver:
        # With a proxy its own is the only name that is looked up, and the operator chose that.
        if self._limits.proxy is not None:
            return self._resolver
        return StrictResolver(self._resolver, self._limits.allowed_networks)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for session in self._sessions.values():
            await session.close()
        if self._owns_resolver:
            await self._resolver.close()

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        answered_by: str | None = None,
        accept: str | None = None,
        headers: Mapping[str, str] | None = None,
        before_redirect: BeforeRedirect | None = None,
    ) -> Fetched:
        """GET `url` and return the answer, following at most `max_redirects` redirects.

        `etag` and `last_modified` are the values of an earlier answer's headers, sent back as they
        are (RFC 9110, section 13.1) and to no other address than the one that gave it:
        `answered_by`, the `final_url` of that answer, or else `url`.
        `headers` are sent along, and never to another origin than that of `url`.
        `before_redirect` is awaited before each redirect is followed. It may take its time, which
        does not count, and what it raises ends the fetch: so a caller can be polite to every host.

        Raises `InvalidURL` if `url` and `InvalidHeader` if `headers` cannot be sent at all,
        `FetchError` for all that fails.
        """
        request = Request(
            "GET",
            {"Accept": accept or "*/*"},
            conditions(etag, last_modified),
            check_extra(headers or {}),
            answered_by=answered_by or "",
        )
        return await self._within_time(url, request, self._limits.max_redirects, before_redirect)

    async def post(
        self,
        url: str,
        body: bytes,
        *,
        content_type: str = "application/json",
        accept: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Fetched:
        """POST `body` to `url` and return the answer; raises as `fetch` does.

        A redirect is an answer like any other, its body unread: what was sent to one address is not
        sent to another. `body` goes out as it is, so that it can be signed. After `FetchError` it
        may have arrived all the same, unless the cause is that no connection was made.
        """
        request = Request(
            "POST",
            {"Accept": accept or "*/*", "Content-Type": content_type},
            {},
            check_extra(headers or {}),
            body,
        )
        return await self._within_time(url, request, None)

    async def _within_time(
        self,
        url: str,
        request: Request,
        max_redirects: int | None,
        before_redirect: BeforeRedirect | None = None,
    ) -> Fetched:
        try:
            async with asyncio.timeout(self._limits.total_seconds) as deadline:

                async def admit_redirect(target: str, answer: Headers) -> None:
                    if before_redirect is not None:
                        async with suspended(deadline):
                            await before_redirect(target, answer)

                return await self._follow(url, request, max_redirects, admit_redirect)
        except TimeoutError as error:
            detail = f"no complete answer within {self._limits.total_seconds:g} s"
            raise FetchError(Cause.TIMEOUT, detail) from error

    async def _follow(
        self,
        url: str,
        request: Request,
        max_redirects: int | None,
        before_redirect: BeforeRedirect,
    ) -> Fetched:
        """Make the request at each hop; a redirect ends it if `max_redirects` is None."""
        started = monotonic()
        current = self._admit(url)
        request = replace(request, answered_by=request.answered_by or str(current))
        redirects: list[tuple[int, str]] = []
        while True:
            status, answer, body = await self._visit(current, request)
            if status not in _REDIRECTS or max_redirects is None:
                elapsed, hops = monotonic() - started, tuple(redirects)
                is_conditional = bool(request.conditions_at(current))
                return Fetched(
                    url, str(current), status, answer, body, elapsed, hops, is_conditional
                )
            redirects.append((status, str(current)))
            if len(redirects) > max_redirects:
                raise FetchError(Cause.TOO_MANY_REDIRECTS, f"the last one was {current}")
            target = self._target(current, answer)
            await before_redirect(str(target), answer)
            request = request.redirected(current, target)
            current = target

    def _admit(self, url: str) -> URL:
        try:
            return check_url(url, exceptions=self._limits.allowed_networks)
        except ForbiddenAddress as error:
            raise FetchError(Cause.REFUSED_ADDRESS, str(error)) from error

    def _target(self, current: URL, answer: Headers) -> URL:
        locations = set(answer.getall("Location", ())) - {""}
        if len(locations) != 1:
            detail = "there is no Location" if not locations else "there are several Locations"
            raise FetchError(Cause.BAD_REDIRECT, detail)
        [location] = locations
        if "\ufffd" in location:
            raise FetchError(Cause.BAD_REDIRECT, f"the Location is not UTF-8: {location}")
        try:
            return self._admit(str(current.join(URL(location))))
        except InvalidURL as error:
            raise FetchError(Cause.BAD_REDIRECT, f"{error} {location}") from error
        except ValueError as error:
            raise FetchError(Cause.BAD_REDIRECT, location) from error

    async def _visit(self, url: URL, request: Request) -> tuple[int, Headers, bytes]:
        """Make one request; the body of a redirect is not read.

        If a connection breaks that was kept open, which the host may just have closed, a new one is
        tried. A host that hangs up on a new one has answered, and is not asked again.
        """
        hop = Hop()
        current_hop.set(hop)
        try:
            try:
                return await self._ask(url, request)
            except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
                if hop.has_dialled or isinstance(error, aiohttp.ClientConnectorError):
                    raise
                return await self._ask(url, request)
        except (aiohttp.ClientError, OSError, ValueError, RuntimeError) as error:
            raise name_failure(error) from error

    async def _ask(self, url: URL, request: Request) -> tuple[int, Headers, bytes]:
        headers = {**request.extra, **request.conditions_at(url), **request.headers}
        async with self._sessions[request.method].request(
            request.method, url, headers=headers, data=request.body, allow_redirects=False
        ) as response:
            major = response.version.major if response.version else None
            answer = admit_head(major, response.status, response.raw_headers)
            body = b"" if response.status in _REDIRECTS else await self._read(response, answer)
            return response.status, answer, body

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
