"""Posting to many endpoints at once, on the background loop."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from types import TracebackType
from typing import Self

from django.conf import settings
from django.utils import timezone

from alerts.messages import one_line
from outbound.background import kept, run
from outbound.client import Client, Fetched
from outbound.errors import OutboundError
from outbound.limits import Limits
from outbound.manners import retry_after

EXCERPT_LENGTH = 500
"""Characters of an answer that are kept."""

_MAX_SECONDS = 60.0
_SECONDS_TO_WAIT = 5.0
"""Longest for a request for which somebody waits, and a thread of the web server with him."""
_MAX_BYTES = 1_000_000
"""Larger answers are failures: what is asked for is a status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One request to an endpoint.

    Attributes:
        key: whose it is; no two of one key are under way together.
        url: where to.
        body: JSON, exactly as it was signed.
        headers: what goes along.
    """

    key: int
    url: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a request ended.

    Attributes:
        status: of HTTP; ``None`` if there was no complete answer.
        detail: the status and the beginning of the answer, or what went wrong; as it came from
            outside: escape it wherever it is shown.
        retry_after: how long the endpoint asks to be left alone.
    """

    status: int | None
    detail: str
    retry_after: dt.timedelta | None = None

    @property
    def is_success(self) -> bool:
        """Whether the message was taken (2xx)."""
        return (
            self.status is not None and HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES
        )

    @property
    def is_gone(self) -> bool:
        """Whether nothing is to be sent there any more."""
        return self.status == HTTPStatus.GONE

    @property
    def is_about_the_message(self) -> bool:
        """Whether another message may fare better at once."""
        return self.status is not None and (
            HTTPStatus.BAD_REQUEST <= self.status < HTTPStatus.INTERNAL_SERVER_ERROR
            and self.status not in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
        )


class Posts:
    """Requests that are under way; those that still are when it is left are cancelled.

    None lasts longer than ``WEBHOOK_SECONDS``, nor than ``longest`` seconds.
    """

    def __init__(self, *, longest: float = _MAX_SECONDS) -> None:
        self._longest = longest
        self._tasks: dict[asyncio.Task[Answer], int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        run(self._end())

    def exchange(self, new: Sequence[Post], *, seconds: float) -> list[tuple[int, Answer]]:
        """Begin new requests, and return keys and answers as soon as there is one.

        Nothing is returned if there is none within some seconds, or if nothing is under way.
        """
        return run(self._exchange(new, seconds))

    async def _exchange(self, new: Sequence[Post], seconds: float) -> list[tuple[int, Answer]]:
        client = await kept(Client, _limits(self._longest))
        for post in new:
            self._tasks[asyncio.create_task(_send(client, post))] = post.key
        if not self._tasks:
            return []
        done, _others = await asyncio.wait(
            self._tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
        return [(self._tasks.pop(task), task.result()) for task in done]

    async def _end(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)


def post_once(post: Post) -> Answer:
    """Make one request and wait for its answer, for some seconds only."""
    with Posts(longest=_SECONDS_TO_WAIT) as posts:
        # It ends by itself long before that.
        [(_key, answer)] = posts.exchange([post], seconds=_MAX_SECONDS)
    return answer


def _limits(longest: float) -> Limits:
    """The bounds of all requests, and a tighter one on time and size."""
    limits = Limits.from_settings()
    return replace(
        limits,
        total_seconds=min(settings.WEBHOOK_SECONDS, longest),
        max_bytes=min(_MAX_BYTES, limits.max_bytes),
        max_decoded_bytes=min(_MAX_BYTES, limits.max_decoded_bytes),
    )


async def _send(client: Client, post: Post) -> Answer:
    try:
        fetched = await client.post(post.url, post.body, headers=post.headers)
    except OutboundError as error:
        return Answer(status=None, detail=one_line(str(error))[:EXCERPT_LENGTH])
    wait = retry_after(fetched.headers, timezone.now())
    return Answer(status=fetched.status, detail=_described(fetched), retry_after=wait)


def _described(fetched: Fetched) -> str:
    """Return the status and what came with it, on one line."""
    if HTTPStatus.MULTIPLE_CHOICES <= fetched.status < HTTPStatus.BAD_REQUEST:
        where = one_line(fetched.headers.get("Location", ""))[:EXCERPT_LENGTH]
        return f"{fetched.status} Redirects are not followed: {where}"
    excerpt = one_line(fetched.body[: 8 * EXCERPT_LENGTH].decode("utf-8", "replace"))
    return f"{fetched.status} {excerpt[:EXCERPT_LENGTH]}".rstrip()
