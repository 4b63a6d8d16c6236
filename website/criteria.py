"""What a feed, a calendar or a follower wants: the criteria of a subscription, read from a query.

The parameters are those of the API's list of status changes, and mean the same; only of statuses
several may be given, by commas. What is not understood is refused: a filter that is ignored would
bring wrong news for years.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
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
from companies.models import row_of_old_slug

_MOST_NUMBER = 2**63 - 1
_SUBSIDIARIES = "include_subsidiaries"
THINGS: dict[str, Callable[[], QuerySet[Any]]] = {
    "campaign": Campaign.objects.public,
    "company": public_companies,
    "organization": public_organizations,
    "product": public_products,
    "topic": public_topics,
}
"""What a filter can name, as far as it is public."""
OF_TARGETS = (*THINGS, _SUBSIDIARIES)
"""Parameters by whom, whom and what."""
STATUSES = ("status", "from_status")
"""Parameters that may name several, by commas."""
OF_CHANGES = (*OF_TARGETS, *STATUSES)
"""Parameters of feeds of status changes, and of what can be followed."""


class InvalidQuery(Exception):
    """The parameters of an address cannot be understood; ``str()`` names the one at fault."""


def check_parameters(query: QueryDict, known: Collection[str]) -> None:
    """Refuse parameters that are unknown, repeated or empty.

    Raises:
        InvalidQuery: names the first.
    """
    for name, values in query.lists():
        if name not in known:
            raise InvalidQuery(_unknown(name, known))
        if len(values) > 1:
            raise InvalidQuery(_("Parameter “%s” is given more than once.") % name)
        if not values[0].strip() or "\0" in values[0]:
            raise InvalidQuery(_("Parameter “%s” is empty or unreadable.") % name)


def _unknown(name: str, known: Collection[str]) -> str:
    shown = name[:60]
    near = get_close_matches(shown, known, n=1)
    if near:
        detail = _("Unknown parameter “%(name)s”. Did you mean “%(near)s”?")
        return detail % {"name": shown, "near": near[0]}
    detail = _("Unknown parameter “%(name)s”. Known here: %(known)s.")
    return detail % {"name": shown, "known": ", ".join(sorted(known))}


def read_criteria(query: Mapping[str, str]) -> Wish:
    """Return what checked parameters want.

    One query for each thing that is named.

    Raises:
        InvalidQuery: a value means nothing; names the parameter. What only drafts name does not
            exist here.
    """
    things = {name: _thing(name, query[name]) for name in THINGS if name in query}
    return Wish(
        **things,
        includes_subsidiaries=_is_wide(query),
        to_statuses=_statuses(query, "status"),
        from_statuses=_statuses(query, "from_status", NOTHING),
    )


def _thing(name: str, value: str) -> Any:
    number = read_number(value)
    column = "slug" if number is None else "pk"
    if name == "product" and number is None:
        raise InvalidQuery(_("Parameter “product”: “%s” is not a number.") % value[:60])
    found = THINGS[name]().filter((column, value if number is None else number)).first()
    if found is None and number is None:
        found = row_of_old_slug(THINGS[name](), value)
    if found is None:
        raise InvalidQuery(
            _("Parameter “%(name)s”: there is no “%(value)s”.")
            % {"name": name, "value": value[:60]}
        )
    return found


def read_number(text: str) -> int | None:
    """Return the key that a text of ASCII digits spells; ``None`` for any other text."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_MOST_NUMBER))):
        return None
    return int(text) if int(text) <= _MOST_NUMBER else None


def _is_wide(query: Mapping[str, str]) -> bool:
    if _SUBSIDIARIES not in query:
        return "company" not in query  # a company alone is meant as the API lists it
    if "company" not in query:
        raise InvalidQuery(_("Parameter “%s” needs “company” beside it.") % _SUBSIDIARIES)
    return _one_of(_SUBSIDIARIES, query[_SUBSIDIARIES], ("true", "false")) == "true"


def _statuses(query: Mapping[str, str], name: str, *more: str) -> list[str]:
    if name not in query:
        return []
    values = [value.strip() for value in query[name].split(",")]
    return [_one_of(name, value, (*Status.values, *more)) for value in values]


def _one_of(name: str, value: str, known: Collection[str]) -> str:
    if value not in known:
        raise InvalidQuery(
            _("Parameter “%(name)s”: “%(value)s” is none of: %(known)s.")
            % {"name": name, "value": value[:60], "known": ", ".join(known)}
        )
    return value
