"""A web site for pollers: one process, many hosts on loopback, and answers that take their time.

Each source has an address of its own in 127.0.0.0/8, so that no host has to be spared, and is told
apart by it. Half of the pages have an ETag and answer 304 to who knows it; the other half sends the
same bytes again. Connections are closed after each answer, as a host that is visited once an hour
finds it.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from types import TracebackType
from typing import Self

LATENCY_SECONDS = 0.1
COMPANIES = 200
"""So many companies are in the news, each on the pages whose numbers leave the same rest."""

_MOST_WAITING = 4096
_TEXT = (
    "the committee met in spring and heard from officials residents companies that sell cameras to "
    "city several speakers asked how long recordings are kept who may see them chair thanked "
    "everyone for coming closed meeting at nine council will return after holiday with report on "
    "costs of street lights which neighbours say fail more often than ever budget office expects "
    "savings within two years if contractors agree new terms while library opens its doors again "
    "members voted against plan because money was promised before nobody knows whether state pays"
)
_WORDS = _TEXT.split()
_NAMES = ("Mayor Alder", "Springfield", "Ann Berg", "Harbour Street", "Judge Okafor", "Riverside")


def _paragraphs(count: int) -> list[str]:
    """Return paragraphs of an article, each of three sentences, no two alike."""
    chance = Random(4)  # noqa: S311 - the same page for everyone
    return [
        f"<p>{' '.join(_sentence(chance) for _ in range(3))} "
        f"<a href='/notes/{number}'>Notes of meeting {number}</a></p>\n"
        for number in range(count)
    ]


def _sentence(chance: Random) -> str:
    words = chance.choices(_WORDS, k=chance.randint(8, 20))
    if chance.random() < 0.3:
        words.insert(chance.randint(1, len(words)), chance.choice(_NAMES))
    return f"{words[0].capitalize()} {' '.join(words[1:])}."


_HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Council notes</title>'
    '<meta property="og:site_name" content="The Daily Bench"><link rel="stylesheet" href="/s.css">'
    "<script>window.state = {loaded: true};</script></head><body><header><nav><ul>"
    + "".join(f'<li><a href="/section/{number}">Section {number}</a></li>' for number in range(30))
    + '</ul></nav></header><main><h1>What the council heard</h1><article class="story">'
).encode()
_PARAGRAPHS = _paragraphs(174)
_MIDDLE = len(_PARAGRAPHS) // 2
_BEGINNING = "".join(_PARAGRAPHS[:_MIDDLE]).encode()
_END = "".join(_PARAGRAPHS[_MIDDLE:]).encode()
_FOOT = (
    '</article></main><aside class="related"><h2>Related stories</h2><ul>'
    + "".join(f'<li><a href="/story/{number}">Story {number}</a></li>' for number in range(20))
    + "</ul></aside><footer><p>All rights reserved.</p></footer></body></html>"
).encode()


class Mode(StrEnum):
    """What the pages do in a round."""

    SAME = "same"
    """None differs from the round before."""
    TOUCHED = "touched"
    """Those without an ETag differ in their markup, and say the same."""
    NEWS = "news"
    """Those without an ETag say something new, of their company."""


def page(number: int, mode: Mode, turn: int) -> bytes:
    """Return the page of a source in a turn; it has 60 kB."""
    mark = f"<input type='hidden' name='token' value='{turn if mode == Mode.TOUCHED else 0:032}'>"
    news = ""
    if mode == Mode.NEWS:
        news = (
            f"<p>Company {number % COMPANIES} has put a one-year moratorium on sales of face "
            f"recognition to police in ward {number % 100} of district {number // 100}, on request "
            f"{turn}, effective today.</p>"
        )
    return b"".join((_HEAD, mark.encode(), _BEGINNING, news.encode(), _END, _FOOT))


def host_of(number: int) -> str:
    """Return the address of a source, by its number."""
    return f"127.{number // 62_500 + 1}.{number // 250 % 250 + 1}.{number % 250 + 1}"


def number_of(host: str) -> int:
    """Return the number of a source, by its address."""
    _, high, middle, low = (int(part) for part in host.split("."))
    return ((high - 1) * 250 + middle - 1) * 250 + low - 1


def has_etag(number: int) -> bool:
    """Whether a page can answer "304 Not Modified"."""
    return number % 2 == 0


@dataclass(slots=True)
class _State:
    mode: Mode = Mode.SAME
    turn: int = 0


class _Visitor(asyncio.Protocol):
    """One connection, for one request."""

    def __init__(self, state: _State) -> None:
        self._state = state
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not transport.get_extra_info("peername")[0].startswith("127."):
            transport.abort()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if b"\r\n\r\n" in self._received:
            loop = asyncio.get_running_loop()
            loop.call_later(LATENCY_SECONDS, self._transport.write, self._answer())
            loop.call_later(LATENCY_SECONDS, self._transport.close)

    def _answer(self) -> bytes:
        number = number_of(self._transport.get_extra_info("sockname")[0])
        if self._received.startswith(b"GET /robots.txt "):
            return _response("404 Not Found", b"")
        if not has_etag(number):
            return _response("200 OK", page(number, self._state.mode, self._state.turn))
        if b'"the-same"' in self._received:
            return _response("304 Not Modified", b"", etag=True)
        return _response("200 OK", page(number, Mode.SAME, 0), etag=True)


def _response(status: str, body: bytes, *, etag: bool = False) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n"
    head += 'ETag: "the-same"\r\n' if etag else ""
    head += "" if status.startswith("304") else f"Content-Length: {len(body)}\r\n"
    return f"{head}\r\n".encode() + body


class PolledSite:
    """The site in a process of its own: ``with PolledSite() as site``."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603 - the program is our own
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._port = int(self._heard())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # The end of its input ends it.
        self._process.communicate()

    def url(self, number: int) -> str:
        """Return the address of a page."""
        return f"http://{host_of(number)}:{self._port}/page"

    def begin(self, mode: Mode, turn: int) -> None:
        """Begin a turn; all that is asked from now on is answered as it wants it."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{mode} {turn}\n".encode())
        self._process.stdin.flush()
        self._heard()

    def _heard(self) -> bytes:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


async def _serve() -> None:
    loop, state, told = asyncio.get_running_loop(), _State(), asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(told), sys.stdin)
    # All of 127.0.0.0/8 at once; who comes from elsewhere is cut off.
    everywhere = "0.0.0.0"  # noqa: S104
    server = await loop.create_server(lambda: _Visitor(state), everywhere, 0, backlog=_MOST_WAITING)
    _say(str(server.sockets[0].getsockname()[1]))
    async with server:
        while line := await told.readline():
            mode, turn = line.decode().split()
            state.mode, state.turn = Mode(mode), int(turn)
            _say("begun")


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_serve())
