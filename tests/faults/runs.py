"""A run: many status changes, many followers, something that goes wrong, and the ledger."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from types import MappingProxyType

from django.utils import timezone

from alerts.cadences import Cadence
from alerts.models import Delivery, State, Subscriber, Subscription
from campaigns.models import StatusChange, Target
from campaigns.services import record_status_change
from campaigns.statuses import Status
from tests.factories import make_target
from tests.faults.sinks import FaultySink

IS_LONG = "FAULT_RUNS" in os.environ
"""Whether this is `make faults`, which has time for long runs."""

PATIENCE_SECONDS = 120.0
"""How long all may take to arrive once nothing goes wrong any more."""

_LONG_AGO = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the ledger says after a run.

    Attributes:
        owed: messages that were to arrive.
        lost: those which did not.
        strays: those which arrived and were not owed.
        repeats: mails that arrived once more, with the same Message-ID.
        other_ids: what was told once more by a mail with another Message-ID.
        faults: how many were injected that may each repeat one message.
        seconds: from the first status change to the end.
    """

    owed: int
    lost: int
    strays: int
    repeats: int
    other_ids: int
    faults: int
    seconds: float


class Run:
    """Followers of one target, and the changes of its status."""

    def __init__(
        self,
        sink: FaultySink,
        *,
        followers: int,
        moods: Mapping[str, int] = MappingProxyType({}),
        cadence: Cadence = Cadence.AT_ONCE,
    ) -> None:
        """Write the followers.

        Args:
            sink: where their mail goes.
            followers: how many there are.
            moods: how many of them misbehave, by the way in which they do.
            cadence: how often they are told.
        """
        self._sink = sink
        self._target = make_target()
        names = [f"{mood}-{number}" for mood, count in moods.items() for number in range(count)]
        names += [f"fine-{number}" for number in range(followers - len(names))]
        long_ago = timezone.now() - _LONG_AGO
        self.people = [f"{name}@example.org" for name in names]
        subscribers = Subscriber.objects.bulk_create(
            Subscriber(email=address, language="en", created_at=long_ago) for address in self.people
        )
        Subscription.objects.bulk_create(
            Subscription(
                subscriber=subscriber,
                campaign=self._target.campaign,
                criteria_key=f"campaign={self._target.campaign_id}",
                cadence=cadence,
                requested_at=long_ago,
                confirmed_at=long_ago,
            )
            for subscriber in subscribers
        )
        self._changes: list[StatusChange] = []
        self._began = monotonic()

    def record(self, count: int) -> None:
        """Change the status so many times."""
        for _number in range(count):
            self._changes.append(_change(self._target))

    def grow_old(self) -> None:
        """Wait until all is owed, and let it be since the day before yesterday."""
        count = len(self.people) * len(self._changes)
        assert self._wait_for(lambda: Delivery.objects.count() == count)
        Delivery.objects.update(created_at=timezone.now() - 2 * _LONG_AGO)

    @property
    def owed(self) -> set[tuple[str, str]]:
        """Whom of what."""
        reached = [person for person in self.people if not person.startswith("never-")]
        return {(person, str(change.pk)) for person in reached for change in self._changes}

    def wait(self) -> bool:
        """Return whether all that is owed arrived, and was written down, within the patience."""
        owed = self.owed
        arrived = self._sink.wait_until(
            # To compare thousands at each arrival takes longer than to send them.
            lambda ledger: len(ledger.arrivals) >= len(owed) and owed <= ledger.arrivals.keys(),
            PATIENCE_SECONDS,
        )
        return arrived and self._is_settled()

    def outcome(self, *, faults: int) -> Outcome:
        """Compare what arrived with what was owed, after so many faults."""
        arrivals, owed = self._sink.ledger.arrivals, self.owed
        return Outcome(
            owed=len(owed),
            lost=len(owed - arrivals.keys()),
            strays=len(arrivals.keys() - owed),
            repeats=self._sink.ledger.repeats,
            other_ids=sum(len(set(ids)) - 1 for ids in arrivals.values()),
            faults=faults,
            seconds=monotonic() - self._began,
        )

    def _is_settled(self) -> bool:
        """Wait until no row waits any more: the last arrivals have yet to be written down."""
        return self._wait_for(lambda: not Delivery.objects.filter(state=State.WAITING).exists())

    def _wait_for(self, is_so: Callable[[], bool]) -> bool:
        """Return whether the database came to say so within the patience."""
        deadline = monotonic() + PATIENCE_SECONDS
        with self._sink.changed:
            while not is_so():
                if monotonic() > deadline:
                    return False
                self._sink.changed.wait(0.2)
        return True


def _change(target: Target) -> StatusChange:
    target.refresh_from_db()
    status = Status.REFUSED if target.status != Status.REFUSED else Status.UNDER_REVIEW
    now = timezone.now()
    return record_status_change(target=target, to_status=status, effective_on=now.date(), now=now)
