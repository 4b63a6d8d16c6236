"""Bills of the US Congress, as the Congress.gov API and BILLSTATUS tell of them: pure.

Shapes: ``/v3/bill/{congress}/{type}/{number}`` has a member ``bill``, ``…/actions`` the members
``actions`` (newest first) and ``request``; see ``Documentation/BillEndpoint.md`` of
LibraryOfCongress/api.congress.gov. What an action means is taken, as that documentation and its
maintainers advise, from the codes of the Library of Congress ("Action Codes",
https://www.congress.gov/help/field-values/action-codes), of which the table below holds those that
matter; where there is no such code, from the words with which the House and Senate clerks put it.
House floor codes are not used: E30000 stands for signatures and vetoes, and H37300 for motions
that passed and that failed.

That a bill died with its Congress is in no answer. Congresses end on 3 January of odd years (20th
Amendment, section 1).
"""

from __future__ import annotations

import datetime as dt
import re

from sources.causes import Cause
from sources.extraction.bills.members import (
    day_of,
    needed_text,
    objects_of,
    text_of,
)
from sources.extraction.bills.readings import MOST_ACTIONS, BillAction, BillReading
from sources.extraction.bills.stages import Event, Progress
from sources.extraction.errors import Unreadable
from sources.extraction.json_text import Json

JURISDICTION = "United States"

_TYPES = {
    # Kind of bill: how it is cited, and what its address on Congress.gov calls it.
    "HR": ("H.R.", "house-bill"),
    "S": ("S.", "senate-bill"),
    "HJRES": ("H.J.Res.", "house-joint-resolution"),
    "SJRES": ("S.J.Res.", "senate-joint-resolution"),
    "HCONRES": ("H.Con.Res.", "house-concurrent-resolution"),
    "SCONRES": ("S.Con.Res.", "senate-concurrent-resolution"),
    "HRES": ("H.Res.", "house-resolution"),
    "SRES": ("S.Res.", "senate-resolution"),
}
TYPES = tuple(_TYPES)
"""Types of bills and resolutions, as the API spells them in answers."""

_ONE_CHAMBER = frozenset({"HRES", "SRES"})
_EVENTS = {
    "2000": Event.COMMITTEE,  # Referred to House committee
    "3000": Event.COMMITTEE,  # Referred to House subcommittee
    "4000": Event.COMMITTEE,  # House committee/subcommittee actions
    "4100": Event.COMMITTEE,  # House committee/subcommittee hearings
    "4200": Event.COMMITTEE,  # House committee/subcommittee markups
    "5000": Event.COMMITTEE,  # Reported to House
    "11000": Event.COMMITTEE,  # Referred to Senate committee
    "12000": Event.COMMITTEE,  # Referred to Senate subcommittee
    "13000": Event.COMMITTEE,  # Senate committee/subcommittee actions
    "13100": Event.COMMITTEE,  # Senate committee/subcommittee hearings
    "13200": Event.COMMITTEE,  # Senate committee/subcommittee markups
    "14000": Event.COMMITTEE,  # Reported to Senate
    "8000": Event.PASSAGE,  # Passed/agreed to in House
    "17000": Event.PASSAGE,  # Passed/agreed to in Senate
    "9000": Event.FAILURE,  # Failed of passage/not agreed to in House
    "18000": Event.FAILURE,  # Failed of passage/not agreed to in Senate
    "28000": Event.CLEARED,  # Presented to President
    "29000": Event.ENACTMENT,  # Signed by President
    "30000": Event.VETO,  # Pocket vetoed by President
    "31000": Event.VETO,  # Vetoed by President
    "36000": Event.ENACTMENT,  # Became Public Law
}
_COMMITTEE = r"referred to the (?:\w+ ){0,3}?(?:sub)?committee"
_WORDS = [
    (re.compile(words, re.IGNORECASE), event)
    for words, event in (
        (r"became (?:public|private) law", Event.ENACTMENT),
        (r"signed by president", Event.ENACTMENT),
        (r"(?:pocket )?vetoed by president", Event.VETO),
        (r"presented to president|cleared for white house", Event.CLEARED),
        # Over a veto: the law that follows has a line of its own.
        (r"(?:passed|failed of passage in) (?:house|senate) over veto", None),
        (r"(?:passed/agreed to in|passed) (?:the )?(?:house|senate)\b", Event.PASSAGE),
        (r"failed of passage", Event.FAILURE),
        (rf"(?:read twice and |received in the senate .{{0,40}})?{_COMMITTEE}", Event.COMMITTEE),
        (r"ordered to be reported|reported by", Event.COMMITTEE),
    )
]
_CHAMBER_WORDS = 40
"""In how many of the first characters the chamber is named that acted."""
_CHANGED = re.compile(r"\bwith (?:an? )?amendments?\b|\(amended\)|, as amended", re.IGNORECASE)
_SENATE = re.compile(r"\bsenate\b", re.IGNORECASE)
# Two thirds were asked for and not reached; the bill can come up again under a rule.
_SUSPENSION = re.compile(r"suspend the rules", re.IGNORECASE)
_CODES_OF_SENATE = frozenset({"17000", "18000"})


