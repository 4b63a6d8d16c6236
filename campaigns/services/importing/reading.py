"""What the texts of a row mean: days, counts and lists, with every error kept on the row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Model
from django.utils.translation import gettext as _

from campaigns.dates import Precision, parse_on
from campaigns.formats import format_on
from campaigns.importing.columns import split_list
from campaigns.importing.days import parse_sheet_month
from campaigns.services.importing.plans import PlannedRow

_is_url = URLValidator(schemes=["http", "https"])


def read_on(planned: PlannedRow, column: str) -> tuple[dt.date, Precision] | None:
    """Return the day of a cell, with what is known of it; ``None`` if it is empty or no day."""
    text = planned.source.cells.get(column, "")
    if not text:
        return None
    if found := parse_sheet_month(text):
        said = _("%(column)s: “%(text)s” is read as %(month)s.")
        month = format_on(*found)
        planned.notes.append(said % {"column": column, "text": text, "month": month})
        return found
    try:
        return parse_on(text)
    except ValueError:
        said = _("%(column)s: “%(text)s” is no day of the form 2018-05-22, 2018-05 or 2018.")
        planned.errors.append(said % {"column": column, "text": text})
        return None


def read_day(planned: PlannedRow, column: str) -> dt.date | None:
    """Return the precise day of a cell; ``None`` if it is empty or no such day."""
    found = read_on(planned, column)
    if found and found[1] != Precision.DAY:
        said = _("%(column)s: a precise day is needed, as in 2018-05-22.")
        planned.errors.append(said % {"column": column})
    return found[0] if found else None


def read_count(planned: PlannedRow, column: str) -> int | None:
    """Return the count of a cell; ``None`` if it is empty or no count."""
    text = planned.source.cells.get(column, "")
    if not text:
        return None
    digits = text.replace(",", "").replace(" ", "")
    if digits.isdecimal() and len(digits) <= 12:
        return int(digits)
    said = _("%(column)s: “%(text)s” is no whole number.")
    planned.errors.append(said % {"column": column, "text": text})
    return None


def read_urls(planned: PlannedRow, column: str = "sources") -> list[str]:
    """Return the URLs of a cell."""
    urls = []
    for url in split_list(planned.source.cells.get(column, "")):
        try:
            _is_url(url)
        except ValidationError:
            said = _("%(column)s: “%(text)s” is no address of the form https://example.org/page.")
            planned.errors.append(said % {"column": column, "text": url[:120]})
            continue
        urls.append(url)
    return urls


def errors_of(record: Model, exclude: tuple[str, ...] = ()) -> list[str]:
    """Return what the fields of a record say is wrong with them, as sentences."""
    return _sentences(record, lambda: record.clean_fields(exclude=exclude))


def check(planned: PlannedRow, record: Model, exclude: tuple[str, ...] = ()) -> None:
    """Keep on the row what the model itself says is wrong with the record."""
    errors = errors_of(record, exclude)
    planned.errors.extend(errors or _sentences(record, record.clean))


def _sentences(record: Model, step: Callable[[], None]) -> list[str]:
    try:
        step()
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            return list(error.messages)
        return [
            f"{field}: {sentence}"
            for field, errors in error.error_dict.items()
            for one in errors
            for sentence in _choosing(record, field, one) or one.messages
        ]
    return []


def _choosing(record: Any, field: str, error: ValidationError) -> list[str]:
    """Say what there is to choose from, if that is what the error is about."""
    if error.code != "invalid_choice":
        return []
    values = [str(value) for value, _label in record._meta.get_field(field).choices]
    said = _("“%(text)s” is none of: %(values)s.")
    return [said % {"text": in_a_line(getattr(record, field)), "values": ", ".join(values)}]


def compare(planned: PlannedRow, record: Any, values: dict[str, Any]) -> bool:
    """Set values of a record, and keep on the row which of them change what is on record.

    Returns:
        Whether one differs from what is on record.
    """
    differs = False
    for name, value in values.items():
        before = getattr(record, name)
        said_before = before.replace("\r\n", "\n").strip() if isinstance(before, str) else before
        if said_before == value:
            continue
        setattr(record, name, value)
        differs = True
        if record.pk is not None:
            planned.changes.append(describe_change(name, before, value))
    return differs


def describe_change(name: str, before: object, after: object) -> str:
    """Say which value becomes which, each cut to a line."""
    old, new = in_a_line(before), in_a_line(after)
    return _("%(name)s: “%(old)s” becomes “%(new)s”") % {"name": name, "old": old, "new": new}


def in_a_line(value: object) -> str:
    """Return a value as a text of one line, cut to 80 characters."""
    text = " ".join(str("" if value is None else value).split())
    return text if len(text) <= 80 else f"{text[:79]}…"


def split_target(text: str) -> tuple[str, str]:
    """Return company and product of "Amazon / Rekognition"; the product may be empty."""
    company, _slash, product = text.partition(" / ")
    return company.strip(), product.strip()
