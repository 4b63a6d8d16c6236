"""Reviewers at once: what several of them accept is recorded once."""

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from campaigns.errors import NothingChanges
from campaigns.events import status_changed
from campaigns.models import StatusChange, Target
from campaigns.statuses import Status
from sources.errors import AlreadyRecorded, AlreadyReviewed
from sources.models import Finding, Review
from sources.services import accept_finding, dismiss_finding
from tests.factories import NOW, make_change, make_outcome_draft
from tests.sources.factories import make_finding

pytestmark = pytest.mark.django_db(transaction=True)

REVIEWERS = 4
LATER = NOW + dt.timedelta(hours=1)


def at_once(*actions: Callable[[], object]) -> list[object]:
    """Run actions in threads that start together; return what each gave, or its refusal."""
    barrier = threading.Barrier(len(actions))

    def run(action: Callable[[], object]) -> object:
        connection.ensure_connection()
        barrier.wait(timeout=30)
        try:
            return action()
        except (AlreadyRecorded, AlreadyReviewed, NothingChanges) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def accept_all(findings: list[Finding]) -> list[object]:
    """Let every finding be accepted by a reviewer of its own at the same time."""
    return at_once(
        *(lambda one=one: accept_finding(finding=one, reviewer=None, now=LATER) for one in findings)
    )


def kinds_of(results: list[object]) -> list[str]:
    return sorted(type(result).__name__ for result in results)


def test_findings_of_one_target_that_are_accepted_at_once_are_recorded_and_told_once(
    amazon: Target,
) -> None:
    told: list[int] = []

    def note(change_id: int, **_: object) -> None:
        told.append(change_id)

    day = dt.date(2020, 6, 10)
    findings = [
        make_finding(amazon, effective_on=day, expires_on=dt.date(2021, 6, 10 + number))
        for number in range(REVIEWERS)
    ]
    status_changed.connect(note)
    try:
        results = accept_all(findings)
    finally:
        status_changed.disconnect(note)
    assert kinds_of(results) == [*["AlreadyRecorded"] * (REVIEWERS - 1), "StatusChange"]
    change = StatusChange.objects.get(to_status=Status.PAUSED)
    assert told == [change.pk]
    assert Review.objects.count() == 1
    assert Finding.objects.pending().count() == REVIEWERS - 1


def test_an_extension_that_is_accepted_from_two_findings_at_once_is_recorded_once(
    amazon: Target,
) -> None:
    make_change(amazon, Status.PAUSED, dt.date(2020, 6, 10), outcome=make_outcome_draft())
    findings = [
        make_finding(amazon, extends=True, effective_on=dt.date(2021, 5, 18)) for _ in range(2)
    ]
    assert kinds_of(accept_all(findings)) == ["NothingChanges", "StatusChange"]
    assert StatusChange.objects.filter(kind=StatusChange.Kind.EXTENSION).count() == 1


def test_a_finding_that_is_accepted_and_dismissed_at_once_is_reviewed_once(amazon: Target) -> None:
    finding = make_finding(amazon)
    results = at_once(
        lambda: accept_finding(finding=finding, reviewer=None, now=LATER),
        lambda: dismiss_finding(finding=finding, reason="Old", reviewer=None, now=LATER),
    )
    assert "AlreadyReviewed" in kinds_of(results)
    assert Review.objects.count() == 1
