"""What callers can rely on, whatever the figures."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Target
from campaigns.statistics import MAX_GROUPS, Figure, Grouping, compute, group_keys
from tests.factories import (
    make_campaign,
    make_change,
    make_company,
    make_organization,
    make_target,
    make_topic,
)

pytestmark = pytest.mark.django_db

TODAY = dt.date(2021, 1, 1)


def test_one_query_answers_whatever_the_number_of_targets_and_groups() -> None:
    for size in (1, 5):
        for _ in range(size):
            make_change(make_target(make_campaign(topics=(make_topic(), make_topic()))))
        keys = group_keys(Target.objects.all(), Grouping.TOPIC, limit=50)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            compute(Target.objects.public(), today=TODAY, group_by=Grouping.TOPIC, groups=keys)
        assert len(queries) == 1


def test_the_statement_begins_with_select_so_that_tables_can_be_replaced_in_front_of_it() -> None:
    with CaptureQueriesContext(connection) as queries:
        compute(Target.objects.public(), today=TODAY)

    assert queries[0]["sql"].startswith("SELECT ")


def test_a_target_that_a_filter_finds_twice_counts_once() -> None:
    topics = make_topic(), make_topic()
    make_change(make_target(make_campaign(topics=topics)))
    found_twice = Target.objects.filter(campaign__topics__in=topics)
    assert found_twice.count() == 2

    for groups in (None, [topic.pk for topic in topics]):
        answer = compute(
            found_twice,
            today=TODAY,
            group_by=Grouping.TOPIC if groups else None,
            groups=groups,
        )
        assert {group.target_count for group in answer.groups} == {1}


def test_a_target_counts_in_each_of_its_groups_though_the_targets_were_found_by_one() -> None:
    topics = make_topic(), make_topic()
    make_change(make_target(make_campaign(topics=topics)))
    found = Target.objects.filter(campaign__topics=topics[0])

    assert group_keys(found, Grouping.TOPIC, limit=9) == [topic.pk for topic in topics]


def test_results_follow_the_order_of_the_groups_and_one_without_targets_has_zeros() -> None:
    company, other = make_company(), make_company()
    make_change(make_target(company=company))

    answer = compute(
        Target.objects.public(),
        today=TODAY,
        group_by=Grouping.COMPANY,
        groups=[other.pk, company.pk],
    ).as_json()

    assert [(row["group_id"], row["target_count"]) for row in answer["results"]] == [
        (other.pk, 0),
        (company.pk, 1),
    ]
    assert answer["results"][0]["promises"]["promise_count"] == 0


def test_groups_are_paged_by_key_and_have_targets() -> None:
    organizations = [make_organization() for _ in range(5)]
    make_target(make_campaign(organizations=tuple(organizations[:4])))
    make_target(make_campaign())
    keys = [organization.pk for organization in organizations]
    targets = Target.objects.public()

    assert group_keys(targets, Grouping.ORGANIZATION, limit=3) == keys[:3]
    assert group_keys(targets, Grouping.ORGANIZATION, limit=3, after=keys[2]) == keys[3:4]


def test_no_targets_have_figures_too() -> None:
    (group,) = compute(Target.objects.none(), today=TODAY).groups

    assert group.target_count == 0
    assert group.as_json()["answered"]["answered_share"] is None


def test_drafts_count_only_if_the_caller_lets_them() -> None:
    make_change(make_target(make_campaign(is_public=False)))

    (group,) = compute(Target.objects.public(), today=TODAY).groups

    assert group.target_count == 0
    assert group.as_json()["changes"]["change_count"] == 0


@pytest.mark.parametrize("figure", Figure)
def test_a_figure_asked_for_alone_is_the_same_as_among_the_others(figure: Figure) -> None:
    target = make_target()
    make_change(target)
    make_change(target, "paused", dt.date(2020, 7, 1))
    make_change(make_target(), "met")
    targets = Target.objects.public()
    (everything,) = compute(targets, today=TODAY).as_json()["results"]

    (alone,) = compute(targets, today=TODAY, figures=[figure]).as_json()["results"]

    assert alone == {name: everything[name] for name in ("group_id", "target_count", figure)}


def test_a_grouping_without_groups_and_too_many_groups_are_refused() -> None:
    targets = Target.objects.public()

    with pytest.raises(ValueError, match="Name the groups"):
        compute(targets, today=TODAY, group_by=Grouping.COMPANY)
    with pytest.raises(ValueError, match="Name the groups"):
        compute(targets, today=TODAY, groups=[1])
    with pytest.raises(ValueError, match=f"At most {MAX_GROUPS}"):
        compute(targets, today=TODAY, group_by=Grouping.TOPIC, groups=list(range(MAX_GROUPS + 1)))
