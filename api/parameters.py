"""The query string: which parameters are known, and values that are read strictly.

What is not understood is refused. An ignored filter would give a journalist wrong data.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from difflib import get_close_matches

from django.http import QueryDict
from django.utils.translation import gettext as _

from api.problems import InvalidParameters, ParameterError

_MOST_ERRORS = 10
_LONGEST_NAME = 60
_LONGEST_VALUE = 1000
_LONGEST_CURSOR = 4000
"""A cursor holds what its list is ordered by, such as a long title."""
_UNREADABLE = re.compile("[\0\ufffd]")
"""NUL, which no text has here, and the sign that stands for bytes that are not UTF-8."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LOST_PLUS = re.compile(r"(?<=[0-9]) (?=[0-9]{2}:[0-9]{2}$)")
MOST_NUMBER = 2**63 - 1
"""The largest number that either database takes as a key."""


def check_parameters(query: QueryDict, known: Collection[str]) -> None:
    """Refuse unknown, repeated, empty and unreadable parameters.

    Raises:
        InvalidParameters: naming up to ten of them, with the nearest known name.
    """
    errors = []
    for name, values in query.lists():
        error = _error_of(name, values, known)
        if error is not None:
            errors.append(error)
        if len(errors) == _MOST_ERRORS:
            break
    if errors:
        raise InvalidParameters(errors)


def _error_of(name: str, values: list[str], known: Collection[str]) -> ParameterError | None:
    if name not in known:
        return _unknown(name, known)
    if len(values) > 1:
        return ParameterError(name, _("Parameter “%s” is given more than once.") % name)
    if not values[0].strip():
        return ParameterError(name, _("Parameter “%s” is empty.") % name)
    longest = _LONGEST_CURSOR if name == "cursor" else _LONGEST_VALUE
    if _UNREADABLE.search(values[0]) or len(values[0]) > longest:
        return ParameterError(name, _("Parameter “%s” has an unreadable value.") % name)
    return None


def _unknown(name: str, known: Collection[str]) -> ParameterError:
    shown = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
    near = nearest(name, known)
    if near:
        detail = _("Unknown parameter “%(name)s”. Did you mean “%(near)s”?")
        return ParameterError(shown, detail % {"name": shown, "near": near}, near)
    if not known:
        return ParameterError(shown, _("Unknown parameter “%s”: none is taken here.") % shown)
    detail = _("Unknown parameter “%(name)s”. Known here: %(known)s.")
    return ParameterError(shown, detail % {"name": shown, "known": ", ".join(sorted(known))})


def nearest(name: str, known: Collection[str]) -> str | None:
    """Return the known name that was probably meant, if one is near."""
    near = get_close_matches(name, known, n=1) if len(name) <= _LONGEST_NAME else []
    return near[0] if near else None


class Unreadable(ValueError):
    """A value cannot be read; ``str()`` says what was expected."""


def read_day(text: str) -> dt.date:
    """Return the day that is spelled ``YYYY-MM-DD``, in no other spelling.

    Raises:
        Unreadable: it is no such day.
    """
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Unreadable(_("“%s” is not a day as YYYY-MM-DD.") % text) from None


def read_moment(text: str) -> dt.datetime:
    """Return the moment in UTC that is spelled in ISO 8601.

    Without a time it is the first moment of the day, without a zone it is UTC.

    Raises:
        Unreadable: it is no such moment.
    """
    try:
        # A plus that was not escaped as %2B arrives as a space.
        moment = dt.datetime.fromisoformat(_LOST_PLUS.sub("+", text) if "T" in text else text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise Unreadable(
            _("“%s” is not a moment in ISO 8601, such as 2021-06-01T00:00Z.") % text
        ) from None


def read_number(text: str) -> int:
    """Return the whole number, not negative, that a text of ASCII digits spells.

    Raises:
        Unreadable: it is no such number, or larger than a key can be.
    """
    number = as_number(text)
    if number is None:
        raise Unreadable(_("“%s” is not a whole number.") % text)
    return number


def read_between(text: str, least: int, most: int) -> int:
    """Return the whole number that is spelled.

    Raises:
        Unreadable: it is no number from ``least`` to ``most``.
    """
    number = as_number(text)
    if number is None or not least <= number <= most:
        raise Unreadable(
            _("“%(given)s” is not a number from %(least)s to %(most)s.")
            % {"given": text, "least": least, "most": most}
        )
    return number


def read_one_of(text: str, known: Collection[str]) -> str:
    """Return the text if it is one of those that are known.

    Raises:
        Unreadable: it is not; names them.
    """
    if text not in known:
        raise Unreadable(
            _("“%(value)s” is none of: %(choices)s.") % {"value": text, "choices": ", ".join(known)}
        )
    return text


def read_truth(text: str) -> bool:
    """Return whether ``true`` or ``false`` is spelled.

    Raises:
        Unreadable: it is neither.
    """
    if text not in ("true", "false"):
        raise Unreadable(_("“%s” is neither true nor false.") % text)
    return text == "true"


def as_number(value: str) -> int | None:
    """Return the key that a text of ASCII digits spells; ``None`` for any other text."""
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(MOST_NUMBER))):
        return None
    number = int(value)
    return number if number <= MOST_NUMBER else None
