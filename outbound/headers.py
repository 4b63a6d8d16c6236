"""What a request carries, and what of it a redirect may take along: pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from yarl import URL

from outbound.errors import InvalidHeader

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
# Visible characters, inside also blanks: no line breaks, and nothing that is not ASCII.
_VALUE = re.compile(r"[!-~]([ \t!-~]*[!-~])?")

# What the client decides itself: who asks, how the message is framed, what comes back and in which
# form. A cookie would make us a visitor who is remembered, a range would bring home half a page.
_OURS = frozenset(
    {
        "accept",
        "accept-encoding",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "cookie",
        "expect",
        "host",
        "keep-alive",
        "range",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    }
)
_OUR_FAMILIES = ("if-", "proxy-")
_CONDITIONS = ("If-None-Match", "If-Modified-Since")


@dataclass(slots=True)
class Request:
    """What is sent at each hop.

    conditional: fields about what an earlier answer said, for the address that gave it alone.
    answered_by: that address. extra: the caller's own, maybe secret.
    """

    method: str
    headers: Mapping[str, str]
    conditional: Mapping[str, str]
    extra: Mapping[str, str]
    body: bytes | None = None
    answered_by: str = ""

    def redirected(self, current: URL, target: URL) -> Self:
        """Return the same without what another origin must not get."""
        return self if target.origin() == current.origin() else replace(self, extra={})

    def conditions_at(self, url: URL) -> Mapping[str, str]:
        """Return the fields that ask for news only; none where something else answered before.

        Another page is not unchanged because it is as old. A site that moved to https answers from
        there, and so does its validator hold there.
        """
        spellings = {str(url)}
        if url.scheme == "https":
            spellings.add(str(url.with_scheme("http")))
        return self.conditional if self.answered_by in spellings else {}


def check_extra(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that a caller wants sent along, such as the key of an API.

    Raises `InvalidHeader` for a name or value that HTTP does not allow (a line break would forge
    another field) and for a field that is the client's own to set.
    """
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name):
            raise InvalidHeader("The name of a header field is not valid.")
        if name.lower() in _OURS or name.lower().startswith(_OUR_FAMILIES):
            raise InvalidHeader(f"The header field {name} cannot be chosen.")
        if not _VALUE.fullmatch(value):
            raise InvalidHeader(f"The value of the header field {name} is not valid.")
    return dict(headers)


def conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """Return the fields that make a request conditional (RFC 9110, section 13.1).

    The values go back as they came. One that is not printable cannot, and is left out: without it
    we only get the whole page again.
    """
    return {
        name: value
        for name, value in zip(_CONDITIONS, (etag, last_modified), strict=True)
        if value and value.isprintable()
    }
