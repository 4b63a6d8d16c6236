"""Posting to endpoints from the rows: many at once, and to each one message after the other."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from time import monotonic

from alerts.channels.posts import Answer, Post, Posts
from alerts.channels.webhook import event_post
from alerts.models import Delivery, Endpoint, Event, State
from alerts.services import recording_posts
from alerts.services.claiming import BATCH_SIZE, LEASE, MAX_CRASHES
from alerts.services.endpoint_leases import (
    lease_endpoints,
    lease_next_message,
    release_endpoint,
)
from alerts.services.owing import is_worth_telling, load_events
from alerts.services.pausing import is_paused
from alerts.services.registering import signing_secrets

logger = logging.getLogger(__name__)

AT_ONCE = 50
"""Endpoints to which one worker posts at the same time."""

_BATCH_SECONDS = LEASE.total_seconds() / 2
"""After this nothing more is begun: the lease must outlast a last slow try."""
_LOOK_AGAIN = 0.5
"""Seconds after which a batch that waits for an answer looks for what has become due meanwhile."""


def send_webhooks(*, now: dt.datetime, limit: int = BATCH_SIZE) -> Counter[State]:
    """Post messages that are due, and write down each answer as it comes.

    Each endpoint gets its messages in the order in which they became due, the next when the one
    before it was answered. One that hangs delays no other: meanwhile others are posted to, also
    those for which something becomes due only then. One that fails is left alone for a while.

    Any number of workers may do so at once. If one dies, what it held is due again when its lease
    is over; only the messages that were on their way may then be sent again, with the same
    ``webhook-id``. Nothing is sent about a campaign that is not public any more, nor to anybody
    while alerts are paused.

    To be called with no transaction open.

    Args:
        now: the moment at which sending starts.
        limit: how many messages at most.

    Returns:
        How many messages ended in each state; ``waiting`` counts those to be tried again. Empty
        when nothing was due.
    """
    with Posts() as posts:
        return _Batch(posts, now, limit).send()


class _Batch:
    """The endpoints that one worker holds, and what is under way to them."""

    def __init__(self, posts: Posts, now: dt.datetime, limit: int) -> None:
        self._posts = posts
        self._now = now
        self._began = monotonic()
        self._left = limit
        self._looked_at = float("-inf")
        self._idle: list[Endpoint] = []
        self._under_way: dict[int, tuple[Endpoint, Delivery]] = {}
        self._events: dict[int, Event] = {}
        self._endings: Counter[State] = Counter()

    def send(self) -> Counter[State]:
        """Post until nothing is due any more, or the time or the number is up."""
        while True:
            new = self._begun()
            if not new and not self._under_way:
                return self._endings
            for key, answer in self._posts.exchange(new, seconds=_LOOK_AGAIN):
                self._settle(key, answer)

    def _begun(self) -> list[Post]:
        """Return the next post to each endpoint that is ours and waits for none."""
        if self._passed() > _BATCH_SECONDS or self._left < 1 or is_paused():
            self._release()
            return []
        if not self._under_way or self._passed() - self._looked_at >= _LOOK_AGAIN:
            self._looked_at = self._passed()
            room = AT_ONCE - len(self._under_way) - len(self._idle)
            self._idle += lease_endpoints(now=self._moment(), limit=room)
        new = []
        while self._idle and self._left > 0:
            endpoint = self._idle.pop(0)
            if post := self._next_post(endpoint):
                new.append(post)
            else:
                release_endpoint(endpoint)
        self._release()
        return new

    def _next_post(self, endpoint: Endpoint) -> Post | None:
        """Return the next message to an endpoint; ends those that are not to be sent."""
        while self._left > 0:
            delivery = lease_next_message(endpoint, now=self._moment())
            if delivery is None:
                return None
            self._left -= 1
            if post := self._made(delivery, endpoint):
                self._under_way[endpoint.pk] = (endpoint, delivery)
                return post
        return None

    def _made(self, delivery: Delivery, endpoint: Endpoint) -> Post | None:
        if delivery.crashes_count >= MAX_CRASHES:
            self._end(recording_posts.record_undue(delivery, State.FAILED))
            return None
        event = self._event(delivery.event_id)
        if not _is_owed(event, endpoint):
            self._end(recording_posts.record_undue(delivery, State.CANCELLED))
            return None
        now = self._moment()
        try:
            return event_post(event, endpoint, signing_secrets(endpoint, now), now=now)
        except Exception as error:
            # Our own failure is logged, and tried again rather than forgotten.
            logger.exception("%r could not be made", delivery)
            self._end(recording_posts.record_own_failure(delivery, repr(error), at=now))
            return None

    def _event(self, key: int) -> Event:
        """Return an event with all that is said of it, read once for all who are told."""
        if key not in self._events:
            self._events |= load_events([key])
        return self._events[key]

    def _settle(self, key: int, answer: Answer) -> None:
        endpoint, delivery = self._under_way.pop(key)
        self._end(recording_posts.record_answer(delivery, answer, at=self._moment()))
        if not answer.is_success:
            logger.warning("Endpoint %s did not take %r: %s", key, delivery, answer.detail)
        if answer.is_success or answer.is_about_the_message:
            self._idle.append(endpoint)
        else:
            release_endpoint(endpoint)

    def _release(self) -> None:
        while self._idle:
            release_endpoint(self._idle.pop())

    def _end(self, state: State) -> None:
        self._endings[state] += 1

    def _passed(self) -> float:
        return monotonic() - self._began

    def _moment(self) -> dt.datetime:
        return self._now + dt.timedelta(seconds=self._passed())


def _is_owed(event: Event, endpoint: Endpoint) -> bool:
    """Whether an endpoint is still to be told: of findings staff only, of the rest if public."""
    if event.type == Event.Type.FINDING:
        return endpoint.owner.is_staff
    return is_worth_telling(event)