def read_congress(document: Json) -> BillReading:
    """Read the answer of either endpoint, or a document with what both have.

    Of ``…/{number}`` alone, without actions, the status is what its laws and latest action tell.

    Raises:
        Unreadable: ``selector_gone``; ``incomplete`` when there are more pages of actions.
    """
    bill: Json = document.get("bill", {}) if isinstance(document, dict) else {}
    request: Json = document.get("request", {}) if isinstance(document, dict) else {}
    if text_of(document, "pagination", "next"):
        raise Unreadable(Cause.INCOMPLETE, "there are more actions on another page: use BILLSTATUS")
    congress, kind, number = _which_bill(bill, request)
    introduced_on = day_of(bill, "introducedDate")
    actions = _with_laws(bill, _actions(document) or _actions_of_bill(bill, introduced_on))
    progress = Progress(chambers=1 if kind in _ONE_CHAMBER else 2)
    for action in actions:
        _note(progress, action)
    days = [action.on for action in actions] + ([introduced_on] if introduced_on else [])
    decided_by = progress.decided_by
    cited, _ = _TYPES[kind]
    return BillReading(
        identifier=f"{cited} {number}",
        title=text_of(bill, "title"),
        jurisdiction=JURISDICTION,
        session=congress,
        url=page_of_bill(congress, kind, number),
        status=progress.stage,
        status_on=decided_by.on if decided_by else min(days, default=None),
        latest_action=actions[-1].text if actions else "",
        actions=actions,
        decided_by=decided_by,
        introduced_on=min(days, default=None),
        session_ends_on=end_of_congress(int(congress)),
    )


def _which_bill(bill: Json, request: Json) -> tuple[str, str, str]:
    """Return the Congress, the type and the number, by the bill itself or by what was asked."""
    kind = text_of(bill, "type") or text_of(bill, "billType") or text_of(request, "billType")
    number = text_of(bill, "number") or text_of(bill, "billNumber")
    number = number or needed_text(request, "billNumber")
    congress = text_of(bill, "congress") or needed_text(request, "congress")
    kind = kind.upper()
    if kind not in _TYPES or not congress.isdecimal() or len(congress) > 3:
        raise Unreadable(Cause.SELECTOR_GONE, "the answer does not say which bill it is of")
    return congress, kind, number


def end_of_congress(congress: int) -> dt.date:
    """Return the day on which a Congress ends, at noon; of the 74th (1935) and later ones."""
    return dt.date(1789 + 2 * congress, 1, 3)


def page_of_bill(congress: str, kind: str, number: str) -> str:
    """Return the address of a bill's page on Congress.gov."""
    _, name = _TYPES[kind]
    ending = (
        "th"
        if congress[-2:-1] == "1"
        else {"1": "st", "2": "nd", "3": "rd"}.get(congress[-1], "th")
    )
    return f"https://www.congress.gov/bill/{congress}{ending}-congress/{name}/{number}"


def _actions(document: Json) -> tuple[BillAction, ...]:
    """Return the actions, oldest first; what the House and the Library both report, comes twice."""
    actions = []
    for item in objects_of(document, "actions"):
        day, text = day_of(item, "actionDate"), text_of(item, "text")
        if day and text:
            marks = (text_of(item, "actionCode"), text_of(item, "type"))
            actions.append(BillAction(day, text, tuple(mark for mark in marks if mark)))
    oldest_first = actions[:MOST_ACTIONS][::-1]  # of one day as well: sorting keeps that order
    return tuple(sorted(oldest_first, key=lambda action: action.on))


def _actions_of_bill(bill: Json, introduced_on: dt.date | None) -> tuple[BillAction, ...]:
    actions = [BillAction(introduced_on, "Introduced")] if introduced_on else []
    latest: Json = bill.get("latestAction") if isinstance(bill, dict) else None
    day, text = day_of(latest, "actionDate"), text_of(latest, "text")
    return (*actions, BillAction(day, text)) if day and text else tuple(actions)


def _with_laws(bill: Json, actions: tuple[BillAction, ...]) -> tuple[BillAction, ...]:
    """Add that a bill became law where only its laws say so: of the latest action alone, that."""
    if not actions or any(action.text.startswith("Became ") for action in actions):
        return actions
    laws = (
        f"Became {text_of(law, 'type') or 'Public Law'} No: {needed_text(law, 'number')}."
        for law in objects_of(bill, "laws")
    )
    return (*actions, *(BillAction(actions[-1].on, law) for law in laws))


def _note(progress: Progress, action: BillAction) -> None:
    code = action.classification[0] if action.classification else ""
    event = _EVENTS[code] if code in _EVENTS else _event_of_words(action.text)
    if event is Event.FAILURE and _SUSPENSION.search(action.text):
        return
    if event is Event.PASSAGE and _CHANGED.search(action.text):
        event = Event.PASSAGE_CHANGED
    if event:
        by_words = code not in _EVENTS and _SENATE.search(action.text, 0, _CHAMBER_WORDS)
        is_senate = code in _CODES_OF_SENATE or by_words
        progress.note(event, action, "senate" if is_senate else "house")


def _event_of_words(text: str) -> Event | None:
    for words, event in _WORDS:
        if words.match(text):
            return event
    return None
