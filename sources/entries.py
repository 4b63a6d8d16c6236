"""Which entries of a feed are new, and which were edited: pure.

An entry is known if any of its keys is: its id, its URL, what it says. Feeds break each of these
(ids are made anew, addresses move, one page is the address of all entries), so that a key weighs
as much as the rest agrees with it, and every entry on record stands for one of the feed at most.
What is reported is reported once; what has left the feed is forgotten by nobody.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sources.edits import is_edit, resemble
from sources.extraction import Entry

MAX_KEYS = 30
"""Most keys that are kept of an entry: some feeds give every entry a new id at every visit."""
MANY = 5
"""Fewer entries than this are never suspicious."""
LONG_AGO = dt.timedelta(days=7)
"""After so long, a feed without dates may well hold nothing that it held before."""


@dataclass(frozen=True, slots=True)
class Known:
    """An entry on record.

    Attributes:
        entry_id: whose number it is.
        meaning: :attr:`Entry.meaning` when it was last taken over.
        text: its text at that time; "" if that is not on record.
        key_count: how many keys are on record of it.
    """

    entry_id: int
    meaning: str
    text: str
    key_count: int = 0


@dataclass(frozen=True, slots=True)
class LastReading:
    """The last successful reading of the feed.

    Attributes:
        entry_count: how many entries it held.
        read_on: the day, in UTC.
        ago: how long ago that is.
    """

    entry_count: int
    read_on: dt.date
    ago: dt.timedelta


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry that was never seen. ``keys`` are to be kept as its own, whoever had them before."""

    entry: Entry
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditedEntry:
    """A known entry that says something else than ``before``.

    Its text and meaning are to be kept instead of those on record, and ``keys``, which may be
    none, as its own, whoever had them before.
    """

    entry: Entry
    entry_id: int
    before: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecognizedEntry:
    """A known entry of which something is to be kept, though it is no news.

    Attributes:
        entry: as it is now.
        entry_id: which one it is on record.
        keys: to be kept as its own, whoever had them before; may be none.
        is_unread: whether its text and meaning are to be kept, too, for want of any on record.
            Otherwise those on record stay: they are what an edit is measured by.
    """

    entry: Entry
    entry_id: int
    keys: tuple[str, ...]
    is_unread: bool


@dataclass(frozen=True, slots=True)
class Matches:
    """What a feed holds beside what is on record, each in the order of the feed.

    Attributes:
        new: to be reported, unless it is the first reading.
        edited: to be reported.
        recognized: to be kept silently.
        is_suspicious: whether the feed seems to have been replaced as a whole. Then nothing of it
            should be kept or reported before a person has looked.
    """

    new: tuple[NewEntry, ...]
    edited: tuple[EditedEntry, ...]
    recognized: tuple[RecognizedEntry, ...]
    is_suspicious: bool = False


def match_entries(
    entries: Sequence[Entry], known: Mapping[str, Known], last: LastReading | None = None
) -> Matches:
    """Tell what is new, what was edited and what is known under a further key.

    Args:
        entries: of the feed.
        known: by key, what is on record of all :attr:`Entry.keys` of the entries; more than these
            do no harm.
        last: ``None`` if the feed was never read before, which is never suspicious.
    """
    matches = _Matcher(entries, known).match()
    is_suspicious = last is not None and _is_suspicious(entries, known, matches, last)
    return replace(matches, is_suspicious=is_suspicious)


def _is_suspicious(
    entries: Sequence[Entry], known: Mapping[str, Known], matches: Matches, last: LastReading
) -> bool:
    """Whether so much is new at once that the site was rebuilt rather than busy.

    A feed that is read rarely may have moved on entirely since: then its entries are dated after
    the last reading (a day early, because of time zones), or it was long ago.
    """
    if last.entry_count < MANY or len(matches.new) < MANY:
        return False
    recognized = sum(any(key in known for key in entry.keys) for entry in entries)
    if recognized * 10 > len(entries):
        return False
    earliest = last.read_on - dt.timedelta(days=1)
    credible = sum(
        found.entry.published_on >= earliest if found.entry.published_on else last.ago >= LONG_AGO
        for found in matches.new
    )
    return credible * 2 < len(matches.new)


