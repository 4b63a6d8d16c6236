"""What a child answers, back from JSON to typed values: pure.

A child has read hostile bytes and may be theirs: its answers are never unpickled, and become
exactly the types that the job promises or :class:`InvalidAnswer`. To send another dataclass, name
it in the job's decoder; its fields may be strings, one of certain words, numbers, booleans, days,
times that pass, enumerations, ``None``, lists, sets, tuples of any length, mappings with string
keys, and other such dataclasses.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, Literal, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

A = TypeVar("A")

Decoder: TypeAlias = Callable[[object], A]
"""From a value that JSON can express to the typed one; raises :class:`InvalidAnswer`."""


class InvalidAnswer(ValueError):
    """The child did not answer what its job promises."""


def record(kind: type[A]) -> Decoder[A]:
    """Decode a dataclass: all its fields, no other, each of its type."""
    decoder: Decoder[A] = _record(kind)
    return decoder


def list_of(item: Decoder[A]) -> Decoder[list[A]]:
    """Decode a list."""

    def decode(value: object) -> list[A]:
        if type(value) is not list:
            raise InvalidAnswer("not a list")
        return [item(element) for element in value]

    return decode


def one_of(*decoders: Decoder[Any]) -> Decoder[Any]:
    """Decode as the first of the decoders that can."""

    def decode(value: object) -> Any:
        for decoder in decoders:
            with contextlib.suppress(InvalidAnswer):
                return decoder(value)
        raise InvalidAnswer("none of the types that it may be of")

    return decode


def _record(kind: type[Any]) -> Decoder[Any]:
    hints = get_type_hints(kind)
    decoders = {field.name: _of(hints[field.name]) for field in fields(kind)}

    def decode(value: object) -> Any:
        if type(value) is not dict or value.keys() != decoders.keys():
            raise InvalidAnswer(f"not a {kind.__name__}")
        return kind(**{name: decode(value[name]) for name, decode in decoders.items()})

    return decode


def _of(hint: Any) -> Decoder[Any]:
    """Return the decoder for a type hint. TypeError for a type that answers cannot have."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return one_of(*map(_of, arguments))
    if container := _container_of(origin, arguments):
        return container
    if is_dataclass(hint) and isinstance(hint, type):
        return _record(hint)
    if hint in _SPECIAL:
        return _SPECIAL[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _member_of(hint)
    if hint in (str, int, float, bool, type(None)):
        return _exactly(hint)
    raise TypeError(f"{hint} cannot be answered")


def _container_of(origin: Any, arguments: tuple[Any, ...]) -> Decoder[Any] | None:
    if origin is Literal:
        return _one_of_words(arguments)
    if origin is list:
        return list_of(_of(arguments[0]))
    if origin is tuple and arguments[1:] == (...,):
        return _tuple_of(list_of(_of(arguments[0])))
    if origin is frozenset:
        items = list_of(_of(arguments[0]))
        return lambda value: frozenset(items(value))
    if origin in (dict, Mapping) and arguments[0] is str:
        return _dict_of(_of(arguments[1]))
    return None


def _exactly(kind: type[A]) -> Decoder[A]:
    def decode(value: object) -> A:
        if type(value) is not kind:
            raise InvalidAnswer(f"not a {kind.__name__}")
        return value

    return decode


def _one_of_words(words: tuple[object, ...]) -> Decoder[object]:
    def decode(value: object) -> object:
        if type(value) is not str or value not in words:
            raise InvalidAnswer("none of the words that it may be")
        return value

    return decode


def _tuple_of(items: Decoder[list[A]]) -> Decoder[tuple[A, ...]]:
    return lambda value: tuple(items(value))


def _dict_of(item: Decoder[A]) -> Decoder[dict[str, A]]:
    def decode(value: object) -> dict[str, A]:
        if type(value) is not dict:
            raise InvalidAnswer("not an object")
        return {name: item(element) for name, element in value.items()}

    return decode


def _member_of(kind: type[Enum]) -> Decoder[Enum]:
    def decode(value: object) -> Enum:
        try:
            return kind(value)
        except ValueError as error:
            raise InvalidAnswer(f"not a {kind.__name__}") from error

    return decode


def _day(value: object) -> dt.date:
    try:
        return dt.date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise InvalidAnswer("not a day") from error


def _passing_time(value: object) -> dt.timedelta:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise InvalidAnswer("not a number of seconds")
    try:
        return dt.timedelta(seconds=value)
    except (OverflowError, ValueError) as error:
        raise InvalidAnswer("not a number of seconds") from error


_SPECIAL: dict[Any, Decoder[Any]] = {dt.date: _day, dt.timedelta: _passing_time}
