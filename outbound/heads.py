"""What the header of an answer must tell before its body is read: pure."""

from collections.abc import Iterable

from multidict import CIMultiDict, CIMultiDictProxy

from outbound.errors import Cause, FetchError


def admit_head(
    major: int | None, status: int, fields: Iterable[tuple[bytes, bytes]]
) -> CIMultiDictProxy[str]:
    """Return the fields of an answer whose header says what it is and how long.

    `major` is the first number of its HTTP version, None if it names none.
    Raises `FetchError` if it does not. What is not UTF-8 in it is replaced.
    """
    answer = CIMultiDictProxy(
        CIMultiDict(
            (name.decode(errors="replace"), value.decode(errors="replace"))
            for name, value in fields
        )
    )
    if major != 1:
        raise FetchError(Cause.PROTOCOL, f"HTTP version {major}")
    if status < 200:
        raise FetchError(Cause.PROTOCOL, f"status {status}")
    if status == 206:
        raise FetchError(Cause.INCOMPLETE, "status 206: only a part, though we asked for all")
    # With another coding, or several, nobody knows where the body ends (RFC 9112, section 6.1).
    codings = ",".join(answer.getall("Transfer-Encoding", ()))
    if codings.strip().lower() not in ("", "chunked", "identity"):
        raise FetchError(Cause.PROTOCOL, f"Transfer-Encoding: {codings}")
    return answer
