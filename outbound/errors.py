"""What can go wrong with a request to the outside.

    OutboundError
    ├── InvalidURL             the URL itself cannot be fetched: tell whoever typed it
    │   └── ForbiddenAddress   its host is an address that we never connect to
    ├── InvalidHeader          a field to send along cannot be sent: tell whoever configured it
    └── FetchError             the URL is fine, the visit failed; says why in `cause`

Nothing else leaves `outbound`, but for `asyncio.CancelledError`.
"""

from enum import StrEnum

_DETAIL_CHARACTERS = 300


class Cause(StrEnum):
    """Why a visit failed. The values are stored and public; `sentence` is for people."""

    DNS = "dns"
    REFUSED_ADDRESS = "refused_address"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    BAD_ENCODING = "bad_encoding"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    BAD_REDIRECT = "bad_redirect"
    INCOMPLETE = "incomplete"
    PROTOCOL = "protocol"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    Cause.DNS: "The host name could not be found.",
    Cause.REFUSED_ADDRESS: "The host is not on the public internet.",
    Cause.CONNECT: "No connection could be made to the host.",
    Cause.TLS: "No secure connection could be made to the host.",
    Cause.TIMEOUT: "The host took too long.",
    Cause.TOO_LARGE: "The answer is too large.",
    Cause.BAD_ENCODING: "The answer could not be decompressed.",
    Cause.TOO_MANY_REDIRECTS: "The URL redirects too many times.",
    Cause.BAD_REDIRECT: "The URL redirects to something that cannot be fetched.",
    Cause.INCOMPLETE: "The answer ended before it was complete.",
    Cause.PROTOCOL: "The answer is not valid HTTP, or its header is too large.",
}


class OutboundError(Exception):
    """Anything that `outbound` raises."""


class InvalidURL(OutboundError, ValueError):
    """The URL cannot be fetched, whatever the network does; the message is one clear sentence."""


class ForbiddenAddress(InvalidURL):
    """The URL names an address that is not on the public internet."""


class InvalidHeader(OutboundError, ValueError):
    """A field that the caller wants sent cannot be; names it, and never quotes its value."""


class FetchError(OutboundError):
    """A visit failed.

    `cause` is the machine's word for it; `detail` is what was seen, at most 300 characters. It may
    quote the remote host, so escape it wherever it is shown.
    """

    def __init__(self, cause: Cause, detail: str = "") -> None:
        self.cause = cause
        self.detail = detail[:_DETAIL_CHARACTERS]
        super().__init__(cause, self.detail)

    def __str__(self) -> str:
        return f"{self.cause.sentence} ({self.detail})" if self.detail else self.cause.sentence
