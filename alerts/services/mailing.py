"""Sending mails from their rows: claim a batch, send one after the other, write each down."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic

from django.db import DatabaseError
from django.utils.translation import override

from alerts import wording
from alerts.channels import email
from alerts.channels.letters import Letter, Personal
from alerts.channels.smtp import MailSession
from alerts.errors import ChannelDown, ChannelFailure, PermanentFailure
from alerts.models import Delivery, Digest, Event, State, Subscription
from alerts.services import recording
from alerts.services.bursts import hold_bursts
from alerts.services.claiming import BATCH_SIZE, LEASE, MAX_CRASHES, claim, release
from alerts.services.owing import Reasons, load_events, load_followed, reasons_for
from alerts.services.pausing import is_paused
from alerts.services.recording_sent import SentRecorder

logger = logging.getLogger(__name__)

_LONGEST_DETAIL = 500
_BATCH_SECONDS = LEASE.total_seconds() / 2
"""After this nothing more is sent: the lease must outlast a last slow try."""
_REASONS_SECONDS = 1.0
"""For how long what was read of subscriptions holds: whoever leaves is left alone after it."""


@dataclass(frozen=True, slots=True)
class _Outgoing:
    """A message, and the deliveries of which it tells."""

    message: Delivery | Digest
    deliveries: Sequence[Delivery]


def send_mail(*, now: dt.datetime, limit: int = BATCH_SIZE) -> Counter[State]:
    """Send mails that are due, over one connection, and write down each before the next is sent.

    Any number of workers may do so at once. If one dies, what it held is due again when its lease
    is over; only the mail that was on its way may then be sent again, with the same Message-ID.
    Nothing is sent to who has left meanwhile, nor about a campaign that is not public any more, nor
    to anybody while alerts are paused. What goes wrong with one recipient touches no other. If the
    server cannot be reached, or takes nothing from us, what was claimed is put off for a while;
    that is no try at any of it.

    To be called with no transaction open.

    Args:
        now: the moment at which sending starts.
        limit: how many mails at most.

    Returns:
        How many messages ended in each state; ``waiting`` counts those to be tried again. Empty
        when nothing was due.
    """
    if is_paused():
        return Counter()
    batch = _Batch(now)
    with MailSession() as session:
        return batch.send(session, _claimed(now, limit))


def _claimed(now: dt.datetime, limit: int) -> list[_Outgoing]:
    """Take what is due, and put what is too much for an hour aside."""
    owed = Delivery.objects.due(now).filter(channel="email").select_related("subscriber")
    outgoing: list[_Outgoing] = []
    # Behind a burst that is put aside as a whole others wait.
    while not outgoing and (deliveries := claim(owed, now=now, limit=limit)):
        kept = hold_bursts(deliveries, now=now)
        outgoing = [_Outgoing(one, [one]) for one in deliveries if one.pk in kept]
    if any(one.message.crashes_count for one in outgoing):
        return outgoing  # what may bring down its worker shall take nothing with it
    due_digests = Digest.objects.due(now).select_related("subscriber")
    digests = claim(due_digests, now=now, limit=limit - len(outgoing))
    told: defaultdict[int | None, list[Delivery]] = defaultdict(list)
    for delivery in Delivery.objects.filter(digest__in=digests, state=State.WAITING):
        told[delivery.digest_id].append(delivery)
    return outgoing + [_Outgoing(one, told[one.pk]) for one in digests]


class _Batch:
    """What is shared by the mails of one batch: letters, events, and reasons that are fresh."""

    def __init__(self, now: dt.datetime) -> None:
        self._now = now
        self._began = monotonic()
        self._letters: dict[tuple[object, ...], Letter] = {}
        self._events: dict[int, Event] = {}
        self._reasons: dict[int, Reasons] = {}
        self._followed: dict[str, Subscription] = {}
        self._explained: dict[tuple[object, ...], str] = {}
        self._reasons_at = float("-inf")
        self._sent = SentRecorder()
        self.endings: Counter[State] = Counter()

    def send(self, session: MailSession, outgoing: list[_Outgoing]) -> Counter[State]:
        """Send all, or as many as the time and the server allow; the rest is given back."""
        try:
            for index in range(len(outgoing)):
                rest = outgoing[index:]
                if self._passed() > _BATCH_SECONDS or not self._refresh(rest):
                    self._sent.settle()
                    release([left.message for left in rest])
                    break
                if not self._send_first(session, rest):
                    break
        finally:
            self._sent.settle()
        return self.endings

    def _send_first(self, session: MailSession, rest: Sequence[_Outgoing]) -> bool:
        """Return whether to go on with the next."""
        try:
            record = self._tried(session, rest[0])
        except ChannelDown as down:
            self._sent.settle()
            self._put_off(rest, down)
            return False
        # Of the mail before: what was tried of this one may have ended before its content.
        self._sent.settle()
        self.endings[record()] += 1
        return True

    def _put_off(self, rest: Sequence[_Outgoing], down: ChannelDown) -> None:
        """Put off all that is left for a while: the server is not asked again for each."""
        at = self._moment()
        logger.warning("Nothing can be sent now: %s", down)
        recording.record_down(rest[0].message, _short(down), at=at)
        release([left.message for left in rest[1:]], next_attempt_at=at + recording.DOWN)
        self.endings[State.WAITING] += len(rest)

    def _tried(self, session: MailSession, item: _Outgoing) -> Callable[[], State]:
        """Try a message, and return what writes down how that ended."""
        message = item.message
        if message.crashes_count >= MAX_CRASHES:
            return partial(recording.record_crashes, message, told=item.deliveries)
        wanted = [one for one in item.deliveries if self._why(one)]
        if not wanted:
            return partial(recording.record_cancelled, message, told=item.deliveries)
        try:
            letter, personal = self._written(message, wanted)
            session.send(letter, personal, before_content=self._sent.settle)
        except (ChannelDown, DatabaseError):
            raise
        except PermanentFailure as failure:
            logger.warning("%s was refused: %s", _named(message), failure)
            record = partial(recording.record_refused, message, _short(failure))
        except ChannelFailure as failure:
            logger.warning("%s did not go out: %s", _named(message), failure)
            record = partial(recording.record_put_off, message, _short(failure))
        except Exception as error:
            # Our own failure is logged, and tried again rather than forgotten.
            logger.exception("%s could not be sent", _named(message))
            record = partial(recording.record_put_off, message, repr(error))
        else:
            return partial(self._record_sent, item, wanted, self._moment())
        return partial(record, told=item.deliveries, at=self._moment())

    def _record_sent(self, item: _Outgoing, wanted: Sequence[Delivery], at: dt.datetime) -> State:
        message = item.message
        if isinstance(message, Delivery):
            return self._sent.begin(message, at=at)
        dropped = [one for one in item.deliveries if one not in wanted]
        return recording.record_digest_sent(message, told=wanted, dropped=dropped, at=at)

    def _written(
        self, message: Delivery | Digest, wanted: Sequence[Delivery]
    ) -> tuple[Letter, Personal]:
        """Return the letter, rendered once for all to whom it tells the same, and what is added."""
        assert message.subscriber is not None
        events = [self._events[one.event_id] for one in wanted]
        why = tuple(dict.fromkeys(key for one in wanted for key in self._why(one)))
        language = message.subscriber.language
        key: tuple[object, ...] = (language, events[0].pk)
        if isinstance(message, Digest):
            with override(language):
                day = wording.digest_day(message)
            key = (language, message.cadence, day, *sorted(event.pk for event in events))
        if key not in self._letters or (key, why) not in self._explained:
            self._sent.settle()  # what is put into words may be read then
        if key not in self._letters:
            with override(language):
                self._letters[key] = (
                    email.digest_letter(message, events)
                    if isinstance(message, Digest)
                    else email.alert_letter(events[0])
                )
        if (key, why) not in self._explained:
            with override(language):
                followed = [self._followed[each] for each in why]
                self._explained[key, why] = (
                    wording.digest_reasons(followed)
                    if isinstance(message, Digest)
                    else wording.reasons(events[0], followed)
                )
        return self._letters[key], email.personal(message, self._explained[key, why])

    def _why(self, delivery: Delivery) -> list[str]:
        reasons = self._reasons.get(delivery.event_id, {})
        return reasons.get(delivery.subscriber_id or 0, [])

    def _refresh(self, rest: Sequence[_Outgoing]) -> bool:
        """Read again who still wants what is left, if that was some time ago.

        Returns:
            Whether to go on: not once all alerts are paused.
        """
        if self._passed() - self._reasons_at < _REASONS_SECONDS:
            return True
        self._sent.settle()
        if is_paused():
            return False
        people: defaultdict[int, set[int]] = defaultdict(set)
        for item in rest:
            for one in item.deliveries:
                people[one.event_id].add(one.subscriber_id or 0)
        self._events = load_events(people)
        self._reasons = {key: reasons_for(self._events[key], people[key]) for key in people}
        keys = {key for why in self._reasons.values() for each in why.values() for key in each}
        if new := keys - self._followed.keys():
            everybody = set().union(*people.values())
            self._followed |= load_followed(new, everybody)
        self._reasons_at = self._passed()
        return True

    def _passed(self) -> float:
        return monotonic() - self._began

    def _moment(self) -> dt.datetime:
        return self._now + dt.timedelta(seconds=self._passed())


def _named(message: Delivery | Digest) -> str:
    """Return what a message is called in the log, where no address belongs; asks no database."""
    return f"{message._meta.model_name} {message.pk}"


def _short(failure: ChannelFailure) -> str:
    return str(failure)[:_LONGEST_DETAIL]
