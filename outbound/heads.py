"""What the header of an answer must tell before its body is read."""

import aiohttp
from multidict import CIMultiDict, CIMultiDictProxy

from outbound.errors import Cause, FetchError


def admit_head(response: aiohttp.ClientResponse) -> CIMultiDictProxy[str]:
    """Return the fields of an answer whose header says what it is and how long.

    Raises `FetchError` if it does not. What is not UTF-8 in it is replaced.
    """
    answer = CIMultiDictProxy(
        CIMultiDict(
            (name.decode(errors="replace"), value.decode(errors="replace"))
            for name, value in response.raw_headers
        )
    )
    if response.version is None or response.version.major != 1:
        raise FetchError(Cause.PROTOCOL, f"HTTP version {response.version}")
    if response.status < 200:
        raise FetchError(Cause.PROTOCOL, f"status {response.status}")
    if response.status == 206:
        raise FetchError(Cause.INCOMPLETE, "status 206: only a part, though we asked for all")
    # With another coding, or several, nobody knows where the body ends (RFC 9112, section 6.1).
    codings = ",".join(answer.getall("Transfer-Encoding", ()))
    if codings.strip().lower() not in ("", "chunked", "identity"):
        raise FetchError(Cause.PROTOCOL, f"Transfer-Encoding: {codings}")
    return answer
