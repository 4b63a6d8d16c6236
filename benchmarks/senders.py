"""Processes that send mail, each started ahead and let go at a word.

``python -m benchmarks.senders KIND FIRST COUNT`` says that it is ready; at each line of its
standard input it sends and says what it sent; it ends with its input. The kinds:

- ``ours``: batches of alerts that are due, until none is left.
- ``bare``: COUNT messages of the size of an alert over one connection, each envelope at once.
- ``committing``: the same, with a row of ``bare_sending`` updated and committed after each message
  and before the content of the next, from row FIRST on.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from time import monotonic_ns

import django
from django.conf import settings

from benchmarks.costs import resident_bytes

CONTENT = b"%s\r\n" % (b"x" * 70) * 52 + b".\r\n"
"""As long as an alert."""

_UPDATE = "UPDATE bare_sending SET is_sent = true WHERE id = {}"


def main() -> None:
    """Be such a process."""
    kind, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    django.setup()
    work = {"ours": _ours, "bare": _bare, "committing": _committing}[kind]
    _say("ready")
    for _line in sys.stdin:
        _say(*work(first, count))


def _say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def _ours(first: int, count: int) -> Iterator[int]:
    """Send what is due. Yields the number, and the memory after a tenth of COUNT and at the end."""
    from django.utils import timezone

    from alerts.services import send_mail

    sent, early = 0, 0
    while batch := send_mail(now=timezone.now()).total():
        sent += batch
        if not early and sent >= count / 10:
            early = resident_bytes()
    late = resident_bytes()
    yield from (sent, early or late, late)


def _bare(first: int, count: int) -> Iterator[int]:
    _transmit(count, lambda number: None, lambda: None)
    yield count


def _committing(first: int, count: int) -> Iterator[int]:
    from django.db import connection

    connection.ensure_connection()
    if connection.vendor == "postgresql":
        from alerts.services.prepared import PreparedStatement

        update = _UPDATE.format("$1").encode()
        statement = PreparedStatement(connection.connection, b"bare_%d" % monotonic_ns(), update)
        _transmit(count, lambda number: statement.begin(b"%d" % (first + number)), statement.finish)
    else:
        cursor = connection.cursor()
        _transmit(
            count,
            lambda number: cursor.execute(_UPDATE.format("%s"), [first + number]),
            lambda: None,
        )
    yield count


def _transmit(count: int, begin: Callable[[int], object], finish: Callable[[], object]) -> None:
    """Send messages over a bare connection, and have each written down."""
    with closing(socket.create_connection((settings.EMAIL_HOST, settings.EMAIL_PORT))) as server:
        replies = server.makefile("rb")
        server.sendall(b"EHLO bench\r\n")
        while replies.readline()[:4] != b"250 ":
            pass
        for number in range(count):
            recipient = b"%d@bench.example" % number
            server.sendall(
                b"MAIL FROM:<bench@bench.example> BODY=8BITMIME\r\nRCPT TO:<%s>\r\nDATA\r\n"
                % recipient
            )
            finish()
            for _reply in range(3):
                replies.readline()
            server.sendall(CONTENT)
            replies.readline()
            begin(number)
        finish()


if __name__ == "__main__":
    main()
