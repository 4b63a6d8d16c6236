"""Old polls are forgotten, those that brought a snapshot are not."""

import datetime as dt

import pytest
from pytest_django import Settings

from sources.kinds import PollResult
from sources.models import Poll, Snapshot
from sources.services import prune_polls, pruning
from tests.factories import NOW
from tests.sources.factories import make_snapshot, make_source

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def make_poll(age: dt.timedelta) -> Poll:
    moment = NOW - age
    return Poll.objects.create(
        source=make_source(),
        started_at=moment,
        finished_at=moment,
        result=PollResult.UNCHANGED,
        http_status=200,
    )


def test_polls_are_kept_ninety_days() -> None:
    young = make_poll(90 * DAY - dt.timedelta(seconds=1))
    make_poll(90 * DAY + dt.timedelta(seconds=1))
    assert prune_polls(now=NOW) == 1
    assert list(Poll.objects.all()) == [young]
    assert prune_polls(now=NOW) == 0


def test_how_long_is_a_setting(settings: Settings) -> None:
    settings.POLL_KEPT_DAYS = 10
    make_poll(11 * DAY)
    assert prune_polls(now=NOW) == 1


def test_a_poll_that_brought_a_snapshot_stays_with_it() -> None:
    snapshot = make_snapshot()
    Poll.objects.update(started_at=NOW - 1_000 * DAY, finished_at=NOW - 1_000 * DAY)
    make_poll(1_000 * DAY)
    assert prune_polls(now=NOW) == 1
    assert Poll.objects.get() == snapshot.poll
    assert Snapshot.objects.get() == snapshot


def test_many_are_deleted_in_pieces_and_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "_AT_ONCE", 2)
    for _ in range(5):
        make_poll(100 * DAY)
    assert prune_polls(now=NOW) == 5
    assert not Poll.objects.exists()
