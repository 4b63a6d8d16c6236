"""What is read of a bill, whatever the form it came in: plain values, and what they mean."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

INTRODUCED = "introduced"
IN_COMMITTEE = "in_committee"
PASSED_CHAMBER = "passed_chamber"
PASSED = "passed"
ENACTED = "enacted"
VETOED = "vetoed"
DIED = "died"
# Values of campaigns.models.Bill.Status. "paused" is not among them: no tracker says it, and
# what is deferred or tabled comes back, or dies, without a word for it.

ENDED = frozenset({PASSED, ENACTED, VETOED, DIED})
"""Where a bill has passed or died: what waits for it should be looked at."""

_CAN_DIE = frozenset({INTRODUCED, IN_COMMITTEE, PASSED_CHAMBER})
MOST_ACTIONS = 2_000
"""Most actions that are read of one bill."""


@dataclass(frozen=True, slots=True)
class BillAction:
    """Something done with a bill on a day.

    Attributes:
        on: the day.
        text: one line, in the legislature's words.
        classification: what the tracker makes of it: words of Open States, or the action code and
            type of Congress.gov.
    """

    on: dt.date
    text: str
    classification: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BillReading:
    """Where a bill stands.

    Attributes:
        identifier: such as "AB 1215" or "H.R. 7356".
        title: "" if the answer does not say.
        jurisdiction: such as "California" or "United States".
        session: as the tracker calls it: "20192020", "116".
        url: its page for people; "" if the answer names none.
        status: a value of ``campaigns.models.Bill.Status``.
        status_on: since when it stands there; ``None`` if the answer does not say.
        latest_action: text of the latest action; "" if there is none.
        actions: what was done, oldest first.
        decided_by: the action that brought the status; ``None`` if the end of the session did, or
            nothing but the bill's being there.
        introduced_on: the day of introduction or, failing that, of the first action.
        session_ends_on: the first day on which what has not passed is dead; ``None`` if unknown.
    """

    identifier: str
    title: str
    jurisdiction: str
    session: str
    url: str
    status: str
    status_on: dt.date | None
    latest_action: str
    actions: tuple[BillAction, ...]
    decided_by: BillAction | None = None
    introduced_on: dt.date | None = None
    session_ends_on: dt.date | None = None


def has_ended(reading: BillReading) -> bool:
    """Tell whether a bill passed or died, by a vote, a veto or the end of its session.

    A bill that passed both chambers may still be signed or vetoed, and a veto be overridden.
    """
    return reading.status in ENDED


def as_of_day(reading: BillReading, day: dt.date) -> BillReading:
    """Return the reading with what the calendar adds: with its session an open bill dies.

    Neither tracker says so. One that passed both chambers does not die: it can be signed after the
    session's end, as several of the 116th Congress were.
    """
    ends_on = reading.session_ends_on
    if ends_on is None or day < ends_on or reading.status not in _CAN_DIE:
        return reading
    return replace(reading, status=DIED, status_on=ends_on, decided_by=None)


def is_same_bill(reading: BillReading, identifier: str, session: str) -> bool:
    """Tell whether a reading is of the bill on record under an identifier and a session.

    "H.R. 7356" is "HR7356"; of sessions only digits are compared, and one may lack some:
    "116th Congress" is "116", "2019-2020" is "20192020".
    """
    recorded, read = _digits(session), _digits(reading.session)
    is_same_session = not recorded or not read or recorded in read or read in recorded
    return _bare(reading.identifier) == _bare(identifier) and is_same_session


def text_of_bill(reading: BillReading) -> str:
    """Return what a reading says, for people and to be stored; equal for equal readings."""
    title = f": {reading.title}" if reading.title else ""
    since = f" since {reading.status_on}" if reading.status_on else ""
    return "\n\n".join(
        [
            f"{reading.identifier} ({reading.jurisdiction}, {reading.session}){title}",
            f"Status: {reading.status.replace('_', ' ')}{since}",
            *(_line(action) for action in reversed(reading.actions)),
        ]
    )


def passage_of_bill(reading: BillReading) -> tuple[str, int]:
    """Return the line of :func:`text_of_bill` that bears out the status, and where it begins.

    It is the deciding action or else the latest, so that what is quoted is what the tracker said;
    of a bill without actions the line of its status.
    """
    text = text_of_bill(reading)
    action = reading.decided_by or (reading.actions[-1] if reading.actions else None)
    line = _line(action) if action else text.split("\n\n")[1]
    return line, text.index(f"\n\n{line}") + 2


def _line(action: BillAction) -> str:
    return f"{action.on}: {action.text}"


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())


def _bare(identifier: str) -> str:
    return "".join(character for character in identifier.casefold() if character.isalnum())
