"""The way of one errand from host to host: each is asked in its turn, and for what it allows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from outbound.client import NO_HEADERS, Client, Fetched, Headers
from outbound.errors import FetchError
from outbound.manners import host_of
from outbound.robots import PATH
from sources.decisions import Decision
from sources.services.errands import Errand, Manners, origin_of
from sources.services.guidance import led_there
from sources.services.turns import NotNow, Turn, Turns


class OutOfTime(Exception):
    """The batch asks nobody any more."""


class Refused(Exception):
    """A host does not let us visit a URL.

    Attributes:
        decision: how the poll ended.
    """

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision)
        self.decision = decision


@dataclass(frozen=True, slots=True)
class Means:
    """What the journeys of a batch share.

    Attributes:
        client: fetches.
        manners: of the batch.
        turns: at the hosts.
        places: among those that are asked at the same time. Who waits for a turn has none, so that
            those who have a turn get one.
        passed: tells the seconds since the batch began.
        may_ask: tells whether the hosts are still ours.
    """

    client: Client
    manners: Manners
    turns: Turns
    places: asyncio.Semaphore
    passed: Callable[[], float]
    may_ask: Callable[[], bool]


class Journey:
    """Asks for what one errand wants; end it, whatever happens.

    Attributes:
        began: seconds after the batch began at which the first host was asked; ``None`` before.
    """

    def __init__(self, errand: Errand, means: Means) -> None:
        self.began: float | None = None
        self._errand = errand
        self._means = means
        self._turn: Turn | None = None
        self._origin = ""
        self._sent_on_by: set[str] = set()
        self._has_place = False
        self._is_asking = False

    async def fetch(self, host: str) -> Fetched:
        """Fetch what the errand wants, beginning at its host.

        Raises:
            Refused: a robots file on the way forbids it, or cannot be had.
            NotNow: a host on the way is not to be asked now.
            OutOfTime: the batch is over.
            InvalidURL, FetchError: as by the client.
        """
        errand = self._errand
        await self._arrive(host, errand.url, errand.origin)
        return await self._means.client.fetch(
            errand.url,
            etag=errand.etag or None,
            last_modified=errand.last_modified or None,
            answered_by=errand.answered_by or None,
            accept=errand.accept,
            headers=errand.headers,
            before_redirect=self._go_on,
        )

    def end(self, answer: Headers) -> None:
        """Leave the host that was asked last alone, as its answer wants it."""
        if self._is_asking:
            self._rest(answer)
        self._leave()

    async def _go_on(self, url: str, answer: Headers) -> None:
        self._rest(answer)
        self._note_redirect()
        await self._arrive(host_of(url), url, origin_of(url))

    async def _arrive(self, host: str, url: str, origin: str) -> None:
        """Return when the host may be asked for the URL."""
        await self._enter(host, origin)
        # A URL without an origin cannot be fetched at all, as the client says.
        is_asked = bool(origin) and self._asks_robots
        if is_asked and (refusal := await self._refusal(url, origin)):
            raise Refused(refusal if url == self._errand.url else led_there(refusal, url))
        await self._wait()

    async def _enter(self, host: str, origin: str) -> None:
        self._origin = origin
        if self._turn is None or self._turn.name != host:
            self._leave()
            self._turn = await self._means.turns.take(host, origin)

    @property
    def _asks_robots(self) -> bool:
        return self._means.manners.asks_robots and not self._errand.ignores_robots

    async def _refusal(self, url: str, origin: str) -> Decision | None:
        turn = self._here
        if not turn.guide.was_told(origin):
            self._step_aside()
            await self._means.turns.consult(turn, origin)
        if not turn.guide.knows(origin):
            await self._learn(turn, origin)
        return turn.guide.refusal(url, origin)

    async def _learn(self, turn: Turn, origin: str) -> None:
        """Fetch the robots file of a site, wherever that is, and come back."""
        await self._wait()
        found: Fetched | FetchError
        with self._means.turns.staying(turn):
            try:
                found = await self._means.client.fetch(
                    origin + PATH, accept="text/plain", before_redirect=self._follow_file
                )
            except FetchError as error:
                found = error
            turn.guide.note_file(origin, found)
            if self._turn is turn:
                self._origin = origin
            self._rest(found.headers if isinstance(found, Fetched) else NO_HEADERS)
            await self._enter(turn.name, origin)
        self._sent_on_by.clear()

    async def _follow_file(self, url: str, answer: Headers) -> None:
        """Go where the robots file is: every host lets us ask for that."""
        self._rest(answer)
        self._note_redirect()
        await self._enter(host_of(url), origin_of(url))
        await self._wait()

    async def _wait(self) -> None:
        """Wait until the host may be asked, and take a place among those that ask.

        Who is sent on, to come back to a host that has just been asked, waits no longer than we
        have patience: nothing that lies behind such a redirect could be read otherwise.
        """
        turn, means = self._here, self._means
        patience = means.manners.patience_seconds
        seconds = turn.free_at - means.passed()
        if seconds > patience and turn.name not in self._sent_on_by:
            raise NotNow(turn.name, turn.free_at)
        if seconds > 0:
            self._step_aside()
            await asyncio.sleep(min(seconds, patience))
        if not self._has_place:
            await means.places.acquire()
            self._has_place = True
        if means.passed() > means.manners.batch_seconds or not means.may_ask():
            raise OutOfTime
        self.began = means.passed() if self.began is None else self.began
        self._is_asking = True

    def _rest(self, answer: Headers) -> None:
        turn, means = self._here, self._means
        pause = turn.guide.pause_after(self._origin, answer)
        turn.free_at = means.passed() + max(pause, means.manners.gap_seconds)
        self._is_asking = False

    def _note_redirect(self) -> None:
        self._sent_on_by.add(self._here.name)

    @property
    def _here(self) -> Turn:
        assert self._turn is not None
        return self._turn

    def _step_aside(self) -> None:
        if self._has_place:
            self._has_place = False
            self._means.places.release()

    def _leave(self) -> None:
        self._step_aside()
        if self._turn is not None:
            turn, self._turn = self._turn, None
            self._means.turns.give_back(turn)
