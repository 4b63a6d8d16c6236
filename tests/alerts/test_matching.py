"""What criteria find in the record is what an occasion finds among criteria."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.db.models import Q

from alerts.models import Subscription
from alerts.models.criteria import NOTHING
from alerts.occasions import Occasion
from alerts.services.matching import about_target, by_step
from campaigns.models import StatusChange
from campaigns.statuses import Status
from tests.alerts.factories import make_subscription
from tests.factories import (
    make_campaign,
    make_change,
    make_company,
    make_organization,
    make_product,
    make_target,
    make_topic,
)

pytestmark = pytest.mark.django_db


def _record() -> list[dict[str, Any]]:
    """Status changes of related and of other targets; returns criteria about them."""
    parent = make_company("Amazon")
    child = make_company("Ring", parent=parent)
    grandchild = make_company("Neighbors", parent=child)
    aclu, topic = make_organization(), make_topic()
    rekognition = make_product(parent)
    one = make_campaign(organizations=(aclu,), topics=(topic, make_topic()))
    two = make_campaign(organizations=(aclu, make_organization()))
    for campaign, company, thing in product([one, two], [parent, child, grandchild], [None, 1]):
        target = make_target(campaign, company, product=rekognition if thing else None)
        make_change(target)
        make_change(target, Status.PAUSED)
    make_change()
    return [
        {"campaign": one},
        {"company": parent},
        {"company": parent, "includes_subsidiaries": False},
        {"company": child},
        {"organization": aclu},
        {"topic": topic},
        {"product": rekognition},
    ]


def test_criteria_find_the_changes_whose_occasion_finds_them() -> None:
    scopes: list[dict[str, Any]] = [{}, *_record()]
    scopes += [one | other for one in scopes[1:] for other in scopes[4:]]
    steps: list[dict[str, Any]] = [
        {},
        {"to_statuses": ["paused"]},
        {"to_statuses": ["paused", "met"], "from_statuses": ["called_on"]},
        {"from_statuses": [NOTHING]},
        {"from_statuses": [NOTHING, "called_on"]},
        {"from_statuses": ["refused"]},
    ]
    wanted = [make_subscription(**scope, **step) for scope, step in product(scopes, steps)]
    found = {
        subscription.pk: set(
            StatusChange.objects.filter(
                about_target(subscription, "target__") & by_step(subscription, "")
            ).values_list("pk", flat=True)
        )
        for subscription in wanted
    }
    expected: dict[int, set[int]] = {subscription.pk: set() for subscription in wanted}
    for change in StatusChange.objects.select_related("target__campaign", "target__company"):
        for subscription in Subscription.objects.filter(Occasion.of_change(change).meets()):
            expected[subscription.pk].add(change.pk)
    assert found == expected
    assert len({len(keys) for keys in found.values()}) > 5


def test_without_criteria_everything_is_found() -> None:
    assert about_target(Subscription(), "target__") == by_step(Subscription(), "") == Q()
