"""What a request asks, read strictly off its query string."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.http import QueryDict
from django.utils.translation import gettext as _

from api import clocks
from api.filters import Chosen
from api.formats.accepting import JSON
from api.orderings import Ordering, Place, decode_place, find_ordering
from api.parameters import (
    Unreadable,
    nearest,
    read_between,
    read_one_of,
    read_truth,
)
from api.problems import InvalidParameters, ParameterError
from api.resource import Resource, Selection
from campaigns.search import InvalidSearch, Search, parse_search

DEFAULT_LIMIT = 50
MOST_LIMIT = 500
SHAPING = ("fields", "expand")
PAGING = ("cursor", "limit", "count")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole request for a list."""

    selection: Selection
    place: Place | None
    limit: int
    is_counted: bool
    format: str
    has_mark: bool
    """Whether a text file begins with a byte-order mark."""


class Reader:
    """Reads parameters one by one, and remembers what is wrong with each."""

    def __init__(self, query: QueryDict) -> None:
        self.query = {name: str(query[name]) for name in query}
        self.errors: list[ParameterError] = []

    def read(self, name: str, read: Callable[[str], T], default: T) -> T:
        """Return a parameter as ``read`` makes of it, or the default when it is absent."""
        text = self.query.get(name)
        if text is None:
            return default
        try:
            return read(text)
        except (Unreadable, InvalidSearch) as error:
            self.refuse(name, str(error))
            return default

    def refuse(self, name: str, detail: str) -> None:
        """Note what is wrong with a parameter."""
        self.errors.append(ParameterError(name, f"{name}: {detail}"))

    def finish(self) -> None:
        """Raise InvalidParameters if anything was wrong."""
        if self.errors:
            raise InvalidParameters(self.errors)


def known_parameters(resource: Resource, *, is_list: bool, formats: tuple[str, ...]) -> list[str]:
    """Return the names of all parameters that a resource takes, sorted."""
    known = {*clocks.NAMES, "fields"}
    if resource.expands:
        known.add("expand")
    if not is_list:
        return sorted(known | ({"format"} if formats else set()))
    known |= {*PAGING, "ordering", *(item.name for item in resource.filters)}
    known |= {"search"} if resource.searched else set()
    known |= {"format", "bom"} if formats else set()
    return sorted(known)


def read_shaping(
    reader: Reader, resource: Resource
) -> tuple[frozenset[str] | None, tuple[str, ...]]:
    """Return the members to show, ``None`` for all, and those to show in full."""
    none: tuple[str, ...] = ()
    names = reader.read(
        "fields", lambda text: _names(text, [f.name for f in resource.fields]), none
    )
    expand = reader.read("expand", lambda text: _names(text, list(resource.expands or ())), none)
    missing = [name for name in expand if names and name not in names]
    if missing:
        reader.refuse("expand", _("“%s” is not among the fields.") % missing[0])
    return frozenset(names) if names else None, expand


def read_asked(
    query: QueryDict, resource: Resource, *, formats: tuple[str, ...], accepted: str
) -> Asked:
    """Return what a query string asks of a list.

    Args:
        query: as it was given, checked by :func:`check_parameters`.
        resource: the list.
        formats: the names of the formats that the list has.
        accepted: the format that the headers ask for, where the query string asks for none.

    Raises:
        InvalidParameters: names every parameter at fault.
    """
    reader = Reader(query)
    chosen = tuple(_chosen(reader, resource))
    names, expand = read_shaping(reader, resource)
    search: Search | None = reader.read("search", parse_search, None)
    chosen_format = reader.read("format", lambda text: read_one_of(text, formats), accepted)
    ordering = _ordering(reader, resource, search, is_whole=chosen_format != JSON)
    place = reader.read("cursor", lambda text: decode_place(text, ordering), None)
    limit = reader.read("limit", lambda text: read_between(text, 1, MOST_LIMIT), DEFAULT_LIMIT)
    is_counted = reader.read("count", read_truth, False)
    has_mark = reader.read("bom", read_truth, False)
    if has_mark and chosen_format != "csv":
        reader.refuse("bom", _("only CSV has a byte-order mark."))
    if reader.errors:
        # Whatever else is wrong is said at once.
        reader.errors += unknown_things(chosen)
    reader.finish()
    selection = Selection(
        chosen=chosen, search=search, ordering=ordering, names=names, expand=expand,
        follows=_follows(query, resource, ordering, chosen_format),
    )  # fmt: skip
    return Asked(selection, place, limit, is_counted, chosen_format, has_mark)


def _follows(query: QueryDict, resource: Resource, ordering: Ordering, format: str) -> bool:
    """Tell whether the reader follows the list, and can be told of records that are gone."""
    return (
        resource.tombstones is not None
        and resource.tombstones.after in query
        and ordering == resource.all_orderings[0]
        and format in (JSON, "ndjson")
    )


def _chosen(reader: Reader, resource: Resource) -> list[Chosen]:
    found: list[Chosen | None] = [
        reader.read(item.name, lambda text, item=item: item.choose(text, reader.query), None)  # type: ignore[misc]
        for item in resource.filters
    ]
    return [chosen for chosen in found if chosen is not None]


def _ordering(
    reader: Reader, resource: Resource, search: Search | None, *, is_whole: bool
) -> Ordering:
    """Return the order that was asked for; else pages of matches by rank, and all else as recorded.

    Of very many matches not all are ranked, and whoever asks for the whole list wants all.
    """
    orderings = resource.all_orderings
    default = orderings[0]
    if resource.searched:
        by_rank = Ordering("rank", "search_rank", "rank", is_descending=True)
        if search is not None and not is_whole:
            orderings, default = (*orderings, by_rank), by_rank
        elif reader.query.get("ordering") == by_rank.shown:
            needed = _("“-rank” needs “search” beside it.")
            refusal = _("“-rank” is an order of pages in JSON.") if is_whole else needed
            reader.refuse("ordering", refusal)
            return default
    return reader.read("ordering", lambda text: find_ordering(text, orderings), default)


def _names(text: str, known: list[str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = _(" Did you mean “%s”?") % near if near else ""
            raise Unreadable(
                _("“%(name)s” is none of: %(known)s.") % {"name": name, "known": ", ".join(known)}
                + hint
            )
    return names


def unknown_things(chosen: Iterable[Chosen]) -> list[ParameterError]:
    """Return what is wrong with filters by things that do not exist."""
    found = [(item, item.verify()) for item in chosen]
    names = [(str(next(iter(item.values))), error) for item, error in found if error is not None]
    return [ParameterError(name, f"{name}: {error}") for name, error in names]


def verify(asked: Asked) -> None:
    """Refuse a filter by a thing that does not exist: nothing could ever be found.

    Raises:
        InvalidParameters: names every such parameter.
    """
    errors = unknown_things(asked.selection.chosen)
    if errors:
        raise InvalidParameters(errors)
