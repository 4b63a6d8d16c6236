"""Which endpoints are posted a correction, and what is not posted to them any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest

from alerts.models import Attempt, Delivery, Endpoint, Event, State
from alerts.services import fan_out, send_webhooks
from campaigns.models import StatusChange, Target
from campaigns.statuses import Status
from tests.alerts.corrections import SOON, WAYS, recorded, state_of, undo
from tests.alerts.factories import make_endpoint
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def owed(change: StatusChange) -> Iterable[Endpoint]:
    return {delivery.endpoint for delivery in change.event.deliveries.all() if delivery.endpoint}


@pytest.mark.parametrize("way", WAYS)
def test_endpoints_are_sent_corrections_of_what_they_were_sent(target: Target, way: str) -> None:
    sent = make_endpoint()
    make_endpoint(event_types=f",{Event.Type.RECORDED},")
    wrong = recorded(target)
    make_endpoint(created_at=SOON)
    wrong.event.deliveries.update(state=State.DELIVERED, delivered_at=NOW)
    assert owed(undo(wrong, way)) == {sent}


@pytest.mark.parametrize(("way", "is_told"), [("correction", True), ("retraction", False)])
@pytest.mark.parametrize("disabled_at", [None, NOW])
def test_what_waits_gives_way_to_its_correction_and_to_nothing_after_a_retraction(
    target: Target, way: str, is_told: bool, disabled_at: dt.datetime | None
) -> None:
    endpoint = make_endpoint()
    wrong = recorded(target)
    Endpoint.objects.update(disabled_at=disabled_at)
    assert owed(undo(wrong, way)) == ({endpoint} if is_told else set())
    assert state_of(wrong) == State.CANCELLED


def test_who_hears_of_no_corrections_is_not_sent_the_wrong_version_either(target: Target) -> None:
    make_endpoint(event_types=f",{Event.Type.RECORDED},")
    wrong = recorded(target)
    assert owed(undo(wrong, "correction")) == set()
    assert state_of(wrong) == State.CANCELLED


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("before", ["tried", "replayed", "crashed", "given up"])
def test_an_endpoint_that_may_have_got_it_is_sent_the_correction(
    target: Target, way: str, before: str
) -> None:
    endpoint = make_endpoint()
    wrong = recorded(target)
    delivery = wrong.event.deliveries.get()
    if before == "replayed":
        Attempt.objects.create(delivery=delivery, started_at=NOW, result="delivered")
    changed: dict[str, dict[str, Any]] = {
        "tried": {"attempts_count": 1},
        "crashed": {"crashes_count": 1},
        "given up": {"attempts_count": 10, "state": State.FAILED},
    }
    Delivery.objects.filter(pk=delivery.pk).update(**changed.get(before, {}))
    assert owed(undo(wrong, way)) == {endpoint}
    assert state_of(wrong) == (State.FAILED if before == "given up" else State.CANCELLED)


def test_what_was_under_way_when_it_was_corrected_is_not_posted_again(target: Target) -> None:
    make_endpoint()
    wrong = recorded(target)
    wrong.event.deliveries.update(leased_until=SOON)
    undo(wrong, "retraction")
    assert state_of(wrong) == State.WAITING
    Delivery.objects.exclude(event__status_change=wrong).delete()
    Delivery.objects.update(leased_until=None)
    assert send_webhooks(now=SOON) == {State.CANCELLED: 1}


def test_an_endpoint_that_the_right_version_concerns_first_is_sent_it(target: Target) -> None:
    make_endpoint(to_statuses=[Status.PARTIAL])
    wrong = recorded(target)
    assert not Delivery.objects.exists()
    assert fan_out(change_id=wrong.pk, now=NOW) == 0
    right = undo(wrong, "correction")
    assert Delivery.objects.get().event.status_change == right
