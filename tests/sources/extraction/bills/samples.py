"""The answers of trackers that tests read, and makers of others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[2] / "samples" / "bills"


def sample(name: str) -> bytes:
    """The bytes of a sample."""
    return (_FOLDER / name).read_bytes()


def openstates(
    *actions: tuple[str, str, str, list[str]], chamber: str = "lower", **fields: Any
) -> bytes:
    """An answer of Open States: of each action its day, organization, text and classes."""
    document = {
        "identifier": "AB 1",
        "session": "20192020",
        "jurisdiction": {
            "id": "ocd-jurisdiction/country:us/state:ca/government",
            "name": "California",
        },
        "from_organization": {"classification": chamber},
        "title": "A bill",
        "classification": ["bill"],
        "actions": [
            {
                "date": day,
                "organization": {"classification": organization},
                "description": text,
                "classification": classes,
                "order": order,
            }
            for order, (day, organization, text, classes) in enumerate(actions)
        ],
    }
    return json.dumps(document | fields).encode()


def congress(*actions: tuple[str, str, str | None], kind: str = "hr", **fields: Any) -> bytes:
    """An answer of Congress.gov: of each action, oldest first, its day, text and code."""
    document = {
        "actions": [
            {"actionDate": day, "text": text, "type": "Floor"}
            | ({"actionCode": code} if code else {})
            for day, text, code in reversed(actions)
        ],
        "request": {"billNumber": "1", "billType": kind, "congress": "117"},
    }
    return json.dumps(document | fields).encode()
