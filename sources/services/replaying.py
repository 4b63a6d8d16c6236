"""Reading answers by rules that are only tried, one after the other as polling would have."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sources.causes import Cause
from sources.decisions import Before, Decision, failed
from sources.entries import Known, LastReading, Matches
from sources.extraction import Entry, Feed, Page, Unreadable
from sources.kinds import PollResult, SourceKind
from sources.parsing import parsers
from sources.reading import Reading, Rules
from sources.services.deciding import decide_reading
from sources.services.guidance import short

logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Copy:
    """An answer, and when it was given."""

    body: bytes
    content_type: str
    final_url: str
    taken_at: dt.datetime


class Replay:
    """Judges what one source answered, from the oldest answer on; the database is not touched.

    Its coroutines belong on the background loop.
    """

    def __init__(self, kind: SourceKind, rules: Rules) -> None:
        """Begin with nothing known.

        Args:
            kind: of the source.
            rules: that are tried.
        """
        self._kind = kind
        self._rules = rules
        self._before: Before | None = None
        self._last: tuple[int, dt.datetime] | None = None
        self._memory = _Memory()

    async def read(self, copy: Copy) -> Reading | Decision:
        """Return what an answer says, or the decision that it cannot be read."""
        pool = await parsers()
        return await _or_failed(
            pool.read(
                self._kind,
                copy.body,
                copy.content_type,
                copy.final_url,
                self._rules,
                day=copy.taken_at.date(),
            )
        )

    async def counted(self, page: Page) -> tuple[str, ...]:
        """Return the sentences of a page that would be compared; none if that takes too long."""
        difference = await _or_failed((await parsers()).compare("", page.text, self._ignored))
        return () if isinstance(difference, Decision) else difference.new

    async def judge(self, reading: Reading, taken_at: dt.datetime) -> Decision:
        """Return how the poll would have ended that read this, and remember what it would."""
        difference = None
        if isinstance(reading, Page) and self._before is not None:
            found = await _or_failed(
                (await parsers()).compare(self._before.text, reading.text, self._ignored)
            )
            if isinstance(found, Decision):
                return found
            difference = found
        decision = decide_reading(
            reading,
            self._before,
            self._rules,
            difference=difference,
            known=self._memory.known(),
            last=self._last_reading(taken_at),
        )
        self._remember(reading, decision, taken_at)
        return decision

    @property
    def _ignored(self) -> Sequence[str]:
        return self._rules.get("ignored", ()) if self._kind == SourceKind.PAGE else ()

    def _last_reading(self, taken_at: dt.datetime) -> LastReading | None:
        if self._last is None:
            return None
        count, read_at = self._last
        return LastReading(count, read_at.date(), taken_at - read_at)

    def _remember(self, reading: Reading, decision: Decision, taken_at: dt.datetime) -> None:
        if decision.result == PollResult.FAILED:
            return
        if isinstance(reading, Feed):
            self._last = (len(reading.entries), taken_at)
        if decision.matches:
            self._memory.remember(decision.matches)
        if decision.is_kept:
            self._before = Before(
                text=decision.text,
                published_on=decision.published_on,
                modified_on=decision.modified_on,
                taken_on=taken_at.date(),
            )


class _Memory:
    """The entries of a feed, as :mod:`sources.services.entries` keeps them in the database."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._names: dict[str, int] = {}

    def known(self) -> Mapping[str, Known]:
        """Return what is on record, by key."""
        counts = Counter(self._names.values())
        entries = self._entries
        return {
            key: Known(number, entries[number].meaning, entries[number].text, counts[number])
            for key, number in self._names.items()
        }

    def remember(self, matches: Matches) -> None:
        """Keep what was said to be kept."""
        for new in matches.new:
            self._names |= dict.fromkeys(new.keys, len(self._entries))
            self._entries.append(new.entry)
        for edited in matches.edited:
            self._names |= dict.fromkeys(edited.keys, edited.entry_id)
            self._entries[edited.entry_id] = edited.entry
        for recognized in matches.recognized:
            self._names |= dict.fromkeys(recognized.keys, recognized.entry_id)


async def _or_failed(work: Awaitable[T]) -> T | Decision:
    """Return what the work returns, or the decision that it failed."""
    try:
        return await work
    except Unreadable as error:
        return failed(error.cause, short(error.detail))
    except Exception:
        logger.exception("Trying a source failed on our side")
        return failed(Cause.INTERNAL)
