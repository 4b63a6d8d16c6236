"""Where the trackers answer for a bill, and which header carries the key: pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from sources.extraction.bills.congress import TYPES


@dataclass(frozen=True, slots=True)
class Preset:
    """How a tracker is asked.

    Attributes:
        form: of its answers; one of ``FORMS``.
        label: what it is called.
        host: the only one that is to be sent the key.
        key_header: header that carries the key; "" if none is needed.
        key_setting: setting that holds the key; likewise.
    """

    form: str
    label: str
    host: str
    key_header: str = ""
    key_setting: str = ""


PRESETS = {
    preset.form: preset
    for preset in (
        # api/auth.py of openstates/api-v3: "Must provide API Key as ?apikey or X-API-KEY."
        Preset(
            "openstates-v3", "Open States", "v3.openstates.org", "X-API-KEY", "OPENSTATES_API_KEY"
        ),
        # https://api.data.gov/docs/developer-manual: "Pass the API key into the X-Api-Key header".
        Preset("congress-gov", "Congress.gov", "api.congress.gov", "X-Api-Key", "CONGRESS_API_KEY"),
        Preset("billstatus", "BILLSTATUS (govinfo.gov)", "www.govinfo.gov"),
    )
}
"""The trackers by the form of their answers."""

_OF_CONGRESS = re.compile(r"([a-z]+)(\d{1,5})")
_PATHS = {
    "openstates-v3": re.compile(r"/bills/.+"),
    "congress-gov": re.compile(r"/v3/bill/\d+/[a-z]+/\d+(?:/actions)?/?"),
    "billstatus": re.compile(r"/bulkdata/BILLSTATUS/\d+/[a-z]+/BILLSTATUS-\w+\.xml"),
}


def preset_url(form: str, *, jurisdiction: str, session: str, identifier: str) -> str:
    """Return where a tracker answers for a bill.

    Args:
        form: one of ``FORMS``.
        jurisdiction: of Open States only: a state's name or its two letters.
        session: of Open States as it calls it ("20192020"); else the number of the Congress,
            "116" or "116th Congress".
        identifier: such as "AB 1215" or "H.R. 7356".

    Raises:
        ValueError: a part is missing or is none of that tracker's; the message is a sentence.
    """
    if form not in PRESETS:
        raise ValueError(f"“{form}” is no form of bills. Choose one of: {', '.join(PRESETS)}.")
    if form == "openstates-v3":
        parts = [part.strip() for part in (jurisdiction, session, identifier)]
        if not all(parts):
            raise ValueError("Open States needs the jurisdiction, the session and the identifier.")
        if "/" in "".join(parts):
            raise ValueError("Open States is asked by a state's name or its two letters.")
        place = "/".join(quote(part, safe="") for part in parts)
        return f"https://v3.openstates.org/bills/{place}?include=actions&include=sources"
    kind, number = _parts_of_congress(identifier)
    congress = re.fullmatch(r"(\d{2,3})(?:st|nd|rd|th)?(?: congress)?", session.strip().lower())
    if congress is None:
        raise ValueError("Give the number of the Congress as the session, as in 116.")
    if form == "billstatus":
        file = f"BILLSTATUS-{congress[1]}{kind}{number}.xml"
        return f"https://www.govinfo.gov/bulkdata/BILLSTATUS/{congress[1]}/{kind}/{file}"
    # Newest first; 250 is the most that a page holds, and nearly always all there are.
    return (
        f"https://api.congress.gov/v3/bill/{congress[1]}/{kind}/{number}/actions"
        "?format=json&limit=250"
    )


def form_of_url(url: str) -> str:
    """Return the form in which an address answers for a bill, "" if it is no such address."""
    parts = urlsplit(url)
    for form, preset in PRESETS.items():
        if parts.hostname == preset.host and _PATHS[form].fullmatch(parts.path):
            return form
    return ""


def _parts_of_congress(identifier: str) -> tuple[str, str]:
    bare = "".join(character for character in identifier.lower() if character.isalnum())
    match = _OF_CONGRESS.fullmatch(bare)
    if match is None or match[1].upper() not in TYPES:
        raise ValueError("Give a bill of Congress as in H.R. 7356 or S. 4084.")
    return match[1], match[2]
