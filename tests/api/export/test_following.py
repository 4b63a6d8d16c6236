"""Whoever loads an export and follows the feed has what the API lists."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest
from django.db import transaction
from django.test import Client, override_settings
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from api.export.lists import write_lists
from campaigns.errors import InvalidStatusChange
from campaigns.models import Campaign, StatusChange, Target
from campaigns.services import publish_campaign, withdraw_campaign
from tests.api.factories import get
from tests.factories import (
    NOW,
    make_campaign,
    make_change,
    make_citation_draft,
    make_outcome_draft,
    make_target,
)

pytestmark = pytest.mark.django_db

LINK = ("id", "kind", "url", "html_url")
"""The members of an entry that ``corrects`` and ``corrected_by`` show."""
DERIVED = "follows_status"
"""What is computed when it is read, and so is no part of what the feed brings."""

Rows = dict[int, dict[str, Any]]


@dataclass
class Consumer:
    """Somebody with a copy, who keeps it as README.txt says."""

    after: int
    rows: Rows

    @classmethod
    def of_export(cls) -> Consumer:
        with TemporaryDirectory() as folder:
            lists = write_lists(Path(folder), now=NOW, tell=lambda name, count: None)
            lines = (Path(folder) / "status-changes.ndjson").read_bytes().splitlines()
        items = map(orjson.loads, lines)
        return cls(lists.sequence, {item["id"]: item for item in items})

    def follow(self, client: Client, limit: int) -> None:
        """Read the feed to its end."""
        page = get(client, "status-changes/", after=self.after, limit=limit)
        self.apply(page["results"])
        while page["next"]:
            page = get(client, page["next"])
            self.apply(page["results"])

    def apply(self, entries: list[dict[str, Any]]) -> None:
        for entry in entries:
            assert entry["sequence"] > self.after
            self.after = entry["sequence"]
            if entry["event"] == "withdrawn":
                assert set(entry) >= {"id", "sequence", "event", "url", "recorded_at"}
                self.rows.pop(entry["id"], None)
                continue
            self.rows[entry["id"]] = entry
            if entry["corrects"]:
                corrected = self.rows[entry["corrects"]["id"]]
                corrected["corrected_by"] = {name: entry[name] for name in LINK}


@dataclass
class History:
    """Two campaigns with two targets each, one of them a draft at first."""

    client: Client
    limit: int
    now: dt.datetime = NOW
    campaigns: list[Campaign] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    consumers: list[Consumer] = field(default_factory=list)

    def begin(self) -> None:
        for is_public in (True, False):
            campaign = make_campaign(is_public=is_public)
            self.campaigns.append(campaign)
            self.targets += [make_target(campaign), make_target(campaign)]
        self.export(0, True)

    def record(self, pick: int, has_outcome: bool) -> None:
        self.attempt(
            self.targets[pick % 4],
            "paused" if has_outcome else "refused",
            outcome=make_outcome_draft(exemptions=("Thorn",)) if has_outcome else None,
            citations=[make_citation_draft()],
        )

    def mend(self, pick: int, is_retraction: bool) -> None:
        target = self.targets[pick % 4]
        standing = StatusChange.objects.filter(target=target).in_effect().order_by("sequence")
        wrong = standing[pick % 3 : pick % 3 + 1].first() if pick < 8 else standing.first()
        if wrong is not None:
            self.attempt(target, None if is_retraction else "partial", corrects=wrong)

    def attempt(self, target: Target, status: str | None, **fields: Any) -> None:
        day = dt.date(2020, 1, 1) + dt.timedelta(days=self.now.day)
        try:
            make_change(target, status, day, self.now, summary=f"At {self.now}", **fields)
        except InvalidStatusChange:
            return

    def turn(self, pick: int, is_publishing: bool) -> None:
        turn = publish_campaign if is_publishing else withdraw_campaign
        turn(campaign=self.campaigns[pick % 2], now=self.now)

    def export(self, pick: int, _: bool) -> None:
        if len(self.consumers) < 3:
            self.consumers.append(Consumer.of_export())

    def follow(self, pick: int, _: bool) -> None:
        self.consumers[pick % len(self.consumers)].follow(self.client, self.limit)

    def check(self) -> None:
        listed = listed_by(self.client)
        for consumer in self.consumers:
            consumer.follow(self.client, self.limit)
            assert without_derived(consumer.rows) == listed


def listed_by(client: Client) -> Rows:
    """Every row of the list, by number."""
    rows, page = [], get(client, "status-changes/", limit=500)
    rows += page["results"]
    while page["next"]:
        page = get(client, page["next"])
        rows += page["results"]
    return without_derived({row["id"]: row for row in rows})


def without_derived(rows: Rows) -> Rows:
    return {
        key: {name: value for name, value in row.items() if name != DERIVED}
        for key, row in rows.items()
    }


ACTIONS = {
    "record": History.record,
    "mend": History.mend,
    "turn": History.turn,
    "export": History.export,
    "follow": History.follow,
}
Steps = list[tuple[str, int, bool]]
steps = st.lists(
    st.tuples(
        st.sampled_from(["record", "record", "mend", "turn", "export", "follow"]),
        st.integers(0, 11),
        st.booleans(),
    ),
    min_size=4,
    max_size=24,
)
EVERYTHING: Steps = [
    ("record", 0, True),
    ("record", 2, False),
    ("export", 0, True),
    ("mend", 0, False),
    ("turn", 1, True),
    ("mend", 2, True),
    ("follow", 1, True),
    ("turn", 0, False),
    ("follow", 1, True),
    ("turn", 0, True),
    ("turn", 1, False),
    ("record", 1, False),
]


@example(EVERYTHING, 1)
@example(EVERYTHING, 500)
@settings(max_examples=13, suppress_health_check=[HealthCheck.too_slow])
@given(steps, st.sampled_from([1, 2, 500]))
def test_an_export_and_the_feed_since_make_the_current_list(steps: Steps, limit: int) -> None:
    # More questions than one reader may ask in a minute.
    with override_settings(API_ANONYMOUS_PER_MINUTE=1_000_000), transaction.atomic():
        history = History(Client(), limit)
        history.begin()
        for number, (action, pick, choice) in enumerate(steps, start=1):
            history.now = NOW + dt.timedelta(days=number)
            ACTIONS[action](history, pick, choice)
        history.check()
        transaction.set_rollback(True)
