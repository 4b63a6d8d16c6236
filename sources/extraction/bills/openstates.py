"""Bills of US states, and of Congress, as Open States v3 tells of them: pure.

Shape: ``Bill`` in ``api/schemas.py`` of openstates/api-v3, asked for with ``include=actions`` and
``include=sources``. There is no status in it. What an action means are the words of its
``classification`` (``BILL_ACTION_CLASSIFICATION_CHOICES`` in ``openstates/data/common.py`` of
openstates/openstates-core), which the scraper of each state gives:

- ``became-law``, ``executive-signature``, and ``executive-veto-line-item``, after which the rest
  is law: enacted; so does ``veto-override-passage`` in every chamber;
- ``executive-veto``: vetoed;
- ``enrolled``, ``executive-receipt``: passed, as is ``passage`` in every chamber. Whether the
  chambers agree on its words yet is not told;
- ``failure`` (of passage), and ``withdrawal`` unless it is from a committee, as California's
  scraper calls that: died. So are actions without a class that say "died", "sine die" or
  "indefinitely postponed", for scrapers do not know all words of their state;
- ``referral-committee``, ``committee-passage`` and its kin, also ``committee-failure``, after
  which a committee may reconsider: in committee.

That a bill died with its session is told by some scrapers as ``failure`` (California: "From
committee: Filed with the Chief Clerk pursuant to Joint Rule 56") and by others not at all. The end
of a session is in another answer, ``/jurisdictions/{id}?include=legislative_sessions``; it is to
be given by whoever sets up the source. Of the US Congress it is known.
"""

from __future__ import annotations

import re

from sources.causes import Cause
from sources.extraction.bills.congress import end_of_congress
from sources.extraction.bills.members import (
    day_of,
    needed_text,
    objects_of,
    text_of,
    web_address,
    words_of,
)
from sources.extraction.bills.readings import MOST_ACTIONS, BillAction, BillReading
from sources.extraction.bills.stages import Event, Progress
from sources.extraction.errors import Unreadable
from sources.extraction.json_text import Json

_US = "ocd-jurisdiction/country:us/government"
_EVENTS = (
    # Of several classes of one action the first of these counts.
    ("became-law", Event.ENACTMENT),
    ("executive-signature", Event.ENACTMENT),
    ("executive-veto-line-item", Event.ENACTMENT),
    ("veto-override-passage", Event.OVERRIDE),
    ("executive-veto", Event.VETO),
    ("executive-receipt", Event.CLEARED),
    ("enrolled", Event.CLEARED),
    ("passage", Event.PASSAGE),
    ("failure", Event.FAILURE),
    ("withdrawal", Event.FAILURE),
    ("committee-passage", Event.COMMITTEE),
    ("committee-passage-favorable", Event.COMMITTEE),
    ("committee-passage-unfavorable", Event.COMMITTEE),
    ("committee-failure", Event.COMMITTEE),
    ("referral-committee", Event.COMMITTEE),
)
_DEATH = re.compile(r"\b(?:died|sine die|indefinitely postponed)\b", re.IGNORECASE)
_FROM_COMMITTEE = re.compile(r"from (?:the )?com", re.IGNORECASE)


def read_openstates(document: Json) -> BillReading:
    """Read the answer of ``/bills/{jurisdiction}/{session}/{bill_id}`` or ``/bills/ocd-bill/{id}``.

    Raises:
        Unreadable: ``selector_gone``, also when the answer comes without actions.
    """
    identifier = needed_text(document, "identifier")
    session = needed_text(document, "session")
    if not isinstance(document, dict) or not isinstance(document.get("actions"), list):
        raise Unreadable(Cause.SELECTOR_GONE, "the answer has no actions: ask with include=actions")
    dated = [(action, _chamber(item)) for action, item in _actions(document)]
    progress = Progress(chambers=_chambers(document))
    for action, chamber in dated:
        if event := _event(action):
            progress.note(event, action, chamber)
    decided_by = progress.decided_by
    actions = tuple(action for action, _ in dated)
    introduced_on = day_of(document, "first_action_date") or (actions[0].on if actions else None)
    if actions and introduced_on:
        introduced_on = min(introduced_on, actions[0].on)
    is_congress = text_of(document, "jurisdiction", "id") == _US and session.isdecimal()
    return BillReading(
        identifier=identifier,
        title=text_of(document, "title"),
        jurisdiction=needed_text(document, "jurisdiction", "name"),
        session=session,
        url=_url(document),
        status=progress.stage,
        status_on=decided_by.on if decided_by else introduced_on,
        latest_action=actions[-1].text if actions else "",
        actions=actions,
        decided_by=decided_by,
        introduced_on=introduced_on,
        session_ends_on=end_of_congress(int(session[:3])) if is_congress else None,
    )


def _actions(document: Json) -> list[tuple[BillAction, dict[str, Json]]]:
    """Return the actions, oldest first: by day, and within a day as they are numbered."""
    found = []
    for item in objects_of(document, "actions"):
        day, text = day_of(item, "date"), text_of(item, "description")
        if day and text:
            found.append((BillAction(day, text, words_of(item, "classification")), item))
    found.sort(key=lambda pair: (pair[0].on, _order(pair[1])))
    return found[-MOST_ACTIONS:]


def _order(item: dict[str, Json]) -> int:
    order = text_of(item, "order")
    return int(order) if order.isdecimal() and len(order) < 10 else 0


def _chamber(item: dict[str, Json]) -> str:
    return text_of(item, "organization", "classification")


def _chambers(document: Json) -> int:
    """Return how many chambers must agree: one of a single house, and for its own resolution."""
    is_single_house = text_of(document, "from_organization", "classification") == "legislature"
    return 1 if is_single_house or words_of(document, "classification") == ("resolution",) else 2


def _event(action: BillAction) -> Event | None:
    for word, event in _EVENTS:
        if word in action.classification:
            if word == "withdrawal" and _FROM_COMMITTEE.search(action.text):
                return Event.COMMITTEE
            return event
    if not action.classification and _DEATH.search(action.text):
        return Event.FAILURE
    return None


def _url(document: Json) -> str:
    """Return the legislature's page of the bill, or failing that the one of Open States."""
    addresses = [text_of(source, "url") for source in objects_of(document, "sources")]
    addresses.append(text_of(document, "openstates_url"))
    return next(filter(None, map(web_address, addresses)), "")
