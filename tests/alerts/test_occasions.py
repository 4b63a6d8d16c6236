"""Every criterion and combination, against a matcher that knows no SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.models import Delivery, Endpoint, Subscription
from alerts.models.criteria import NOTHING, Criteria, unpacked
from alerts.occasions import Occasion, wrong_versions
from alerts.services import fan_out
from campaigns.models import Target
from campaigns.statuses import Status
from companies.models import Company
from tests.alerts.factories import make_endpoint, make_subscriber, make_subscription
from tests.factories import (
    NOW,
    make_campaign,
    make_change,
    make_company,
    make_organization,
    make_product,
    make_target,
    make_topic,
)

pytestmark = pytest.mark.django_db

STATUSES = [Status.PAUSED, Status.EXPIRED, Status.PARTIAL]


@dataclass
class World:
    """Two of everything, and companies three levels deep."""

    choices: dict[str, list[Any]]
    targets: list[Target]


def make_world() -> World:
    top = make_company("Top")
    middle = make_company("Middle", parent=top)
    bottom = make_company("Bottom", parent=middle)
    companies = [top, middle, bottom, make_company("Other")]
    organizations = [make_organization(), make_organization()]
    topics = [make_topic(), make_topic()]
    campaigns = [
        make_campaign(organizations=tuple(organizations[:count]), topics=tuple(topics[count - 1 :]))
        for count in (0, 1, 2)
    ]
    products = [make_product(middle), make_product(bottom)]
    targets = [
        make_target(campaigns[0], top),
        make_target(campaigns[1], middle, product=products[0]),
        make_target(campaigns[1], bottom, product=products[1]),
        make_target(campaigns[2], bottom),
        make_target(campaigns[2], companies[3]),
    ]
    choices: dict[str, list[Any]] = {
        "campaign": [None, *campaigns],
        "company": [None, *companies],
        "organization": [None, *organizations],
        "topic": [None, *topics],
        "product": [None, *products],
    }
    return World(choices, targets)


def is_at_or_below(company: Company | None, above: Company) -> bool:
    while company is not None:
        if company == above:
            return True
        company = company.parent
    return False


def wants(criteria: Criteria, target: Target, to_status: str, from_status: str) -> bool:
    """What :meth:`Occasion.meets` promises, in plain words."""
    campaign = target.campaign
    company_fits = criteria.company is None or (
        is_at_or_below(target.company, criteria.company)
        if criteria.includes_subsidiaries
        else target.company == criteria.company
    )
    to_statuses, from_statuses = unpacked(criteria.to_statuses), unpacked(criteria.from_statuses)
    return (
        company_fits
        and criteria.campaign in (None, campaign)
        and criteria.organization in (None, *campaign.organizations.all())
        and criteria.topic in (None, *campaign.topics.all())
        and criteria.product in (None, target.product)
        and (not to_statuses or to_status in to_statuses)
        and (not from_statuses or from_status in from_statuses)
    )


wish = st.fixed_dictionaries(
    {
        "campaign": st.integers(0, 3),
        "company": st.integers(0, 4),
        "organization": st.integers(0, 2),
        "topic": st.integers(0, 2),
        "product": st.integers(0, 2),
    }
)
narrowing = st.sets(st.sampled_from(["campaign", "company", "organization", "topic", "product"]))
statuses = st.sets(st.sampled_from([*STATUSES, NOTHING]), max_size=2)


def test_criteria_match_what_a_plain_reading_of_them_says() -> None:
    world = make_world()
    subscriber = make_subscriber()

    @settings(max_examples=75)
    @given(
        wishes=st.lists(
            st.tuples(wish, narrowing, st.booleans(), statuses, statuses), min_size=1, max_size=8
        ),
        target=st.sampled_from(world.targets),
        to_status=st.sampled_from(["", *STATUSES]),
        from_status=st.sampled_from(["", NOTHING, *STATUSES]),
    )
    def check(wishes: list[Any], target: Target, to_status: str, from_status: str) -> None:
        with transaction.atomic():
            for chosen, narrowed, includes_subsidiaries, to_statuses, from_statuses in wishes:
                fields = {name: world.choices[name][chosen[name]] for name in narrowed}
                fields["includes_subsidiaries"] = includes_subsidiaries
                fields |= {"to_statuses": to_statuses, "from_statuses": from_statuses}
                make_endpoint(**fields)
                made = make_subscription(subscriber, **fields)
                made.ended_at = NOW  # the same may be wished for twice
                made.save()
            occasion = Occasion.of_target(target, to_status=to_status, from_status=from_status)
            for model in (Subscription, Endpoint):
                rows = list(model._default_manager.all())
                found = set(model._default_manager.filter(occasion.meets()))
                others = set(model._default_manager.exclude(occasion.meets()))
                expected = {row for row in rows if wants(row, target, to_status, from_status)}
                assert found == expected
                assert others == set(rows) - expected
            transaction.set_rollback(True)

    check()


def test_no_status_is_a_part_of_another() -> None:
    """They are found within a text by what stands around them."""
    for status in [*Status.values, NOTHING]:
        assert "," not in status
    make_subscription(to_statuses=[Status.SETTLED], email="settled@example.org")
    occasion = Occasion.of_target(make_target(), to_status="settle")
    assert not Subscription.objects.filter(occasion.meets()).exists()


def test_companies_that_own_each_other_are_walked_once() -> None:
    one = make_company()
    two = make_company(parent=one)
    one.parent = two
    assert Occasion.of_target(make_target(company=one)).above == {one.pk, two.pk}


def test_the_match_is_one_statement_for_subscribers_and_one_for_endpoints() -> None:
    target = make_target(make_campaign(topics=(make_topic(),)), make_company(parent=make_company()))
    for _ in range(30):
        make_subscription(company=target.company)
        make_subscription(topic=target.campaign.topics.get(), to_statuses=[Status.CALLED_ON])
        make_endpoint(campaign=target.campaign)
    change = make_change(target)
    with CaptureQueriesContext(connection) as queries:
        assert fan_out(change_id=change.pk, now=NOW) == 90
    statements = [query["sql"] for query in queries if "alerts_delivery" in query["sql"]]
    assert len(statements) == 2
    assert all(statement.lstrip().startswith("INSERT INTO") for statement in statements)
    assert Delivery.objects.count() == 90


def test_versions_that_were_wrong_are_found_the_latest_first() -> None:
    first = make_change(to_status=Status.PAUSED)
    second = make_change(first.target, Status.PARTIAL, corrects=first)
    third = make_change(first.target, Status.REFUSED, corrects=second)
    assert wrong_versions(third) == [second, first]
    assert wrong_versions(first) == []
