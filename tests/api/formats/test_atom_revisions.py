"""A reader of a feed is told when the words of an entry changed, and only then."""

import datetime as dt
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings

from campaigns.models import StatusChange, Target
from tests.api.formats.tables import fetch
from tests.api.histories import Step, histories, record_history
from tests.factories import LONG_AGO, NOW, made_at, make_change, make_target

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
HOUR = dt.timedelta(hours=1)
CALLED, REFUSED, PAUSED = (dt.date(2020, month, 1) for month in (1, 3, 6))


@pytest.fixture
def target() -> Target:
    with made_at(LONG_AGO):
        return make_target()


def feed_of(client: Client, **query: Any) -> ET.Element:
    return ET.fromstring(fetch(client, "status-changes", format="atom", **query))


def entries_of(feed: ET.Element) -> dict[int, tuple[str, dt.datetime]]:
    """The words of each entry, and when they last changed, by its number; in the feed's order."""
    found = {}
    for entry in feed.findall(f"{ATOM}entry"):
        told = {name: entry.findtext(f"{ATOM}{name}") or "" for name in ("id", "title", "content")}
        number = int(told["id"].rstrip("/").rpartition("/")[2])
        found[number] = (f"{told['title']} {told['content']}", updated(entry))
    return found


def updated(element: ET.Element) -> dt.datetime:
    return dt.datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "")


def test_what_was_corrected_changed_when_that_was_recorded(client: Client, target: Target) -> None:
    wrong = make_change(target, "called_on", PAUSED, now=NOW)
    before = feed_of(client)
    right = make_change(target, "called_on", CALLED, corrects=wrong, now=NOW + HOUR)
    feed = feed_of(client)
    moments = {number: moment for number, (_, moment) in entries_of(feed).items()}
    assert list(moments.items()) == [(right.pk, NOW + HOUR), (wrong.pk, NOW + HOUR)]
    assert updated(before) == NOW
    assert updated(feed) == NOW + HOUR
    ids = [feed.findall(f"{ATOM}entry/{ATOM}id")[-1].text, before.findtext(f"{ATOM}entry/{ATOM}id")]
    assert ids[0] == ids[1]
    assert feed.findall(f"{ATOM}entry/{ATOM}published")[-1].text == "2026-03-01T12:00:00Z"
    assert updated(feed_of(client, known_at=NOW.isoformat())) == NOW


def test_the_feed_is_as_new_as_a_change_of_an_entry_it_shows(
    client: Client, target: Target
) -> None:
    wrong = make_change(target, "called_on", CALLED, now=NOW)
    make_change(target, None, corrects=wrong, now=NOW + HOUR)
    feed = feed_of(client, status="called_on")  # the retraction reaches no status
    assert list(entries_of(feed)) == [wrong.pk]
    assert updated(feed) == NOW + HOUR


def test_a_late_record_changes_what_the_entry_after_it_says(client: Client, target: Target) -> None:
    first = make_change(target, "called_on", CALLED, now=NOW)
    last = make_change(target, "paused", PAUSED, now=NOW + HOUR)
    late = make_change(target, "refused", REFUSED, now=NOW + 2 * HOUR)
    entries = entries_of(feed_of(client))
    assert "refused → paused" in entries[last.pk][0]
    moments = {number: moment for number, (_, moment) in entries.items()}
    assert moments == {late.pk: NOW + 2 * HOUR, last.pk: NOW + 2 * HOUR, first.pk: NOW}


@settings(
    max_examples=13, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=histories)
def test_an_entry_is_newer_if_and_only_if_its_words_changed(
    client: Client, history: list[Step]
) -> None:
    target = record_history(history)
    log = StatusChange.objects.filter(target=target).order_by("sequence")
    seen: dict[int, tuple[str, dt.datetime]] = {}
    for moment in log.values_list("recorded_at", flat=True):
        own = {"campaign": target.campaign.slug, "known_at": moment.isoformat()}
        entries = entries_of(feed_of(client, **own))
        for number, (words, changed_at) in entries.items():
            expected = (words, moment)
            if number in seen and seen[number][0] == words:
                expected = seen[number]
            assert (words, changed_at) == expected
        seen = entries


def test_the_moments_cost_one_query_however_many_entries(
    client: Client, target: Target, django_assert_num_queries: Any
) -> None:
    for number in range(6):
        with made_at(LONG_AGO):
            other = make_target()
        make_change(other, "called_on", now=NOW + number * HOUR)
        # Entries, their records, citations; and the log of their targets.
        with django_assert_num_queries(4):
            fetch(client, "status-changes", format="atom")
