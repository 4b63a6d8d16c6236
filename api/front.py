"""A cache of rendered bytes in front of Django, for anonymous reads of the API.

It wraps the WSGI application, so that a repeated read costs no middleware, no view and no query.
What it sends is what Django sent: an answer is taken apart once, and both the one that was just
rendered and those repeated from memory are put together from these parts by the same lines.

Why it is never wrong: an answer is kept with the data as it stood *before* it was rendered. It may
therefore be newer than that, never older; and it is given out only while the data still stands so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from types import TracebackType
from typing import Any, TypeAlias

from django.conf import settings

from api.answers import Answer, Headers, Key
from api.conditions import NOT_MODIFIED, has_answer, without_representation
from api.delivery import CACHEABLE, STANDING
from api.encodings import negotiate
from api.standings import Standing, Standings

ExcInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
)
Environ: TypeAlias = dict[str, Any]
StartResponse: TypeAlias = Callable[..., object]
Application: TypeAlias = Callable[[Environ, Any], Iterable[bytes]]

PREFIX = "/api/v1/"
_OK = "200 OK"
# These belong to one sending, to one client or to one moment, so they are not repeated.
_FLEETING = frozenset({"date", "ratelimit", "ratelimit-policy", "retry-after", "x-request-id"})
_KNOWN_VARY = frozenset({"accept", "accept-encoding", "accept-language", "authorization", "origin"})


class CachedReads:
    """Answers what it has, and asks the application for the rest."""

    def __init__(self, application: Application, standings: Standings | None = None) -> None:
        """Wrap an application; ``standings`` knows the version of the data."""
        self._application = application
        self._standings = standings or Standings(settings.API_CACHE_BYTES)
        self._also_varies_by = _also_varies_by()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or not environ["PATH_INFO"].startswith(
            PREFIX
        ):
            return self._application(environ, start_response)
        standing = self._standings.current()
        if standing is None:
            return self._application(environ, start_response)
        if "HTTP_AUTHORIZATION" in environ or environ.get("CONTENT_LENGTH") not in (None, "", "0"):
            environ[STANDING] = standing
            return self._application(environ, _without_length_of_nothing(start_response))
        key = (
            environ["PATH_INFO"],
            environ.get("QUERY_STRING"),
            # Only hosts that Django accepted have an answer here, for it refuses others with 400.
            environ.get("HTTP_HOST"),
            environ.get("HTTP_ACCEPT"),
            negotiate(environ.get("HTTP_ACCEPT_ENCODING", "")),
            environ.get("wsgi.url_scheme"),
            *[environ.get(name) for name in self._also_varies_by],
        )
        answer = standing.answers.get(key)
        if answer is None:
            return self._miss(environ, start_response, standing, key)
        if not answer.is_dated and answer.second <= standing.at:
            standing.dates.note(key, answer)
        return _send(environ, start_response, answer)

    def _miss(
        self,
        environ: Environ,
        start_response: StartResponse,
        standing: Standing,
        key: Key,
    ) -> Iterable[bytes]:
        """Ask for the answer in full, whatever its sender has, and keep it if it may be kept."""
        inner = {**environ, "REQUEST_METHOD": "GET", STANDING: standing}
        inner.pop("HTTP_IF_NONE_MATCH", None)
        inner.pop("HTTP_IF_MODIFIED_SINCE", None)
        start = _Start()
        body = self._application(inner, start)
        if start.status_line != _OK or not inner.get(CACHEABLE):
            return _pass_on(environ, start_response, start, body)
        lasting: Headers = []
        fleeting: Headers = []
        for header in start.headers:
            (fleeting if header[0].lower() in _FLEETING else lasting).append(header)
        answer = Answer(
            lasting,
            _joined(body),
            made_at=self._standings.now(),
            second=standing.dates.second(key, _value(lasting, "etag")),
        )
        if _may_be_kept(lasting):
            standing.answers.keep(key, answer)
        return _send(environ, start_response, answer, fleeting)


def _also_varies_by() -> tuple[str, ...]:
    """Return what else of a request Django looks at, as it is set up here."""
    names = []
    if settings.SECURE_PROXY_SSL_HEADER:
        names.append(settings.SECURE_PROXY_SSL_HEADER[0])
    if settings.USE_X_FORWARDED_HOST:
        names.append("HTTP_X_FORWARDED_HOST")
    if settings.USE_X_FORWARDED_PORT:
        names.append("HTTP_X_FORWARDED_PORT")
    if len(settings.LANGUAGES) > 1:
        names += ["HTTP_ACCEPT_LANGUAGE", "HTTP_COOKIE"]
    return tuple(names)


def _send(
    environ: Environ,
    start_response: StartResponse,
    answer: Answer,
    fleeting: Headers | None = None,
) -> Iterable[bytes]:
    """Send an answer; what belongs to this one sending is in ``fleeting``."""
    more = fleeting or []
    if_none_match = environ.get("HTTP_IF_NONE_MATCH")
    if_modified_since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if (if_none_match is not None or if_modified_since is not None) and answer.is_known(
        if_none_match, if_modified_since
    ):
        # A server may change the list that it is given (PEP 3333), so it gets its own.
        start_response(NOT_MODIFIED, [*answer.not_modified_headers(), *more])
        return []
    start_response(_OK, [*answer.headers(), *more])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]


def _pass_on(
    environ: Environ, start_response: StartResponse, start: _Start, body: Iterable[bytes]
) -> Iterable[bytes]:
    """Send what may not be kept, judging the conditions that were held back from it."""
    headers = start.headers
    is_known = start.status_line == _OK and has_answer(
        environ.get("HTTP_IF_NONE_MATCH"),
        environ.get("HTTP_IF_MODIFIED_SINCE"),
        etag=_value(headers, "etag"),
    )
    if is_known:
        start_response(NOT_MODIFIED, without_representation(headers))
    else:
        start_response(start.status_line, headers, *start.failure)
    if is_known or environ["REQUEST_METHOD"] == "HEAD":
        _close(body)
        return []
    return body


def _without_length_of_nothing(start_response: StartResponse) -> StartResponse:
    """Let a 304 say nothing of its length: Django gives it as 0, which is not the answer's."""

    def start(status: str, headers: Headers, *failure: ExcInfo) -> object:
        kept = without_representation(headers) if status == NOT_MODIFIED else headers
        return start_response(status, kept, *failure)

    return start


