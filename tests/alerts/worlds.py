"""A small world in which alerts are owed, beside what should come of it.

What is owed is computed from what happened: from subscriptions, changes and the outbox, without
the code under test.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core import mail
from django.core.mail.message import EmailMessage
from django.db import transaction

from alerts import services
from alerts.cadences import Cadence
from alerts.models import Subscriber, Subscription
from alerts.services.subscribing import Wish
from alerts.services.suspending import suspend
from alerts.tokens import confirmation_token, unsubscribe_token
from campaigns.errors import CampaignError
from campaigns.models import StatusChange
from campaigns.statuses import Status
from tests.alerts.outboxes import FlakyBackend, Pair, address, held_by
from tests.factories import NOW, make_campaign, make_change, make_company, make_target

PEOPLE = range(3)
ZONES = ["UTC", "Asia/Tokyo", "America/Los_Angeles"]


class World:
    """What was done, and what is owed."""

    def __init__(self) -> None:
        self.now = NOW
        self.campaign = make_campaign()
        self.parent = make_company()
        self.target = make_target(self.campaign, make_company(parent=self.parent))
        self.draft_target = make_target(make_campaign(is_public=False), self.parent)
        self.wishes: dict[str, Wish] = {
            "everything": Wish(),
            "campaign": Wish(campaign=self.campaign),
            "parent": Wish(company=self.parent),
            "company": Wish(company=self.target.company),
            "elsewhere": Wish(campaign=self.draft_target.campaign),
            "refusals": Wish(to_statuses=[Status.REFUSED]),
        }
        self.changes: list[StatusChange] = []
        self.fanned_out: set[int] = set()
        self.confirmed: dict[tuple[int, str], dt.datetime] = {}
        self.suspended: set[int] = set()
        self.owed: set[Pair] = set()
        """As promised, and not renounced since nor replaced by a correction."""
        self.doubtful: set[Pair] = set()
        """Who left, perhaps to come back, while a correction waited, or was suspended when a change
        was recorded that was fanned out once that was lifted: sent it, or not."""

    # What people do.

    def subscription(self, person: int, scope: str) -> Subscription | None:
        key = self.wishes[scope].as_subscription().criteria_key
        mine = Subscription.objects.current().filter(subscriber__email=address(person))
        return mine.filter(criteria_key=key).first()

    def subscribe(self, person: int, scope: str, cadence: int) -> Subscription:
        wish = self.wishes[scope]
        fields = {name: getattr(wish, name) for name in wish.__slots__}
        return services.subscribe(
            email=address(person),
            wish=Wish(**(fields | {"cadence": Cadence(cadence)})),
            language="en",
            time_zone=ZONES[person],
            now=self.now,
        )

    def confirm(self, person: int, scope: str, cadence: int) -> None:
        subscription = self.subscribe(person, scope, cadence)
        token = confirmation_token(subscription_id=subscription.pk, now=self.now)
        services.confirm(token=token, now=self.now)
        self.confirmed.setdefault((person, scope), self.now)
        if person in self.suspended:
            self.suspended.discard(person)
            self.doubtful |= {
                (person, change.pk)
                for change in self.changes
                if change.pk not in self.fanned_out and self.promised(person, change)
            }

    def leave(self, person: int, scope: str | None) -> None:
        only = self.subscription(person, scope) if scope else None
        anybody = Subscriber.objects.filter(email=address(person)).first()
        if anybody is None or (scope and only is None):
            return
        token = unsubscribe_token(subscriber_id=anybody.pk)
        services.unsubscribe(token=token, now=self.now, only=only)
        for key in list(self.confirmed):
            if key[0] == person and scope in (None, key[1]):
                del self.confirmed[key]
        self._renounce(person)

    def rest(self, person: int) -> None:
        until = self.now + dt.timedelta(hours=5)
        Subscriber.objects.filter(email=address(person)).update(paused_until=until)

    def suspend(self, person: int) -> None:
        these = Subscriber.objects.filter(email=address(person))
        if suspend(these, Subscriber.Suspension.COMPLAINED, at=self.now):
            self.suspended.add(person)
            self._renounce(person)

    def _renounce(self, person: int) -> None:
        received = self.told()
        for change in self.changes:
            pair = (person, change.pk)
            if pair not in self.owed or pair in received:
                continue
            if change.corrects is None:
                if not self.promised(person, change):
                    self.owed.discard(pair)
            elif not self.follows(person, [change, *chain(change)]):
                self.owed.discard(pair)
                self.doubtful.add(pair)

    # What is promised.

    def concerns(self, scope: str, change: StatusChange) -> bool:
        if scope == "elsewhere" or change.target_id != self.target.pk:
            return False
        return scope != "refusals" or change.to_status == Status.REFUSED

    def promised(self, person: int, change: StatusChange, *, unlike: Any = None) -> bool:
        """Whether a subscription that is left was confirmed when the change was recorded."""
        return person not in self.suspended and any(
            who == person
            and self.concerns(scope, change)
            and since <= change.recorded_at
            and not (unlike and self.concerns(scope, unlike))
            for (who, scope), since in self.confirmed.items()
        )

    def follows(self, person: int, versions: Sequence[StatusChange]) -> bool:
        return person not in self.suspended and any(
            who == person and any(self.concerns(scope, version) for version in versions)
            for who, scope in self.confirmed
        )

    # What happens.

    def change(self, kind: str, is_woken: bool) -> None:
        target = self.draft_target if kind == "draft" else self.target
        target.refresh_from_db()
        status = Status.REFUSED if target.status == Status.UNDER_REVIEW else Status.UNDER_REVIEW
        change = make_change(target, status, now=self.now, is_silent=kind == "silent")
        self.changes.append(change)
        if kind == "public":
            self.owed |= {(who, change.pk) for who in PEOPLE if self.promised(who, change)}
        if is_woken:
            self.fan_out(len(self.changes) - 1)

    def correct(self, index: int, way: str, is_woken: bool, is_silent: bool) -> None:
        wrong_ones = [
            change
            for change in self.changes
            if change.target_id == self.target.pk
            and change.to_status
            and not StatusChange.objects.filter(corrects=change).exists()
        ]
        for wrong in wrong_ones[index : index + 1]:
            others = {Status.REFUSED: Status.UNDER_REVIEW, Status.UNDER_REVIEW: Status.REFUSED}
            to_status = others[Status(wrong.to_status or "")] if way == "correction" else None
            try:
                with transaction.atomic():
                    change = make_change(
                        self.target,
                        to_status,
                        now=self.now,
                        corrects=wrong,
                        is_silent=is_silent,
                    )
            except CampaignError:
                return  # it would make no sense beside the others
            self.changes.append(change)
            if is_woken:
                self.fan_out(len(self.changes) - 1)

    def fan_out(self, index: int) -> None:
        for change in self.changes[index : index + 1]:
            self._owe_corrections(change)
            services.fan_out(change_id=change.pk, now=self.now)

    def _owe_corrections(self, change: StatusChange) -> None:
        """Note whom a correction is owed, by what each was told until now."""
        if change.pk in self.fanned_out:
            return
        self.fanned_out.add(change.pk)
        if change.corrects is None:
            return
        self._owe_corrections(change.corrects)
        versions = chain(change)
        received, tried = self.told(), self.tried()
        for who in PEOPLE:
            pairs = {(who, version.pk) for version in versions}
            pending = (pairs & self.owed) - set(received)
            certain = bool(pairs & (set(received) | tried)) or bool(change.to_status and pending)
            self.owed -= pending
            if change.is_silent or not self.follows(who, [change, *versions]):
                continue
            is_new = bool(change.to_status) and self.promised(who, change, unlike=change.corrects)
            if certain or is_new:
                self.owed.add((who, change.pk))
            elif pairs & self.doubtful:
                self.doubtful.add((who, change.pk))

    def send(self, limit: int) -> None:
        services.send_mail(now=self.now, limit=limit)

    def sweep(self) -> None:
        for pk in services.overdue_fan_outs():
            self.fan_out([change.pk for change in self.changes].index(pk))
        for pk in services.overdue_confirmations(now=self.now):
            services.send_confirmation(subscription_id=pk, now=self.now)
        assert services.owe_late_corrections(now=self.now) == 0
        services.compose_digests(now=self.now)
        while services.send_mail(now=self.now):
            pass

    def server(self, state: str) -> None:
        FlakyBackend.state = state

    def pause(self, is_on: bool) -> None:
        if is_on:
            services.pause_alerts(reason="Stop", now=self.now)
        else:
            services.resume_alerts(now=self.now)

    def wait(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours)

    def take(self, step: tuple[Any, ...]) -> None:
        name, *arguments = step
        getattr(self, name.replace(" ", "_"))(*arguments)
        self.now += dt.timedelta(minutes=7)

    # What came of it.

    def mails(self) -> list[EmailMessage]:
        return [one for one in mail.outbox if "List-Unsubscribe" in one.extra_headers]

    def told(self) -> Counter[Pair]:
        """How often each person was sent each change, by what is in the outbox."""
        found: Counter[Pair] = Counter()
        for message in self.mails():
            for person, change in held_by(message.extra_headers["Message-ID"], state="delivered"):
                assert message.to == [address(person)]
                assert f"/changes/{change}/" in message.body
                found[person, change] += 1
        return found

    def tried(self) -> set[Pair]:
        """What may have been told in mails that were refused."""
        return {pair for message_id in FlakyBackend.tried for pair in held_by(message_id)}


def chain(change: StatusChange) -> list[StatusChange]:
    """What a change corrects, and what that corrected."""
    return [change.corrects, *chain(change.corrects)] if change.corrects else []
