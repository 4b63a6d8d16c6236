"""From what was done with a bill to where it stands: pure; the same for every tracker."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from sources.extraction.bills.readings import (
    DIED,
    ENACTED,
    IN_COMMITTEE,
    INTRODUCED,
    PASSED,
    PASSED_CHAMBER,
    VETOED,
    BillAction,
)


class Event(Enum):
    """What an action means for a bill."""

    COMMITTEE = auto()
    """A committee has it, or had it and reports."""
    PASSAGE = auto()
    """A chamber passed it."""
    PASSAGE_CHANGED = auto()
    """A chamber passed it in other words than it got it in: the other one must agree."""
    CLEARED = auto()
    """Both chambers passed it in one form: it was enrolled or presented to be signed."""
    OVERRIDE = auto()
    """A chamber passed it over a veto."""
    ENACTMENT = auto()
    VETO = auto()
    FAILURE = auto()
    """It was voted down for good, withdrawn, or left to die."""


@dataclass(slots=True)
class Progress:
    """Where a bill stands after the actions noted so far, which come oldest first.

    Attributes:
        chambers: how many chambers must pass it: one for what a single chamber resolves.
        stage: where it stands; a bill that is there was introduced.
        decided_by: the action that brought it there.
    """

    chambers: int = 2
    stage: str = INTRODUCED
    decided_by: BillAction | None = None
    _passed: set[str] = field(default_factory=set)
    _overrode: set[str] = field(default_factory=set)

    def note(self, event: Event, action: BillAction, chamber: str = "") -> None:
        """Note what an action means; the last word counts.

        A law stays one, and a veto stands until the bill is law. A bill that was given up lives
        again when a committee or a chamber acts on it. Only what changes the status is its day.
        """
        if self.stage == ENACTED:
            return
        stage = self._after(event, chamber)
        if self.stage == VETOED and stage != ENACTED:
            return
        if stage != self.stage or self.decided_by is None:
            self.stage, self.decided_by = stage, action

    def _after(self, event: Event, chamber: str) -> str:
        if event is Event.COMMITTEE:
            # After a chamber passed it, the other one's committees have it.
            furthest = PASSED_CHAMBER if self._passed else IN_COMMITTEE
            return PASSED if self.stage == PASSED else furthest
        if event in (Event.PASSAGE, Event.PASSAGE_CHANGED):
            is_first = not self._passed - {chamber}
            self._passed.add(chamber)
            is_agreed = is_first or event is Event.PASSAGE
            return PASSED if len(self._passed) >= self.chambers and is_agreed else PASSED_CHAMBER
        if event is Event.OVERRIDE:
            self._overrode.add(chamber)
            return ENACTED if len(self._overrode) >= self.chambers else self.stage
        return {
            Event.CLEARED: PASSED,
            Event.ENACTMENT: ENACTED,
            Event.VETO: VETOED,
            Event.FAILURE: DIED,
        }[event]
