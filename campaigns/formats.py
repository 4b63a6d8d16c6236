"""How imprecise dates are shown to people, in their language."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format

from campaigns.dates import Precision

_FORMATS = {Precision.DAY: "j F Y", Precision.MONTH: "F Y", Precision.YEAR: "Y"}


def format_on(day: dt.date | None, precision: str = Precision.DAY) -> str:
    """Return "10 June 2020", "June 2020" or "2020", as precise as the date is; "" for ``None``."""
    return date_format(day, _FORMATS[Precision(precision or Precision.DAY)]) if day else ""
