"""What a follower of the feed is told of entries that are gone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
import pytest
from django.test import Client

from campaigns.models import FeedEntry, Target
from campaigns.services import publish_campaign, withdraw_campaign
from tests.api.factories import V1, get, ids, results, walk
from tests.api.formats.tables import fetch, parsed
from tests.factories import NOW, make_change, make_target

pytestmark = pytest.mark.django_db


class Feed:
    """Two campaigns: entries 1, 2 and 4 of the one that is turned, 3 and 5 of the other."""

    def __init__(self) -> None:
        self.turned, self.kept = make_target(), make_target()
        self.now = NOW
        for target, status in (
            (self.turned, "called_on"),
            (self.turned, "refused"),
            (self.kept, "called_on"),
            (self.turned, "partial"),
            (self.kept, "refused"),
        ):
            make_change(target, status, now=self.tick(), summary=f"Of {target.pk}")

    def tick(self) -> dt.datetime:
        self.now += dt.timedelta(hours=1)
        return self.now

    def withdraw(self) -> None:
        withdraw_campaign(campaign=self.turned.campaign, now=self.tick())

    def publish(self) -> None:
        publish_campaign(campaign=self.turned.campaign, now=self.tick())

    def record(self, target: Target, status: str) -> None:
        make_change(target, status, now=self.tick())


@pytest.fixture
def feed() -> Feed:
    return Feed()


def told(client: Client, **query: Any) -> list[tuple[int, str, int]]:
    """Sequence, event and number of what a list shows."""
    rows = results(client, "status-changes", **query)
    return [(row["sequence"], row["event"], row["id"]) for row in rows]


def test_only_a_follower_is_told_that_entries_are_gone(client: Client, feed: Feed) -> None:
    feed.withdraw()
    feed.record(feed.kept, "partial")
    gone = [(6, "withdrawn", 1), (7, "withdrawn", 2), (8, "withdrawn", 4)]
    kept = [(3, "published", 3), (5, "published", 5), (9, "published", 6)]
    assert told(client) == kept
    assert told(client, after=0) == sorted([*kept, *gone])
    assert told(client, after=4) == [kept[1], *gone, kept[2]]
    assert told(client, after=7) == [gone[2], kept[2]]
    assert told(client, after=9) == []


def test_a_tombstone_says_no_more_than_that_an_entry_is_gone(client: Client, feed: Feed) -> None:
    feed.withdraw()
    first = results(client, "status-changes", after=5)[0]
    assert first == {
        "id": 1,
        "sequence": 6,
        "event": "withdrawn",
        "url": "http://followthrough.test/api/v1/status-changes/1/",
        "recorded_at": FeedEntry.objects.get(sequence=6).entered_at.isoformat().replace(
            "+00:00", "Z"
        ),
    }  # fmt: skip
    assert client.get(first["url"]).status_code == 404


def test_what_is_published_again_comes_again_behind_its_tombstone(
    client: Client, feed: Feed
) -> None:
    feed.withdraw()
    feed.publish()
    kept = [(3, "published", 3), (5, "published", 5)]
    gone = [(6, "withdrawn", 1), (7, "withdrawn", 2), (8, "withdrawn", 4)]
    again = [(9, "published", 1), (10, "published", 2), (11, "published", 4)]
    assert told(client) == [*kept, *again]
    assert told(client, after=0) == [*kept, *gone, *again]
    assert told(client, after=8) == again
    feed.withdraw()
    gone_again = [(12, "withdrawn", 1), (13, "withdrawn", 2), (14, "withdrawn", 4)]
    assert told(client) == kept
    assert told(client, after=5) == [*gone, *gone_again]
    assert told(client, after=8) == gone_again


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_of_any_length_lead_over_entries_and_tombstones_there_and_back(
    client: Client, feed: Feed, limit: int
) -> None:
    feed.withdraw()
    feed.record(feed.kept, "partial")
    feed.record(feed.kept, "met")
    whole = [number for _, _, number in told(client, after=1)]
    assert whole == [3, 5, 1, 2, 4, 6, 7]
    url: str | None = f"http://x{V1}/status-changes/?after=1&limit={limit}"
    pages = walk(client, url)
    assert [number for page in pages for number in page] == whole
    assert {len(page) for page in pages[:-1]} == {limit}
    while (following := get(client, url or "")["next"]) is not None:
        url = following
    back = walk(client, url, "previous")
    assert [number for page in reversed(back) for number in page] == whole


def test_a_withdrawal_while_turning_pages_is_told_on_a_later_one(
    client: Client, feed: Feed
) -> None:
    page = get(client, "status-changes/", after=0, limit=2)
    assert [row["id"] for row in page["results"]] == [1, 2]
    feed.withdraw()
    rest = walk(client, page["next"])
    assert [number for page in rest for number in page] == [3, 5, 1, 2, 4]


def test_a_follower_of_one_target_is_told_of_every_withdrawal(client: Client, feed: Feed) -> None:
    """Of whom they were is no longer said, so nobody could be told of their own only."""
    feed.withdraw()
    gone = [(6, "withdrawn", 1), (7, "withdrawn", 2), (8, "withdrawn", 4)]
    assert told(client, after=4, target=feed.kept.pk) == [(5, "published", 5), *gone]
    assert told(client, after=5, status="met") == gone


def test_lines_of_json_have_tombstones_and_tables_have_entries_only(
    client: Client, feed: Feed
) -> None:
    feed.withdraw()
    lines = fetch(client, "status-changes", format="ndjson", after=3).splitlines()
    assert [orjson.loads(line) for line in lines] == results(client, "status-changes", after=3)
    header, *rows = parsed(fetch(client, "status-changes", format="csv", after=3))
    assert [row[header.index("id")] for row in rows] == ["5"]


def test_a_follower_who_turns_the_order_is_shown_entries_only(client: Client, feed: Feed) -> None:
    feed.withdraw()
    entries = [(5, "published", 5), (3, "published", 3)]
    assert told(client, after=0, ordering="-sequence") == entries


def test_a_draft_that_was_never_public_leaves_no_tombstone(client: Client) -> None:
    target = make_target()
    withdraw_campaign(campaign=target.campaign, now=NOW)
    make_change(target, now=NOW)
    withdraw_campaign(campaign=target.campaign, now=NOW)
    assert told(client, after=0) == []
    assert ids(client, "status-changes") == []


@pytest.mark.parametrize("query", ["expand=target", "expand=outcome&format=ndjson"])
def test_a_follower_may_expand(client: Client, query: str) -> None:
    gone = make_target()
    make_change(gone)
    withdraw_campaign(campaign=gone.campaign, now=NOW)
    answer = client.get(f"{V1}/status-changes/?after=0&{query}")
    assert b"withdrawn" in (b"".join(answer) if answer.streaming else answer.content)


def test_the_count_is_of_what_is_listed(client: Client) -> None:
    gone = make_target()
    make_change(gone)
    withdraw_campaign(campaign=gone.campaign, now=NOW)
    page = get(client, "status-changes/", after=0, count="true")
    assert page["count"] == len(page["results"]) > 0
