"""What a visitor wants to follow, read off the address of the subscribe page."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from alerts.services.subscribing import Wish
from companies.models import row_of_old_slug
from website.criteria import (
    OF_CHANGES,
    STATUSES,
    THINGS,
    InvalidQuery,
    check_parameters,
    read_criteria,
)
from website.forms import ScopeForm

FILTER = "filter"
_LIST = "/api/v1/status-changes/"
_LONGEST_FILTER = 1000


def read_wish(query: QueryDict) -> Wish:
    """Return what the address of the subscribe page names; everything if it names nothing.

    Raises:
        BadRequest: several scopes are named, or none that makes sense.
        Http404: what is named is not public.
        InvalidQuery: a query of the API was given that cannot be followed.
    """
    if FILTER in query:
        return _filter_of(query)
    asked = ScopeForm(query)
    if not asked.is_valid():
        raise BadRequest("no scope of a subscription")
    named = {name: slug for name, slug in asked.cleaned_data.items() if slug}
    return Wish(**{name: _thing_at(name, named[name]) for name in named})


def _thing_at(name: str, slug: str) -> Any:
    things = THINGS[name]()
    found = things.filter(slug=slug).first() or row_of_old_slug(things, slug)
    if found is None:
        raise Http404
    return found


def _filter_of(query: QueryDict) -> Wish:
    others = [name for name in query if name != FILTER]
    if others:
        raise InvalidQuery(
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
        InvalidQuery: it holds something that cannot be followed, or that makes no sense.
    """
    if len(text) > _LONGEST_FILTER or "\0" in unquote(text):
        raise InvalidQuery(_("This query is too long, or unreadable."))
    path, mark, parameters = text.strip().rpartition("?")
    if mark and path and not path.endswith(_LIST):
        raise InvalidQuery(_("Only queries of %s can be followed.") % _LIST)
    query = QueryDict(parameters, mutable=True)
    if not query:
        raise InvalidQuery(_("This query narrows nothing."))
    for name in STATUSES:
        if name in query:
            query[name] = ",".join(query.getlist(name))
    check_parameters(query, OF_CHANGES)
    return read_criteria({name: str(value) for name, value in query.items()})
