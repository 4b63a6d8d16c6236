"""Endpoints that hang, drip, redirect or flood: they delay nobody, and get it all in the end."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from time import monotonic

import pytest
from django.utils import timezone
from pytest_django import Settings

from alerts.models import Delivery, Endpoint, State
from tests.alerts.hooks import (
    HookSink,
    Received,
    answering,
    dripping,
    flooding,
    hanging,
    hanging_up,
    make_endpoint,
)
from tests.conftest import LOOPBACK
from tests.faults.conftest import OUTCOMES
from tests.faults.crew import Crew
from tests.faults.runs import Outcome, Run
from tests.faults.sinks import FaultySink

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
]

CHANGES, KILLS = 10, 2
SECONDS = 60.0
ELSEWHERE = "/elsewhere"
MOODS = {
    "/hanging": hanging,
    "/dripping": dripping,
    "/flooding": flooding,
    "/hanging-up": hanging_up,
    "/redirecting": answering(302, Location=ELSEWHERE),
}
GOOD = "/good"
PATHS = [GOOD, *MOODS]


class Watched:
    """A sink whose posts can be waited for."""

    def __init__(self, hooks: HookSink) -> None:
        self._hooks = hooks
        self._changed = threading.Condition()
        hooks.on_post = self._note

    def ids(self, path: str) -> Counter[str]:
        """How often each message was posted to a path."""
        return Counter(one.headers["webhook-id"] for one in self._hooks.received(path))

    def has(self, path: str, count: int) -> bool:
        """Whether so many messages were posted to a path."""
        return len(self.ids(path)) >= count

    def wait_until(self, is_so: Callable[[], bool]) -> bool:
        """Return whether it came to be so; asked again at each post, and now and then."""
        deadline = monotonic() + SECONDS
        with self._changed:
            while not is_so():
                if monotonic() > deadline:
                    return False
                self._changed.wait(0.2)
        return True

    def _note(self, received: Received) -> None:
        with self._changed:
            self._changed.notify_all()


@pytest.fixture
def hooks(settings: Settings) -> Iterator[HookSink]:
    """A web server of which all but one page misbehave."""
    settings.OUTBOUND_ALLOWED_NETWORKS = [LOOPBACK]
    with HookSink() as sink:
        sink.moods |= MOODS
        yield sink


def test_an_endpoint_that_misbehaves_delays_no_other_and_gets_all_once_it_behaves(
    sink: FaultySink, crew: Crew, hooks: HookSink, run_number: int
) -> None:
    began, chance = monotonic(), random.Random(run_number)
    watched = Watched(hooks)
    for path in PATHS:
        make_endpoint(hooks.url(path))
    run = Run(sink, followers=1)
    for kill in range(KILLS):
        run.record(CHANGES // KILLS)
        some = kill * CHANGES // KILLS + chance.randrange(1, CHANGES // KILLS)
        assert watched.wait_until(partial(watched.has, GOOD, some)), crew.tails()
        crew.kill_somebody(chance)
    assert watched.wait_until(partial(watched.has, GOOD, CHANGES)), crew.tails()
    assert watched.wait_until(lambda: all(map(watched.ids, MOODS)))
    repeats = watched.ids(GOOD).total() - CHANGES

    hooks.moods.clear()
    everything = CHANGES * len(PATHS)
    assert watched.wait_until(lambda: _let_them_try() == everything), crew.tails()
    told = [set(watched.ids(path)) for path in PATHS]
    lost = sum(CHANGES - len(ids) for ids in told)
    strays = len(hooks.received(ELSEWHERE)) + len(set().union(*told)) - everything
    OUTCOMES["webhooks that hang, drip, redirect or flood"].append(
        Outcome(everything, lost, strays, repeats, 0, KILLS, monotonic() - began)
    )
    assert (lost, strays) == (0, 0)
    assert repeats <= KILLS


def _let_them_try() -> int:
    """Let all that waits be due now, however long it is to be put off; returns what arrived."""
    now = timezone.now()
    posted = Delivery.objects.filter(channel=Delivery.Channel.WEBHOOK)
    Endpoint.objects.update(held_until=None)
    posted.filter(state=State.WAITING).update(next_attempt_at=now)
    return posted.filter(state=State.DELIVERED).count()
