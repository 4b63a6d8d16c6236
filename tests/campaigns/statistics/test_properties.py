"""Whatever is on record, on any day: the database's figures are those of a plain replay."""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.dates import Precision, first_day
from campaigns.errors import InvalidStatusChange
from campaigns.models import Response, Target
from campaigns.statistics import Grouping, compute
from campaigns.statuses import Status
from tests.campaigns.statistics.replay import replayed
from tests.factories import (
    NOW,
    make_action,
    make_campaign,
    make_change,
    make_company,
    make_organization,
    make_outcome_draft,
    make_target,
    make_topic,
)

pytestmark = pytest.mark.django_db

FIRST = dt.date(2018, 11, 1)
DAYS = 500
COMMON = (Status.CALLED_ON, Status.PAUSED, Status.MET, Status.REFUSED, Status.EXPIRED)

days = st.integers(0, DAYS).map(lambda number: FIRST + dt.timedelta(days=number))
precisions = st.sampled_from([Precision.DAY, Precision.DAY, Precision.DAY, *Precision])


@dataclass(frozen=True)
class Step:
    """An attempt to write the log of a target; ``corrects`` picks an earlier row, if any."""

    target: int
    to_status: Status | None
    day: dt.date
    precision: str
    extends: bool
    corrects: int | None


@dataclass(frozen=True)
class Event:
    """An action against a target, or a response by it."""

    target: int
    is_response: bool
    day: dt.date
    precision: str


STEPS = st.lists(
    st.builds(
        Step,
        target=st.integers(0, 3),
        to_status=st.sampled_from([*COMMON, *COMMON, *Status, None]),
        day=days,
        precision=precisions,
        extends=st.booleans(),
        corrects=st.none() | st.none() | st.integers(0, 20),
    ),
    max_size=25,
)
EVENTS = st.lists(
    st.builds(
        Event, target=st.integers(0, 3), is_response=st.booleans(), day=days, precision=precisions
    ),
    max_size=8,
)


def make_targets() -> list[Target]:
    """Four targets of two companies, in campaigns with overlapping topics and organizations."""
    topics = make_topic(), make_topic()
    organizations = make_organization(), make_organization()
    both = make_campaign(topics=topics, organizations=organizations)
    one = make_campaign(topics=topics[:1], organizations=organizations[1:])
    bare = make_campaign()
    first, second = make_company(), make_company()
    pairs = [(both, first), (both, second), (one, first), (bare, second)]
    return [make_target(campaign, company) for campaign, company in pairs]


def attempt(target: Target, step: Step, moment: dt.datetime) -> None:
    """Try the step, as a user would; what makes no sense is refused."""
    rows = list(target.status_changes.order_by("sequence"))
    corrects = rows[step.corrects % len(rows)] if rows and step.corrects is not None else None
    extends = step.extends and corrects is None
    try:
        make_change(
            target,
            step.to_status,
            step.day,
            moment,
            effective_precision=step.precision,
            extends=extends,
            outcome=make_outcome_draft(expires_on=None) if extends else None,
            corrects=corrects,
        )
    except InvalidStatusChange:
        return


def make_event(target: Target, event: Event) -> None:
    day = first_day(event.day, event.precision)
    dated = {"happened_on": day, "happened_precision": event.precision}
    if event.is_response:
        Response.objects.create(target=target, kind="statement", summary="We said so.", **dated)
    else:
        make_action(target.campaign, **dated).targets.add(target)


def groups_by_hand(targets: list[Target], group_by: Grouping) -> dict[int, list[Target]]:
    groups: dict[int, list[Target]] = {}
    for target in targets:
        of_campaign = {
            Grouping.TOPIC: target.campaign.topics,
            Grouping.ORGANIZATION: target.campaign.organizations,
        }
        keys = (
            [target.company_id]
            if group_by is Grouping.COMPANY
            else [row.pk for row in of_campaign[group_by].all()]
        )
        for key in keys:
            groups.setdefault(key, []).append(target)
    return groups


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS, EVENTS, st.none() | days)
def test_the_figures_of_all_and_of_every_group_equal_a_plain_replay(
    steps: list[Step], events: list[Event], as_of: dt.date | None
) -> None:
    with transaction.atomic():
        targets = make_targets()
        for number, step in enumerate(steps):
            attempt(targets[step.target], step, NOW + dt.timedelta(hours=number))
        for event in events:
            make_event(targets[event.target], event)
        check(targets, as_of)
        transaction.set_rollback(True)


def check(targets: list[Target], as_of: dt.date | None) -> None:
    today = NOW.date()
    until = as_of or today
    asked = Target.objects.filter(pk__in=[target.pk for target in targets])
    answer = compute(asked, today=today, as_of=as_of).as_json()
    assert answer == {
        "as_of": until.isoformat(),
        "group_by": None,
        "results": [replayed(targets, until, None)],
    }
    for group_by in Grouping:
        groups = groups_by_hand(targets, group_by)
        answer = compute(
            asked, today=today, as_of=as_of, group_by=group_by, groups=list(groups)
        ).as_json()
        assert answer["results"] == [
            replayed(members, until, key) for key, members in groups.items()
        ]
