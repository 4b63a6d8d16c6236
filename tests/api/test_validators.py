"""Tags and dates tell when an answer changed, and nothing of what it does not show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from email.utils import formatdate

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from api.front import CachedReads
from api.standings import Standings
from companies.models import Company
from tests.api.factories import RESOURCES
from tests.api.fronting import NOON, Clock, Counting, ask
from tests.factories import (
    make_action,
    make_campaign,
    make_change,
    make_citation_draft,
    make_company,
    make_organization,
    make_product,
    make_target,
    make_topic,
)

# Within one transaction, the version advances once only.
pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/api/v1/companies/"
# The health of sources is always made anew, and has no date.
DATED = sorted({*RESOURCES, "statistics"} - {"sources"})


def front(clock: Clock) -> CachedReads:
    """A process, which remembers for itself."""
    return CachedReads(Counting(), Standings(10_000_000, clock=clock, now=clock))


@pytest.fixture(autouse=True)
def lasting_connection() -> Iterator[None]:
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def company() -> Company:
    """A company that is public."""
    return make_target().company


def dated(process: CachedReads, clock: Clock, address: str = ADDRESS) -> str:
    """The date of an address, once it has one."""
    ask(process, address)
    clock.seconds += 3
    date = ask(process, address)["last-modified"]
    assert date
    return date


def draft_a_campaign(company: Company) -> None:
    """All that is done for a draft: what it is about, and who, and what happened."""
    organization, topic = make_organization(), make_topic()
    campaign = make_campaign(is_public=False, organizations=(organization,), topics=(topic,))
    target = make_target(campaign, company, product=make_product(company))
    make_target(campaign, make_company(parent=company))
    action = make_action(campaign)
    action.organizations.add(organization)
    action.targets.add(target)
    make_change(target, citations=[make_citation_draft()])


@pytest.mark.parametrize("resource", DATED)
def test_a_draft_moves_neither_tag_nor_date(clock: Clock, company: Company, resource: str) -> None:
    process, address = front(clock), f"/api/v1/{resource}/"
    date = dated(process, clock, address)
    before = ask(process, address)

    draft_a_campaign(company)
    clock.seconds += 60

    after = ask(process, address)
    assert (after["etag"], after["last-modified"]) == (before["etag"], date)
    assert ask(process, address, if_modified_since=date).status == "304 Not Modified"


def test_what_the_public_sees_moves_both(clock: Clock, company: Company) -> None:
    process = front(clock)
    date = dated(process, clock)
    before = ask(process, ADDRESS)
    company.name = "Renamed"
    company.save()
    clock.seconds += 0.1

    after = ask(process, ADDRESS, if_modified_since=date)

    assert (after.status, after["last-modified"]) == ("200 OK", None)
    assert after["etag"] != before["etag"]
    assert dated(process, clock) > date


def test_the_date_of_an_address_that_nobody_asked_tells_when_it_was_asked_only(
    clock: Clock, company: Company
) -> None:
    process = front(clock)
    for number in range(2):
        draft_a_campaign(company)
        clock.seconds += 7200
        asked_at = clock.seconds
        date = dated(process, clock, f"{ADDRESS}?limit={number + 1}")
        assert date == formatdate(asked_at + 2, usegmt=True)


def test_the_date_is_later_than_any_that_other_bytes_were_given_out_with(
    clock: Clock, company: Company
) -> None:
    process = front(clock)
    clock.seconds = NOON + 0.9
    assert dated(process, clock) == "Mon, 02 Mar 2026 12:00:02 GMT"
    clock.seconds = NOON + 4.01
    renamer(company, "Renamed")()
    clock.seconds += 0.1

    for seconds, date in ((4.2, None), (5.9, None), (6.1, "Mon, 02 Mar 2026 12:00:06 GMT")):
        clock.seconds = NOON + seconds
        answer = ask(process, ADDRESS)
        assert b"Renamed" in answer.body
        assert answer["last-modified"] == date


def renamer(company: Company, name: str) -> Callable[[], object]:
    return lambda: Company.objects.filter(pk=company.pk).update(name=name)


def test_a_date_of_what_another_process_answered_meanwhile_is_not_taken_for_its_own(
    clock: Clock, company: Company
) -> None:
    one, other = front(clock), front(clock)
    date = dated(one, clock)
    clock.seconds += 10
    renamer(company, "Meanwhile")()
    clock.seconds += 10
    other_date = dated(other, clock)
    renamer(company, company.name)()
    clock.seconds += 10

    assert ask(one, ADDRESS, if_modified_since=other_date).status == "200 OK"
    assert ask(one, ADDRESS, if_modified_since=date).status == "304 Not Modified"
    later = formatdate(clock.seconds + 3, usegmt=True)
    assert ask(one, ADDRESS, if_modified_since=later).status == "304 Not Modified"


def test_midnight_moves_the_date_of_what_changes_with_the_day_only(
    clock: Clock, company: Company
) -> None:
    process = front(clock)
    date = dated(process, clock)
    clock.seconds = NOON + 86_400
    assert ask(process, ADDRESS)["last-modified"] == date
    assert dt.datetime.fromtimestamp(clock.seconds, dt.UTC).day == 3


def test_what_was_forgotten_before_it_bore_a_date_gets_a_new_one(
    clock: Clock, company: Company
) -> None:
    process = front(clock)
    ask(process, ADDRESS)
    clock.seconds += 1
    draft_a_campaign(company)
    clock.seconds += 60

    assert ask(process, ADDRESS)["last-modified"] is None
    clock.seconds += 3
    assert ask(process, ADDRESS)["last-modified"] == "Mon, 02 Mar 2026 12:01:03 GMT"
