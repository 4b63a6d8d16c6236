"""The public feed: whoever follows it knows what is public, from whatever moment they began."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.errors import InvalidStatusChange
from campaigns.models import Campaign, FeedEntry, LogHead, StatusChange, Target
from campaigns.services import publish_campaign, withdraw_campaign
from campaigns.statuses import Status
from tests.factories import NOW, make_campaign, make_change, make_target

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=1)


def feed() -> list[tuple[int, str, int]]:
    """Every entry: its number, what happened, to which row of the log."""
    rows = FeedEntry.objects.order_by("sequence")
    return list(rows.values_list("sequence", "event", "status_change_id"))


def numbers(changes: Iterable[StatusChange]) -> dict[int, int | None]:
    """What is annotated to each change."""
    return {change.pk: vars(change)["feed_sequence"] for change in changes}


def test_what_is_recorded_in_public_enters_the_feed_with_its_commit() -> None:
    target = make_target()
    refused = make_change(target, Status.REFUSED)
    retracted = make_change(target, None, corrects=refused)

    assert feed() == [(1, "published", refused.pk), (2, "published", retracted.pk)]
    assert [row.entered_at for row in FeedEntry.objects.all()] == [
        refused.recorded_at,
        retracted.recorded_at,
    ]


def test_what_is_recorded_in_a_draft_takes_no_number() -> None:
    make_change(make_target(make_campaign(is_public=False)))
    public = make_change()

    assert feed() == [(1, "published", public.pk)]
    assert (LogHead.objects.get().last_sequence, LogHead.objects.get().last_feed_sequence) == (2, 1)


def test_a_refused_change_takes_no_number() -> None:
    change = make_change()

    with pytest.raises(InvalidStatusChange):
        make_change(change.target)

    assert feed() == [(1, "published", change.pk)]
    assert LogHead.objects.get().last_feed_sequence == 1


def test_current_entries_are_the_latest_publications_of_what_is_public_now() -> None:
    kept = make_change()
    again = make_change()
    hidden = make_change()
    for change in (again, hidden):
        withdraw_campaign(campaign=change.target.campaign, now=LATER)
    publish_campaign(campaign=again.target.campaign, now=LATER)

    current = FeedEntry.objects.current().order_by("sequence")
    assert list(current.values_list("sequence", "status_change")) == [(1, kept.pk), (6, again.pk)]
    tombstones = FeedEntry.objects.tombstones().order_by("sequence")
    assert list(tombstones.values_list("sequence", "status_change")) == [
        (4, again.pk),
        (5, hidden.pk),
    ]


def test_a_change_is_numbered_by_its_latest_publication() -> None:
    change = make_change()
    draft = make_change(make_target(make_campaign(is_public=False)))
    withdraw_campaign(campaign=change.target.campaign, now=LATER)
    publish_campaign(campaign=change.target.campaign, now=LATER)

    rows = StatusChange.objects.with_feed_sequence()

    assert numbers(rows) == {change.pk: 3, draft.pk: None}


def test_a_published_draft_was_not_recorded_in_public() -> None:
    campaign = make_campaign(is_public=False)
    make_change(make_target(campaign))
    publish_campaign(campaign=campaign, now=NOW)
    change = make_change(make_target(campaign))
    withdraw_campaign(campaign=campaign, now=NOW)

    assert list(StatusChange.objects.recorded_in_public()) == [change]


def test_the_migration_enters_what_is_public_already_in_the_order_of_the_log() -> None:
    early, late, never = (make_target(make_campaign(is_public=False)) for _ in range(3))
    changes = [make_change(target) for target in (late, early, never, late)[:3]]
    changes.append(make_change(late, Status.REFUSED, now=LATER))
    published = NOW + dt.timedelta(hours=1)
    Campaign.objects.filter(targets=late).update(published_at=published)
    Campaign.objects.filter(targets=early).update(published_at=NOW - dt.timedelta(days=9))
    assert feed() == []

    migration = import_module("campaigns.migrations.0003_feed")
    migration.enter_public_changes(apps, connection.schema_editor())

    assert feed() == [
        (1, "published", changes[0].pk),
        (2, "published", changes[1].pk),
        (3, "published", changes[3].pk),
    ]
    moments = FeedEntry.objects.order_by("sequence").values_list("entered_at", flat=True)
    assert list(moments) == [published, NOW, LATER]
    assert make_change(early, Status.MET, now=LATER).feed_entries.get().sequence == 4


@dataclass
class Follower:
    """Somebody with a copy of what is public, as of an entry of the feed."""

    reads_everything: bool
    """Whether superseded publications are read as well, as they stand in the table."""
    after: int = 0
    copy: dict[int, int] = field(default_factory=dict)
    """The number of the publication of each status change, by its permanent number."""

    def begin(self) -> None:
        self.after = LogHead.objects.get_or_create(pk=1)[0].last_feed_sequence
        current = FeedEntry.objects.current()
        self.copy = dict(current.values_list("status_change", "sequence"))

    def catch_up(self) -> None:
        rows = FeedEntry.objects.filter(sequence__gt=self.after).order_by("sequence")
        if not self.reads_everything:
            shown = FeedEntry.objects.current() | FeedEntry.objects.tombstones()
            rows = rows.filter(pk__in=shown.values("pk"))
        for entry in rows:
            if entry.event == FeedEntry.Event.PUBLISHED:
                self.copy[entry.status_change_id] = entry.sequence
            else:
                self.copy.pop(entry.status_change_id, None)
            self.after = entry.sequence


@dataclass
class World:
    """What was done, beside what should come of it, computed without the code under test."""

    now: dt.datetime = NOW
    campaigns: list[Campaign] = field(default_factory=list)
    public: set[int] = field(default_factory=set)
    recorded: dict[int, int] = field(default_factory=dict)
    """The campaign of each status change."""
    followers: list[Follower] = field(default_factory=list)

    def create(self, _: int, is_public: bool) -> None:
        campaign = make_campaign(is_public=is_public)
        make_target(campaign)
        make_target(campaign)
        self.campaigns.append(campaign)
        if is_public:
            self.public.add(campaign.pk)

    def record(self, pick: int, is_met: bool) -> None:
        target = self.pick_target(pick)
        self.attempt(target, Status.MET if is_met else Status.REFUSED)

    def mend(self, pick: int, is_retraction: bool) -> None:
        target = self.pick_target(pick)
        wrong = target.status_changes.in_effect().order_by("sequence").first() if target else None
        self.attempt(target, None if is_retraction else Status.PARTIAL, wrong)

    def attempt(
        self, target: Target | None, status: Status | None, wrong: StatusChange | None = None
    ) -> None:
        if target is None or (status is None and wrong is None):
            return
        try:
            change = make_change(target, status, now=self.now, corrects=wrong)
        except InvalidStatusChange:
            return
        self.recorded[change.pk] = target.campaign_id

    def turn(self, pick: int, is_publishing: bool) -> None:
        if not self.campaigns:
            return
        campaign = self.campaigns[pick % len(self.campaigns)]
        if is_publishing:
            publish_campaign(campaign=campaign, now=self.now)
            self.public.add(campaign.pk)
        else:
            withdraw_campaign(campaign=campaign, now=self.now)
            self.public.discard(campaign.pk)

    def follow(self, pick: int, is_new: bool) -> None:
        if is_new or not self.followers:
            self.followers.append(Follower(reads_everything=bool(pick % 2)))
            self.followers[-1].begin()
        else:
            self.followers[pick % len(self.followers)].catch_up()

    def pick_target(self, pick: int) -> Target | None:
        targets = list(Target.objects.filter(campaign__in=self.campaigns).order_by("pk"))
        return targets[pick % len(targets)] if targets else None

    def check(self) -> None:
        expected = {pk for pk, campaign in self.recorded.items() if campaign in self.public}
        public = numbers(StatusChange.objects.public().with_feed_sequence())
        assert set(public) == expected
        for follower in [*self.followers, Follower(True), Follower(False)]:
            follower.catch_up()
            assert follower.copy == public
        sequences = [sequence for sequence, _, _ in feed()]
        assert sequences == list(range(1, len(sequences) + 1))
        moments = list(FeedEntry.objects.order_by("sequence").values_list("entered_at", flat=True))
        assert moments == sorted(moments)


ACTIONS = {
    "create": World.create,
    "record": World.record,
    "mend": World.mend,
    "turn": World.turn,
    "follow": World.follow,
}
steps = st.lists(
    st.tuples(st.sampled_from(list(ACTIONS)), st.integers(0, 5), st.booleans(), st.integers(0, 1)),
    max_size=25,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_whoever_follows_the_feed_has_exactly_what_is_public(
    steps: list[tuple[str, int, bool, int]],
) -> None:
    with transaction.atomic():
        world = World()
        world.create(0, True)
        world.create(0, False)
        world.follow(0, True)
        for action, pick, choice, hours in steps:
            ACTIONS[action](world, pick, choice)
            world.now += dt.timedelta(hours=hours)
        world.check()
        transaction.set_rollback(True)
