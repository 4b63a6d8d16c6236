"""A few worlds that differ in all that lists are ordered by, with ties, and with days unknown."""

from __future__ import annotations

import datetime as dt

from campaigns.models import Citation
from tests.api.factories import make_position, make_response
from tests.factories import (
    NOW,
    made_at,
    make_action,
    make_bill,
    make_campaign,
    make_change,
    make_citation_draft,
    make_company,
    make_document,
    make_organization,
    make_outcome_draft,
    make_target,
    make_topic,
)
from tests.sources.factories import make_source, make_watch

SPRING, SUMMER, AUTUMN = (dt.date(2020, month, 1) for month in (4, 7, 10))
LAST, LATER = dt.date(2021, 7, 1), dt.date(2021, 10, 1)
# Neither names nor days nor moments are in the order of recording, and of each there are two.
TREES = (
    ("cedar", AUTUMN, LATER, 30),
    ("alder", SPRING, None, 50),
    ("birch", SUMMER, LAST, 40),
    ("birch", SPRING, LAST, 40),
    ("alder", AUTUMN, None, 50),
)


def make_grove() -> None:
    """Make five rows, or more, of every resource."""
    for number, (name, day, last, days_ago) in enumerate(TREES):
        with made_at(NOW - dt.timedelta(days=days_ago)):
            # The log goes forward, whatever the moments of other rows.
            _make_tree(name, number, day, last, NOW - dt.timedelta(days=20 - number // 2))


def _make_tree(
    name: str, number: int, day: dt.date, last: dt.date | None, logged_at: dt.datetime
) -> None:
    own = f"{name} {number}"
    company, topic = make_company(own), make_topic(own)
    campaign = make_campaign(name, organizations=(make_organization(own),), topics=(topic,))
    target = make_target(campaign, company)
    document = make_document(title=name, published_on=last)
    action = make_action(campaign, title=name, happened_on=day)
    response = make_response(target, happened_on=day)
    for fact in ({"action": action}, {"response": response}):
        Citation.objects.create(document=document, quote="as reported", **fact)
    bill = make_bill(title=name, status_on=last)
    make_position(company, bill, document, taken_on=day)
    make_change(target, "called_on", dt.date(2020, 3, 1), now=logged_at)
    make_change(
        target,
        "paused",
        day,
        now=logged_at,
        outcome=make_outcome_draft(effective_on=day, expires_on=last, condition_bill=bill),
        citations=[make_citation_draft(document=document)],
    )
    make_watch(make_source(name=f"{own} page"), target)
