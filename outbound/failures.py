"""What aiohttp and the system raise, by our names."""

import ssl

import aiohttp

from outbound.errors import Cause, FetchError
from outbound.sockets import FLOODED, RefusedError

# The first line that matches decides. aiohttp's classes overlap, hence the order.
_CAUSES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Cause], ...] = (
    (aiohttp.ClientConnectorDNSError, Cause.DNS),
    ((aiohttp.ClientSSLError, ssl.SSLError), Cause.TLS),
    # aiohttp's RuntimeErrors are about connecting: a look-up that found nothing, a closed client.
    ((aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError, RuntimeError), Cause.CONNECT),
    (TimeoutError, Cause.TIMEOUT),
    ((aiohttp.ClientPayloadError, aiohttp.ServerDisconnectedError, OSError), Cause.INCOMPLETE),
    (Exception, Cause.PROTOCOL),
)


def name_failure(error: Exception) -> FetchError:
    """Return the failure that `error` amounts to; it is one that a request or its body raised."""
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, RefusedError):
        return FetchError(Cause.REFUSED_ADDRESS, error.os_error.strerror or "")
    if FLOODED in str(error):  # aiohttp keeps the words of what broke a connection, not its class
        return FetchError(Cause.TOO_LARGE, FLOODED)
    cause = next(cause for kinds, cause in _CAUSES if isinstance(error, kinds))
    return FetchError(cause, _seen(error) or type(error).__name__)


def _seen(error: Exception) -> str:
    """Return what was seen in words for people, where an error has some: no codes, no classes."""
    seen = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error
    if isinstance(seen, ssl.SSLCertVerificationError):
        return f"certificate: {seen.verify_message}"
    if isinstance(seen, ssl.SSLError):
        return (seen.reason or str(seen)).lower().replace("_", " ")
    if isinstance(seen, OSError) and seen.strerror:
        return seen.strerror
    return str(error)
