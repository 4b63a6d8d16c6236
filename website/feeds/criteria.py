"""What a feed or calendar is of: the criteria of a subscription, read from an address.

The parameters are those of the API's list of status changes, and mean the same. What is not
understood is refused: a filter that is ignored would bring wrong news for years.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from alerts.models import Subscription
from alerts.models.criteria import NOTHING, packed
from campaigns.models import Campaign
from campaigns.statuses import Status
from campaigns.visibility import (
    public_companies,
    public_organizations,
    public_products,
    public_topics,
    with_subsidiaries,
)

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
OF_CHANGES = (*OF_TARGETS, "status", "from_status")
"""Parameters of feeds of status changes."""


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


def read_criteria(query: Mapping[str, str]) -> Subscription:
    """Return what checked parameters want, as a subscription that is nobody's and is not saved.

    One query for each thing that is named.

    Raises:
        InvalidQuery: a value means nothing; names the parameter. What only drafts name does not
            exist here.
    """
    things = {name: _thing(name, query[name]) for name in THINGS if name in query}
    return Subscription(
        **things,
        includes_subsidiaries=_is_wide(query),
        to_statuses=packed(_statuses(query, "status")),
        from_statuses=packed(_statuses(query, "from_status", NOTHING)),
    )


def _thing(name: str, value: str) -> Model:
    number = read_number(value)
    column = "slug" if number is None else "pk"
    if name == "product" and number is None:
        raise InvalidQuery(_("Parameter “product”: “%s” is not a number.") % value[:60])
    found = THINGS[name]().filter((column, value if number is None else number)).first()
    if not isinstance(found, Model):
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
        return False
    if "company" not in query:
        raise InvalidQuery(_("Parameter “%s” needs “company” beside it.") % _SUBSIDIARIES)
    return _one_of(query, _SUBSIDIARIES, ("true", "false")) == "true"


def _statuses(query: Mapping[str, str], name: str, *more: str) -> list[str]:
    return [_one_of(query, name, (*Status.values, *more))] if name in query else []


def _one_of(query: Mapping[str, str], name: str, known: Collection[str]) -> str:
    value = query[name]
    if value not in known:
        raise InvalidQuery(
            _("Parameter “%(name)s”: “%(value)s” is none of: %(known)s.")
            % {"name": name, "value": value[:60], "known": ", ".join(known)}
        )
    return value


def target_condition(criteria: Subscription, path: str) -> Q:
    """Return the condition that something has to do with a target that is wanted.

    Args:
        criteria: what is wanted; its statuses say nothing of targets.
        path: from it to its target, with ``__`` behind.
    """
    wanted: list[tuple[str, Any]] = [
        ("campaign", criteria.campaign),
        ("product", criteria.product),
        ("campaign__organizations", criteria.organization),
        ("campaign__topics", criteria.topic),
    ]
    if criteria.company and criteria.includes_subsidiaries:
        wanted.append(("company__in", with_subsidiaries(criteria.company)))
    else:
        wanted.append(("company", criteria.company))
    return Q(*((f"{path}{name}", value) for name, value in wanted if value))


def change_condition(criteria: Subscription, path: str) -> Q:
    """Return the condition that a status change is wanted; ``path`` leads to it, as above."""
    condition = target_condition(criteria, f"{path}target__")
    if criteria.statuses_reached:
        condition &= Q((f"{path}to_status__in", criteria.statuses_reached))
    if criteria.statuses_left:
        left = [status for status in criteria.statuses_left if status != NOTHING]
        from_nothing = NOTHING in criteria.statuses_left
        condition &= Q((f"{path}from_status__in", left)) | (
            Q((f"{path}from_status", None)) if from_nothing else Q()
        )
    return condition
