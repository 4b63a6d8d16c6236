"""From what trackers of legislation answer to where a bill stands: pure.

Three forms are read: Open States v3, the Congress.gov API (JSON), and BILLSTATUS (XML), which is
what the Congress.gov API says of a bill in one keyless file of govinfo.gov.
"""

from sources.extraction.bills.presets import PRESETS, Preset, form_of_url, preset_url
from sources.extraction.bills.reading import FORMS, read_bill
from sources.extraction.bills.readings import (
    BillAction,
    BillReading,
    has_ended,
    is_same_bill,
    passage_of_bill,
    text_of_bill,
)

__all__ = [
    "FORMS",
    "PRESETS",
    "BillAction",
    "BillReading",
    "Preset",
    "form_of_url",
    "has_ended",
    "is_same_bill",
    "passage_of_bill",
    "preset_url",
    "read_bill",
    "text_of_bill",
]