class _Matcher:
    """One feed beside what is on record."""

    def __init__(self, entries: Sequence[Entry], known: Mapping[str, Known]) -> None:
        self._entries = entries
        self._known = known
        self._keys = [
            (*identities, entry.text_key) if entry.text_key else identities
            for entry, identities in zip(entries, _telling_identities(entries), strict=True)
        ]
        self._claims = self._settle()
        self._claimed = {claim.entry_id for claim in self._claims.values()}
        self._given: dict[str, list[str]] = {}
        """By each key that an entry gains now: all that it gains."""

    def match(self) -> Matches:
        edited: list[tuple[Entry, Known, list[str]]] = []
        recognized: list[tuple[Entry, Known, list[str]]] = []
        new: list[tuple[Entry, list[str]]] = []
        for index, claim in sorted(self._claims.items()):
            entry = self._entries[index]
            is_edited = bool(claim.text) and self._is_edit(claim, entry)
            keys = self._give(self._gained(index, claim, is_edited))
            (edited if is_edited else recognized).append((entry, claim, keys))
        for index, entry in enumerate(self._entries):
            if index not in self._claims and (keys := self._new_keys(index)):
                new.append((entry, self._give(keys)))
        # Only now are the keys complete: an entry can be in a feed twice.
        return Matches(
            new=tuple(NewEntry(entry, tuple(keys)) for entry, keys in new),
            edited=tuple(
                EditedEntry(entry, claim.entry_id, claim.text, tuple(keys))
                for entry, claim, keys in edited
            ),
            recognized=tuple(
                RecognizedEntry(entry, claim.entry_id, tuple(keys), is_unread=not claim.text)
                for entry, claim, keys in recognized
                if keys or not claim.text
            ),
        )

    def _settle(self) -> dict[int, Known]:
        """Return which entry on record each entry is: the closest pairs first, each in one pair."""
        pairs = []
        for index, keys in enumerate(self._keys):
            found = [self._known[key] for key in keys if key in self._known]
            candidates = {candidate.entry_id: candidate for candidate in found}
            for order, candidate in enumerate(candidates.values()):
                if (distance := self._distance(index, candidate)) is not None:
                    pairs.append((distance, order, index, candidate))
        claims: dict[int, Known] = {}
        claimed: set[int] = set()
        for _, _, index, candidate in sorted(pairs, key=lambda pair: pair[:3]):
            if index not in claims and candidate.entry_id not in claimed:
                claims[index] = candidate
                claimed.add(candidate.entry_id)
        return claims

    def _distance(self, index: int, candidate: Known) -> int | None:
        """Return how far an entry is from one on record that has a key of it; ``None``: too far."""
        entry, keys = self._entries[index], self._keys[index]
        if candidate.meaning == entry.meaning:
            return 0
        if all(self._is_of(key, candidate) for key in keys if key != entry.text_key):
            return 1
        if self._is_of(entry.text_key, candidate):
            return 2
        # Some of it says that it is the same entry and some that it is not: the text decides.
        if not candidate.text or resemble(candidate.text, entry.text):
            return 3
        # Without a key of its own, it could never be remembered as another.
        return None if any(key not in self._known for key in keys) else 4

    def _is_of(self, key: str, candidate: Known) -> bool:
        found = self._known.get(key)
        return found is not None and found.entry_id == candidate.entry_id

    def _is_edit(self, known: Known, entry: Entry) -> bool:
        return known.meaning != entry.meaning and is_edit(known.text, entry.text)

    def _gained(self, index: int, claim: Known, is_edited: bool) -> list[str]:
        """Return the keys that a known entry gains.

        What it says becomes one only when that is news: with a counter in its text, an entry would
        gain a key at every visit.
        """
        text_key = self._entries[index].text_key
        return [
            key
            for key in self._free(self._keys[index])
            if not self._is_of(key, claim)
            and (is_edited or key != text_key)
            and (key in self._known or claim.key_count < MAX_KEYS)
        ]

    def _new_keys(self, index: int) -> list[str]:
        """Return the keys of an entry that is none of those on record; none if it is not new."""
        entry, keys = self._entries[index], self._keys[index]
        free = self._free(keys)
        twin = next((self._given[key] for key in keys if key in self._given), None)
        if twin is not None:
            twin += free
            self._given.update(dict.fromkeys(free, twin))
            return []
        rivals = [self._known[key] for key in keys if key in self._known]
        is_old = entry.text_key in self._known or any(
            rival.text and not self._is_edit(rival, entry) for rival in rivals
        )
        return [] if is_old else free

    def _free(self, keys: Sequence[str]) -> list[str]:
        """Return the keys that are of no other entry of this feed."""
        return [
            key
            for key in dict.fromkeys(keys)
            if key not in self._given
            and (key not in self._known or self._known[key].entry_id not in self._claimed)
        ]

    def _give(self, keys: list[str]) -> list[str]:
        self._given.update(dict.fromkeys(keys, keys))
        return keys


def _telling_identities(entries: Sequence[Entry]) -> list[tuple[str, ...]]:
    """Return the identities of each entry, without those that tell nothing in this feed.

    An address that is that of several entries, which else have nothing in common, is that of a list
    or of the site; an id, likewise, is a constant.
    """
    holders: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        for key in dict.fromkeys(entry.identities):
            holders[key].append(entry)
    shared = {key for key, group in holders.items() if len(group) > 1 and _differ(key, group)}
    return [
        tuple(key for key in entry.identities if key not in shared) or entry.identities
        for entry in entries
    ]


def _differ(key: str, group: Sequence[Entry]) -> bool:
    others = {tuple(other for other in entry.identities if other != key) for entry in group}
    return len(others - {()}) > 1 and len({entry.meaning for entry in group}) > 1