def _may_be_kept(headers: Headers) -> bool:
    values = {name.lower(): value for name, value in headers}
    varies_by = {name.strip() for name in values.get("vary", "").lower().split(",")}
    return varies_by <= _KNOWN_VARY and "set-cookie" not in values


def _value(headers: Headers, name: str) -> str | None:
    return next((value for header, value in headers if header.lower() == name), None)


def _joined(body: Iterable[bytes]) -> bytes:
    try:
        return b"".join(body)
    finally:
        _close(body)


def _close(body: Iterable[bytes]) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()


class _Start:
    """Stands in for the server's ``start_response`` and notes what the application says."""

    def __init__(self) -> None:
        self.status_line = str(HTTPStatus.INTERNAL_SERVER_ERROR.value)
        self.headers: Headers = []
        self.failure: tuple[ExcInfo, ...] = ()

    def __call__(
        self, status: str, headers: Headers, exc_info: ExcInfo | None = None
    ) -> Callable[[bytes], object]:
        self.status_line = status
        self.headers = headers
        self.failure = () if exc_info is None else (exc_info,)
        return _refuse_to_write


def _refuse_to_write(data: bytes) -> object:
    """Be the ``write`` that PEP 3333 asks for and that Django never uses."""
    raise NotImplementedError("an answer is given as an iterable here")
