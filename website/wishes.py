"""What a visitor wants to follow, read off the address of the subscribe page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from alerts.models.criteria import NOTHING
from alerts.services.subscribing import Wish
from campaigns.models import Campaign
from campaigns.statuses import Status
from campaigns.visibility import (
    public_companies,
    public_organizations,
    public_products,
    public_topics,
)
from website.forms import ScopeForm

FILTER = "filter"
_LIST = "/api/v1/status-changes/"
_LONGEST_FILTER = 1000
_MOST_DIGITS = 18
_SUBSIDIARIES = "include_subsidiaries"
_STATUSES = {"status": Status.values, "from_status": [*Status.values, NOTHING]}
_THINGS: Mapping[str, Callable[[], QuerySet[Any]]] = {
    "campaign": Campaign.objects.public,
    "company": public_companies,
    "organization": public_organizations,
    "topic": public_topics,
    "product": public_products,
}
FOLLOWED = (*_THINGS, _SUBSIDIARIES, *_STATUSES)
"""The parameters of the list of status changes that can be followed."""


class InvalidFilter(Exception):
    """A query of the API cannot be followed. ``str()`` is a sentence for the visitor."""


def read_wish(query: QueryDict) -> Wish:
    """Return what the address of the subscribe page names; everything if it names nothing.

    Raises:
        BadRequest: several scopes are named, or none that makes sense.
        Http404: what is named is not public.
        InvalidFilter: a query of the API was given that cannot be followed.
    """
    if FILTER in query:
        return _filter_of(query)
    asked = ScopeForm(query)
    if not asked.is_valid():
        raise BadRequest("no scope of a subscription")
    named = {name: slug for name, slug in asked.cleaned_data.items() if slug}
    return Wish(**{name: get_object_or_404(_THINGS[name](), slug=named[name]) for name in named})


def _filter_of(query: QueryDict) -> Wish:
    others = [name for name in query if name != FILTER]
    if others:
        raise InvalidFilter(
            _("“%s” stands beside the query, not in it: write “&” in the query as “%%26”.")
            % others[0]
        )
    return read_filter(str(query[FILTER]))


def read_filter(text: str) -> Wish:
    """Return the wish that a query of the API's list of status changes spells.

    Args:
        text: the query string, with or without the address before it. Things are named by slug or
            number, as in the API; several statuses by commas or by repetition.

    Raises:
        InvalidFilter: it holds something that cannot be followed, or that makes no sense.
    """
    if len(text) > _LONGEST_FILTER or "\0" in unquote(text):
        raise InvalidFilter(_("This query is too long, or unreadable."))
    path, mark, parameters = text.strip().rpartition("?")
    if mark and path and not path.endswith(_LIST):
        raise InvalidFilter(_("Only queries of %s can be followed.") % _LIST)
    query = QueryDict(parameters)
    if not query:
        raise InvalidFilter(_("This query narrows nothing."))
    unknown = [name for name in query if name not in FOLLOWED]
    if unknown:
        raise InvalidFilter(
            _("“%(name)s” cannot be followed. What can be: %(known)s.")
            % {"name": unknown[0], "known": ", ".join(FOLLOWED)}
        )
    things = {name: _thing(name, query.getlist(name)) for name in _THINGS if name in query}
    return Wish(
        **things,
        includes_subsidiaries=_with_subsidiaries(query),
        to_statuses=_statuses("status", query),
        from_statuses=_statuses("from_status", query),
    )


def _thing(name: str, values: Sequence[str]) -> Any:
    if len(values) > 1:
        raise InvalidFilter(_("“%s” is given more than once.") % name)
    value = values[0].strip()
    is_number = value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS
    if name == "product" and not is_number:
        raise InvalidFilter(_("A product is named by its number, not by “%s”.") % value)
    found = _THINGS[name]().filter(("pk" if is_number else "slug", value)).first()
    if found is None:
        raise InvalidFilter(_("There is no %(name)s “%(value)s”.") % {"name": name, "value": value})
    return found


def _with_subsidiaries(query: QueryDict) -> bool:
    values = query.getlist(_SUBSIDIARIES)
    if not values:
        return "company" not in query  # a company alone is followed as the API lists it
    if values not in (["true"], ["false"]):
        raise InvalidFilter(_("“%s” is either true or false.") % _SUBSIDIARIES)
    if "company" not in query:
        raise InvalidFilter(_("“%s” needs “company” beside it.") % _SUBSIDIARIES)
    return values == ["true"]


def _statuses(name: str, query: QueryDict) -> list[str]:
    values = [one.strip() for value in query.getlist(name) for one in value.split(",")]
    for value in values:
        if value not in _STATUSES[name]:
            raise InvalidFilter(
                _("“%(value)s” is no value of “%(name)s”; these are: %(known)s.")
                % {"value": value, "name": name, "known": ", ".join(_STATUSES[name])}
            )
    return values
