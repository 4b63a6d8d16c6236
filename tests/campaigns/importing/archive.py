"""A small archive, made by hand in the form of that of Collective Action in Tech."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

LETTER = "https://paper.example/letter"


def record(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "date": "2020/06/10",
        "sources": [f"https://paper.example/{number}"],
        "actions": ["open letter"],
        "struggles": ["ethics"],
        "employment_types": ["white collar workers"],
        "description": f"Workers of row {number} wrote to their board. It did not answer.",
        "online": None,
        "locations": ["usa"],
        "companies": ["acme"],
        "workers": 320,
        "tags": ["anti-racism"],
        "author": ["CM"],
        "latlngs": None,
        "addresses": None,
        **fields,
    }


ARCHIVE = [
    record(1),
    record(2, companies=None, workers=None),
    record(3, companies=["google", "alphabet", "initech_labs"], date="2020/06/11"),
    record(4, companies=["na"], date="2020/06/12"),
    record(5, sources=["paper.example/no-scheme", ""], date="2020/06/13"),
    record(6, sources=[f"{LETTER}?page=2&utm_source=x&fbclid=y"], date="2020/06/14"),
    record(7, sources=[f"{LETTER}?page=2"], date="2020/06/15", actions=["strike", "protest"]),
    record(8, actions=["union drive"], date="2020/06/16"),
    record(9, description="Two lines\nof one description.", date="2020/06/17"),
    record(10, description="They sat down in the lobby.", actions=["protest"]),
]


def as_json() -> bytes:
    return json.dumps(ARCHIVE).encode()


def as_csv() -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["", *ARCHIVE[0]])
    for number, row in enumerate(ARCHIVE):
        cells = {**row, "date": row["date"].replace("/", "-")}
        writer.writerow([number, *(str(value) for value in cells.values())])
    return out.getvalue().encode()
