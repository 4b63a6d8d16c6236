"""Many writers at once: the log stays one line, and nothing is written twice."""

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from campaigns.errors import InvalidStatusChange
from campaigns.models import Campaign, FeedEntry, LogHead, StatusChange, Target
from campaigns.services import expire_outcomes, publish_campaign, withdraw_campaign
from campaigns.statuses import Status
from tests.factories import NOW, make_campaign, make_change, make_outcome_draft, make_target

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 4


def at_once(*actions: Callable[[], object]) -> list[object]:
    """Run actions in threads that start together; return what each gave, or its refusal."""
    barrier = threading.Barrier(len(actions))

    def run(action: Callable[[], object]) -> object:
        barrier.wait(timeout=30)
        try:
            return action()
        except InvalidStatusChange as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def test_writers_of_many_targets_number_the_log_without_gap_or_repeat() -> None:
    targets = [make_target() for _ in range(WRITERS)]

    def record_history(number: int) -> None:
        for status in (Status.CALLED_ON, Status.REFUSED, Status.MET):
            make_change(targets[number], status)

    at_once(*(lambda number=number: record_history(number) for number in range(WRITERS)))

    changes = list(StatusChange.objects.order_by("sequence"))
    assert [change.sequence for change in changes] == list(range(1, 3 * WRITERS + 1))
    assert LogHead.objects.get().last_sequence == 3 * WRITERS
    for target in targets:
        target.refresh_from_db()
        assert target.status == Status.MET


def test_of_two_who_record_the_same_change_the_second_is_told() -> None:
    target = make_target()
    make_change(target, Status.CALLED_ON)

    results = at_once(*[lambda: make_change(target, Status.REFUSED)] * 2)

    assert [isinstance(result, InvalidStatusChange) for result in results].count(True) == 1
    assert target.status_changes.count() == 2


def test_of_two_who_correct_the_same_change_the_second_is_told() -> None:
    target = make_target()
    wrong = make_change(target, Status.MET)

    results = at_once(
        lambda: make_change(target, None, corrects=wrong),
        lambda: make_change(target, Status.PARTIAL, corrects=wrong),
    )

    assert [isinstance(result, InvalidStatusChange) for result in results].count(True) == 1
    assert StatusChange.objects.filter(corrects=wrong).count() == 1


def test_two_clocks_at_once_let_an_outcome_lapse_once() -> None:
    target = make_target()
    make_change(target, Status.PAUSED, dt.date(2020, 6, 10), outcome=make_outcome_draft())

    results = at_once(*[lambda: len(expire_outcomes(now=NOW))] * 2)

    assert sorted(map(str, results)) == ["0", "1"]
    assert target.status_changes.filter(to_status=Status.EXPIRED).count() == 1


def test_a_follower_of_the_feed_skips_and_repeats_nothing_while_writers_commit() -> None:
    targets = [make_target() for _ in range(2)]
    make_change(targets[0])
    followed: list[int] = []
    are_done = threading.Event()

    def record(target: Target) -> None:
        for number in range(8):
            make_change(target, Status.MET if number % 2 else Status.REFUSED)

    def publish_and_withdraw(campaign: Campaign) -> None:
        for _ in range(6):
            withdraw_campaign(campaign=campaign, now=NOW)
            publish_campaign(campaign=campaign, now=NOW)

    def follow() -> None:
        is_last = False
        while not is_last:
            # What is committed before this is set is found by the poll that follows.
            is_last = are_done.is_set()
            after = followed[-1] if followed else 0
            entries = FeedEntry.objects.filter(sequence__gt=after).order_by("sequence")
            followed.extend(entries.values_list("sequence", flat=True)[:7])
            is_last = is_last and len(followed) == FeedEntry.objects.count()

    def write() -> None:
        try:
            at_once(
                lambda: record(targets[0]),
                lambda: record(targets[1]),
                lambda: publish_and_withdraw(targets[0].campaign),
            )
        finally:
            are_done.set()

    at_once(write, follow)

    count = FeedEntry.objects.count()
    assert count > 17
    assert followed == list(range(1, count + 1))
    assert LogHead.objects.get().last_feed_sequence == count
    public = {change.pk for change in StatusChange.objects.all()}
    assert {entry.status_change_id for entry in FeedEntry.objects.current()} == public


@pytest.mark.parametrize("is_public", [False, True])
def test_a_change_recorded_while_its_campaign_is_published_or_withdrawn_is_entered_right(
    is_public: bool,
) -> None:
    turn = withdraw_campaign if is_public else publish_campaign
    targets = [make_target(make_campaign(is_public=is_public)) for _ in range(6)]

    def race(target: Target) -> None:
        at_once(
            lambda: make_change(target),
            lambda: turn(campaign=target.campaign, now=NOW),
        )

    for target in targets:
        race(target)

    for target in targets:
        entries = FeedEntry.objects.filter(status_change__target=target).order_by("sequence")
        events = [str(entry.event) for entry in entries]
        assert events in ([["published", "withdrawn"], []] if is_public else [["published"]])
