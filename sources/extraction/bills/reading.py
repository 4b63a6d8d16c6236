"""Reading a bill in any of the forms."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from sources.extraction.bills.billstatus import load_billstatus
from sources.extraction.bills.congress import read_congress
from sources.extraction.bills.openstates import read_openstates
from sources.extraction.bills.readings import BillReading, as_of_day
from sources.extraction.json_text import load_json

FORMS = ("openstates-v3", "congress-gov", "billstatus")
"""The forms that are read."""


def read_bill(
    body: bytes,
    form: str,
    *,
    content_type: str = "",
    day: dt.date | None = None,
    session_ends_on: dt.date | None = None,
) -> BillReading:
    """Read an answer of a tracker.

    Args:
        body: the bytes of the answer.
        form: one of :data:`FORMS`.
        content_type: the header's value.
        day: the day of the visit: with its session an open bill dies, and no tracker says so.
        session_ends_on: the first day after the session, where the form does not tell (states).

    Raises:
        Unreadable: ``wrong_type``, ``empty``, ``incomplete`` or ``too_large``; ``selector_gone``
            when it is JSON or XML, but not of a bill in this form.
        ValueError: the form is unknown.
    """
    if form == "openstates-v3":
        reading = read_openstates(load_json(body, content_type))
    elif form == "congress-gov":
        reading = read_congress(load_json(body, content_type))
    elif form == "billstatus":
        reading = read_congress(load_billstatus(body))
    else:
        raise ValueError(f"“{form}” is no form of bills. Choose one of: {', '.join(FORMS)}.")
    if session_ends_on:
        reading = replace(reading, session_ends_on=session_ends_on)
    return as_of_day(reading, day) if day else reading
