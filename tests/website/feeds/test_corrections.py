"""A reader of a feed is told what was wrong, and when the words of an entry changed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings

from campaigns.errors import InvalidStatusChange
from campaigns.models import Campaign, Target
from campaigns.revisions import followed_status
from campaigns.services import publish_campaign, withdraw_campaign
from tests.api.histories import START, Step, histories, record_step
from tests.factories import LONG_AGO, NOW, made_at, make_change, make_target
from tests.website.feeds.reading import SITE, atom, json_feed, number_of, numbers

pytestmark = pytest.mark.django_db

ALL = "/feeds/changes.atom"
HOUR = dt.timedelta(hours=1)
CALLED, REFUSED, PAUSED = (dt.date(2020, month, 1) for month in (1, 3, 6))


@pytest.fixture
def target() -> Target:
    with made_at(LONG_AGO):
        return make_target()


def moments(client: Client, address: str = ALL) -> dict[int, dt.datetime]:
    """When the words of each entry last changed, by its number, in the order of the feed."""
    return {
        number_of(entry.id): dt.datetime.fromisoformat(entry.updated)
        for entry in atom(client, address).entries
    }


def test_the_entry_of_what_was_wrong_is_updated_in_place_and_the_correction_is_one_of_its_own(
    client: Client, target: Target
) -> None:
    wrong = make_change(target, "called_on", PAUSED, now=NOW)
    [before] = atom(client, ALL).entries
    right = make_change(target, "called_on", CALLED, corrects=wrong, now=NOW + HOUR)
    correction, after = atom(client, ALL).entries
    assert (after.id, after.published) == (before.id, before.published)
    assert (before.updated, after.updated) == ("2026-03-01T12:00:00Z", "2026-03-01T13:00:00Z")
    assert after.title == f"Corrected: {before.title}"
    assert f"{SITE}/changes/{right.pk}/" in after.content[0].value
    assert after.content[0].value.index("This was wrong") < after.content[0].value.index("Demand")
    assert correction.title.startswith("Correction: ")
    assert f"{SITE}/changes/{wrong.pk}/" in correction.content[0].value
    assert correction.published == "2026-03-01T13:00:00Z"


def test_what_was_retracted_says_so_and_the_retraction_is_an_entry_of_its_own(
    client: Client, target: Target
) -> None:
    wrong = make_change(target, "called_on", CALLED, now=NOW)
    retraction = make_change(target, None, corrects=wrong, now=NOW + HOUR)
    told, taken_back = json_feed(client, "/feeds/changes.json")["items"]
    assert taken_back["title"].startswith("Retracted: ")
    assert taken_back["date_modified"] == "2026-03-01T13:00:00Z"
    assert f"{SITE}/changes/{retraction.pk}/" in taken_back["content_html"]
    assert told["title"].startswith("Retraction: ")
    assert "takes back an earlier entry" in told["content_html"]


def test_the_feed_is_as_new_as_a_change_of_an_entry_it_shows(
    client: Client, target: Target
) -> None:
    wrong = make_change(target, "called_on", CALLED, now=NOW)
    make_change(target, None, corrects=wrong, now=NOW + HOUR)
    filtered = "/feeds/changes.atom?status=called_on"  # the retraction reaches no status
    assert moments(client, filtered) == {wrong.pk: NOW + HOUR}
    assert atom(client, filtered).feed.updated == "2026-03-01T13:00:00Z"


def test_a_late_record_changes_what_the_entry_after_it_says(client: Client, target: Target) -> None:
    first = make_change(target, "called_on", CALLED, now=NOW)
    last = make_change(target, "paused", PAUSED, now=NOW + HOUR)
    late = make_change(target, "refused", REFUSED, now=NOW + 2 * HOUR)
    found = atom(client, ALL)
    assert "refused → paused" in found.entries[1].title
    assert moments(client) == {late.pk: NOW + 2 * HOUR, last.pk: NOW + 2 * HOUR, first.pk: NOW}


def test_a_wrong_entry_and_a_retraction_follow_nothing(target: Target) -> None:
    first = make_change(target, "called_on", CALLED)
    wrong = make_change(target, "paused", PAUSED)
    make_change(target, None, corrects=wrong)
    log = [change.as_entry() for change in target.status_changes.order_by("sequence")]
    assert first.pk == log[0].sequence
    assert [followed_status(entry, log) for entry in log] == [None, None, None]
    assert followed_status(log[1], log[:2]) == "called_on"


@settings(max_examples=13, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories)
def test_an_entry_is_newer_if_and_only_if_its_words_changed(
    client: Client, history: list[Step]
) -> None:
    with made_at(LONG_AGO):
        target = make_target()
    address = f"{target.campaign.get_absolute_url()}changes.atom"
    seen: dict[str, tuple[str, dt.datetime]] = {}
    for hour, step in enumerate(history):
        try:
            record_step(target, step, START + dt.timedelta(hours=hour))
        except InvalidStatusChange:
            continue
        recorded_at = target.status_changes.latest("sequence").recorded_at
        told = {}
        for entry in atom(client, address).entries:
            words = f"{entry.title} {entry.content[0].value}"
            is_known = entry.id in seen and seen[entry.id][0] == words
            told[entry.id] = (words, dt.datetime.fromisoformat(entry.updated))
            assert told[entry.id] == (seen[entry.id] if is_known else (words, recorded_at))
        seen = told


def test_what_a_withdrawn_campaign_told_vanishes_and_comes_back_as_it_was(
    client: Client, target: Target
) -> None:
    own = make_change(target, now=NOW)
    other = make_change(now=NOW)
    before = atom(client, ALL).entries[1]
    withdraw_campaign(campaign=Campaign.objects.get(pk=target.campaign_id), now=NOW + HOUR)
    assert numbers(client, ALL) == [other.pk]
    assert client.get(f"{target.campaign.get_absolute_url()}changes.atom").status_code == 404
    publish_campaign(campaign=Campaign.objects.get(pk=target.campaign_id), now=NOW + 2 * HOUR)
    assert numbers(client, ALL) == [own.pk, other.pk]
    assert atom(client, ALL).entries[0] == before
