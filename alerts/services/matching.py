"""What criteria find in the record: the other way round than ``Occasion.meets``.

An occasion asks which criteria want it; here criteria ask which rows they would have wanted. A
test holds the two together.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from alerts.models import Criteria
from alerts.models.criteria import NOTHING
from campaigns.visibility import with_subsidiaries

_MOST_CORRECTIONS = 3
"""Corrections of one step, each of the one before it, that are followed back."""


def about_target(criteria: Criteria, path: str) -> Q:
    """Return the condition that a target is wanted, whatever happens to it.

    Args:
        criteria: what is wanted; with subsidiaries, their keys are read by one query.
        path: from a row to its target, with ``__`` behind.
    """
    condition = Q()
    if criteria.campaign_id:
        condition &= Q((f"{path}campaign", criteria.campaign_id))
    if criteria.company and criteria.includes_subsidiaries:
        condition &= Q((f"{path}company__in", with_subsidiaries(criteria.company)))
    elif criteria.company_id:
        condition &= Q((f"{path}company", criteria.company_id))
    if criteria.product_id:
        condition &= Q((f"{path}product", criteria.product_id))
    if criteria.organization_id:
        condition &= Q((f"{path}campaign__organizations", criteria.organization_id))
    if criteria.topic_id:
        condition &= Q((f"{path}campaign__topics", criteria.topic_id))
    return condition


def wants_warnings(criteria: Criteria) -> bool:
    """Whether a warning of an expiry, which is no step, can be wanted: not by who names steps."""
    return not criteria.to_statuses and not criteria.from_statuses


def by_step(criteria: Criteria, path: str) -> Q:
    """Return the condition that a status change makes a step that is wanted.

    Args:
        criteria: what is wanted.
        path: from a row to its status change, with ``__`` behind; "" for a status change itself.
    """
    condition = Q()
    if criteria.statuses_reached:
        condition &= Q((f"{path}to_status__in", criteria.statuses_reached))
    left = criteria.statuses_left
    if left:
        known = Q((f"{path}from_status__in", [status for status in left if status != NOTHING]))
        nothing = Q((f"{path}from_status", None)) if NOTHING in left else Q(pk__in=())
        condition &= known | nothing
    return condition


def by_undone_step(criteria: Criteria, path: str, since: dt.datetime | None = None) -> Q:
    """Return the condition that a status change corrects or retracts a step that was wanted.

    Args:
        criteria: what is wanted.
        path: from a row to its status change, as in :func:`by_step`.
        since: if given, only a step that was told to others, and recorded after this moment.
    """
    condition = Q(pk__in=())
    wrong = path
    for _level in range(_MOST_CORRECTIONS):
        wrong = f"{wrong}corrects__"
        undone = Q((f"{wrong}isnull", False)) & by_step(criteria, wrong)
        if since is not None:
            undone &= Q((f"{wrong}recorded_at__gt", since), (f"{wrong}is_silent", False))
        condition |= undone
    return condition
