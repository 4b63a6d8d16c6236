"""Actions on nearby days: perhaps the one that is being typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import QuerySet
from django.utils import timezone

from campaigns.formats import format_on
from campaigns.models import Action
from campaigns.typed_dates import parse_typed
from companies.likeness import ALIKE, likeness
from companies.similar import MOST_SHOWN, Similar

_NEARBY = dt.timedelta(days=7)
_MOST_COMPARED = 100


def nearby_actions(actions: QuerySet[Action], typed: Mapping[str, str]) -> list[Similar]:
    """Return actions of the typed campaign within a week of the typed day, the likest first.

    Likely the same is one of the same kind on the same day, or with a title that is alike.

    Args:
        actions: what the person may see.
        typed: what stands in the form: ``campaign``, ``happened_on``, ``kind``, ``title``.
    """
    campaign = typed.get("campaign", "")
    try:
        day, _precision = parse_typed(typed.get("happened_on", ""), today=timezone.localdate())
    except ValueError:
        return []
    if not campaign.isdecimal() or not campaign.isascii():
        return []
    near = actions.filter(
        campaign=int(campaign), happened_on__range=(day - _NEARBY, day + _NEARBY)
    ).order_by("happened_on", "pk")[:_MOST_COMPARED]
    found = [(_is_likely(action, typed, day), action) for action in near]
    found.sort(key=lambda one: (not one[0], abs(one[1].happened_on - day)))
    return [Similar(action, _when(action), is_likely) for is_likely, action in found[:MOST_SHOWN]]


def _is_likely(action: Action, typed: Mapping[str, str], day: dt.date) -> bool:
    same = action.kind == typed.get("kind") and action.happened_on == day
    return same or likeness(action.title, typed.get("title", "")) >= ALIKE


def _when(action: Action) -> str:
    day = format_on(action.happened_on, action.happened_precision)
    return f"{day}, {action.get_kind_display()}"
