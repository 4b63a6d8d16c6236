"""What needs whoever has signed in: each panel counts, shows, and leads to the same rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campaigns.models import Campaign, Membership, Outcome, Response, Role, Target
from campaigns.services import OutcomeDraft, record_status_change
from sources.models import Source
from tests.factories import (
    NOW,
    make_action,
    make_campaign,
    make_company,
    make_organization,
    make_target,
)
from tests.sources.factories import make_finding, make_snapshot, make_source, make_watch

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


@pytest.fixture(autouse=True)
def now() -> Any:
    """The present is the one of the factories."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person() -> User:
    """An editor."""
    user = User.objects.create_user("editor")
    Membership.objects.create(user=user, organization=make_organization(), role=Role.EDITOR)
    return user


@pytest.fixture
def client(person: User) -> Client:
    """Their browser."""
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def campaign(person: User) -> Campaign:
    """A campaign of theirs."""
    return shared(person)


def shared(person: User, **fields: Any) -> Campaign:
    campaign = make_campaign(**fields)
    campaign.shared_with.set(person.memberships.values_list("organization", flat=True))
    return campaign


def conceded(target: Target, **terms: Any) -> None:
    record_status_change(
        target=target,
        to_status="paused",
        effective_on=dt.date(2026, 1, 10),
        summary="It paused",
        outcome=OutcomeDraft(kind=Outcome.Kind.MORATORIUM, terms="A pause", **terms),
        now=NOW,
    )


def panel(client: Client, key: str) -> Any:
    """Return a panel of the start page, and see that its link leads to as many rows."""
    found = next(panel for panel in client.get("/admin/").context["panels"] if panel.key == key)
    if found.address:
        rows = client.get(found.address).context["cl"].result_count
        assert rows == found.count
    return found


def words(client: Client, key: str) -> list[str]:
    return [line.words for line in panel(client, key).lines]


def test_findings_show_their_passage_and_what_they_propose(
    client: Client, campaign: Campaign
) -> None:
    finding = make_finding(make_target(campaign, make_company("Amazon")))
    (line,) = panel(client, "findings").lines
    assert (line.words, line.passage) == ("Amazon → paused", finding.passage)
    assert client.get(line.address).status_code == 200


def test_outcomes_are_listed_by_the_day_on_which_they_want_somebody(
    client: Client, campaign: Campaign
) -> None:
    near, far, late = (make_target(campaign, make_company(name)) for name in ("N", "F", "L"))
    conceded(near, expires_on=TODAY + dt.timedelta(days=90))
    conceded(far, expires_on=TODAY + dt.timedelta(days=91))
    conceded(late, review_on=TODAY - dt.timedelta(days=3))
    shown = panel(client, "endings")
    assert [line.words for line in shown.lines] == ["L: paused", "N: paused"]
    assert [line.note for line in shown.lines] == [
        "review on 26 February 2026",
        "expires on 30 May 2026",
    ]


def test_a_demand_is_overdue_until_every_target_that_it_asks_has_answered(
    client: Client, campaign: Campaign
) -> None:
    first, second = make_target(campaign), make_target(campaign)
    named = make_action(campaign, title="To one", respond_by=TODAY - dt.timedelta(days=1))
    named.targets.add(first)
    everyone = make_action(campaign, title="To all", respond_by=TODAY - dt.timedelta(days=2))
    make_action(campaign, title="Not yet", respond_by=TODAY)
    assert words(client, "demands") == ["To one", "To all"]

    def answer(target: Target, action: Any) -> None:
        Response.objects.create(
            target=target, answers=action, kind="statement", happened_on=TODAY, summary="Yes"
        )

    answer(first, named)
    answer(first, everyone)
    assert words(client, "demands") == ["To all"]
    answer(second, everyone)
    assert words(client, "demands") == []


def test_sources_that_are_broken_or_never_change_are_named(
    client: Client, campaign: Campaign
) -> None:
    target = make_target(campaign)
    healthy: dict[str, Any] = {"last_success_at": NOW}
    broken, silent, well = (make_source(**healthy) for _ in range(3))
    for source in (broken, silent, well):
        make_watch(source, target)
    Source.objects.filter(pk=broken.pk).update(
        broken_since=NOW, failing_since=NOW, failures_count=5, last_cause="timeout"
    )
    Source.objects.filter(pk=silent.pk).update(created_at=NOW - dt.timedelta(days=200))
    make_snapshot(well)
    assert words(client, "sources") == [broken.name, silent.name]


def test_what_others_did_is_told_and_what_they_did_themselves_is_not(
    client: Client, person: User, campaign: Campaign
) -> None:
    colleague = User.objects.create_superuser("colleague")
    target = make_target(campaign, make_company("Amazon"))
    for user in (person, colleague):
        action = make_action(campaign, title=f"By {user}")
        action.history.update(history_user=user)
    record_status_change(
        target=target,
        to_status="refused",
        effective_on=TODAY,
        summary="No",
        recorded_by=colleague,
        now=NOW,
    )
    notes = [(line.words, line.note) for line in panel(client, "changes").lines]
    assert ("action: By colleague", "added by colleague") in notes
    assert any(note == "recorded by colleague" for _words, note in notes)
    assert not any("editor" in text for pair in notes for text in pair)
    page = client.get(panel(client, "changes").address).content.decode()
    assert all(words in page and note in page for words, note in notes)
    assert "By editor" not in page


def test_drafts_are_those_of_their_own_organizations(client: Client, person: User) -> None:
    shared(person, title="Ours", is_public=False)
    shared(person, title="Published")
    make_campaign("Theirs", is_public=False)
    assert words(client, "drafts") == ["Ours"]


def test_only_the_first_rows_are_shown_and_the_rest_is_counted(
    client: Client, person: User
) -> None:
    for number in range(7):
        shared(person, title=f"Draft {number}", is_public=False)
    shown = panel(client, "drafts")
    assert (len(shown.lines), shown.more_count) == (5, 2)


def test_the_page_takes_as_many_queries_for_much_as_for_little(
    client: Client,
    person: User,
    campaign: Campaign,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(6):
        target = make_target(campaign)
        conceded(target, expires_on=TODAY)
        finding = make_finding(target)
        make_watch(finding.snapshot.source, target)
        make_action(campaign, respond_by=TODAY - dt.timedelta(days=1))
        shared(person, is_public=False)
    client.get("/admin/")
    with django_assert_max_num_queries(15):
        client.get("/admin/")
