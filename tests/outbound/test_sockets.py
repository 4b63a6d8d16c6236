"""The count of what one answer brings, in every way in which a loop reads and writes."""

import errno
import socket
from collections.abc import Callable, Iterator

import pytest

from outbound.sockets import FLOODED, MeteredSocket

Read = Callable[[MeteredSocket, int], object]
READERS: dict[str, Read] = {
    "recv": lambda metered, size: metered.recv(size),
    "recv_into": lambda metered, size: metered.recv_into(bytearray(size)),  # how TLS reads
}
WRITERS: dict[str, Callable[[MeteredSocket], object]] = {
    "send": lambda metered: metered.send(b"x"),
    "sendmsg": lambda metered: metered.sendmsg([b"x"]),
}


@pytest.fixture
def pair() -> Iterator[tuple[MeteredSocket, socket.socket]]:
    ours, theirs = socket.socketpair()
    metered = MeteredSocket(ours.family, ours.type, ours.proto, fileno=ours.detach())
    metered.max_bytes = 10
    with metered, theirs:
        yield metered, theirs


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_as_much_as_allowed_comes_in_and_not_a_byte_more(
    read: Read, pair: tuple[MeteredSocket, socket.socket]
) -> None:
    metered, theirs = pair
    theirs.send(b"y" * 11)
    read(metered, 4)
    read(metered, 6)
    with pytest.raises(OSError, match=FLOODED) as caught:
        read(metered, 1)
    assert caught.value.errno == errno.EMSGSIZE


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_every_request_starts_the_count_anew(
    read: Read,
    write: Callable[[MeteredSocket], object],
    pair: tuple[MeteredSocket, socket.socket],
) -> None:
    metered, theirs = pair
    for _ in range(3):
        write(metered)
        theirs.send(b"y" * 10)
        read(metered, 10)
