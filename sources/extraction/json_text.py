"""From the bytes of an answer to a JSON document: pure.

A document is made of what :mod:`json` gives, but for numbers: each is a :class:`Number`, which is
never converted. A number of a million digits costs no more than a text of that length, and 1.0,
1.00 and 1e0 are one number.

Of members with one name the last counts: RFC 8259 (section 4) leaves it open, and so do browsers,
whose readers see what we should see.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn, TypeAlias

from sources.causes import Cause
from sources.extraction.errors import Unreadable

Json: TypeAlias = "str | bool | list[Json] | dict[str, Json] | None"
"""A document or a part of one; a number is a :class:`Number`, which is a ``str``."""

LONGEST_PLAIN = 40
"""Most digits with which a number is written out; a longer one is written with an exponent."""

_NUMBER = re.compile(r"(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?", re.ASCII)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.ASCII | re.IGNORECASE)
_EXPONENT_DIGITS = 9
_SHOWN = 60
# What is left of an answer that broke off within a word, a number or an escape: nothing, or this.
_CUT_SHORT = re.compile(
    r"t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|-|\.|\.?\d*[eE][+-]?|\\?u?[0-9A-Fa-f]{0,4}\\?"
)


class Number(str):
    """A number in the one way of writing it in which equal numbers are equal texts."""

    __slots__ = ()

    @classmethod
    def of(cls, literal: str) -> Number:
        """Return the number that a JSON literal stands for.

        Raises:
            ValueError: it is no such literal.
        """
        match = _NUMBER.fullmatch(literal)
        if match is None:
            raise ValueError(f"“{literal[:_SHOWN]}” is no number.")
        sign, whole, fraction, power = match.groups(default="")
        if len(power) > _EXPONENT_DIGITS:
            return cls(literal)
        digits = (whole + fraction).lstrip("0")
        exponent = int(power or 0) - len(fraction)
        shorter = digits.rstrip("0")
        if not shorter:
            return cls("0")
        return cls(sign + _written(shorter, exponent + len(digits) - len(shorter)))


def _written(digits: str, exponent: int) -> str:
    """Write ``digits`` times ten to the ``exponent``; neither end of the digits is a zero."""
    point = len(digits) + exponent
    if max(len(digits), point, len(digits) - point) > LONGEST_PLAIN:
        fraction = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{digits[0]}{fraction}e{point - 1}"
    if exponent >= 0:
        return digits + "0" * exponent
    if point > 0:
        return f"{digits[:point]}.{digits[point:]}"
    return f"0.{'0' * -point}{digits}"


def load_json(body: bytes, content_type: str) -> Json:
    """Read a document; what is announced is not asked, as JSON often comes as ``text/html``.

    Args:
        body: the bytes of the answer, in UTF-8, UTF-16 or UTF-32, with or without byte order mark.
        content_type: the header's value; only a charset in it counts, for what is not Unicode.

    Raises:
        Unreadable: ``empty``; ``incomplete`` when it ends too early; ``wrong_type`` for all else
            that is not JSON, NaN and Infinity among it; ``too_large`` when it is nested too deep.
    """
    text = _decoded(body, content_type).strip(" \t\r\n")
    if not text:
        raise Unreadable(Cause.EMPTY, "the answer has no content")
    if text[0] == "<":
        raise Unreadable(Cause.WRONG_TYPE, "HTML or XML instead of JSON")
    try:
        document: Json = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _unreadable(error, text) from error
    except RecursionError as error:
        raise Unreadable(Cause.TOO_LARGE, "the JSON is nested too deep") from error
    return document


def _decoded(body: bytes, content_type: str) -> str:
    declared = _CHARSET.search(content_type)
    for encoding in (json.detect_encoding(body), declared.group(1) if declared else ""):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise Unreadable(Cause.WRONG_TYPE, "the answer is not in the encoding that JSON is in")


def _refuse_constant(name: str) -> NoReturn:
    raise Unreadable(Cause.WRONG_TYPE, f"{name} is no value of JSON")


_DECODER: Any = json.JSONDecoder(
    parse_float=Number.of, parse_int=Number.of, parse_constant=_refuse_constant
)


def _unreadable(error: json.JSONDecodeError, text: str) -> Unreadable:
    rest = text[error.pos :]
    if not rest or error.msg.startswith("Unterminated string") or _CUT_SHORT.fullmatch(rest):
        return Unreadable(Cause.INCOMPLETE, "the JSON ends too early")
    where = f"line {error.lineno}, column {error.colno}"
    return Unreadable(Cause.WRONG_TYPE, f"no JSON: {error.msg} ({where}): {rest[:_SHOWN]}")
