"""Each who is owed a change gets it exactly once, and nobody else, whatever happens in between."""

from __future__ import annotations

import datetime as dt
import smtplib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from alerts import services
from alerts.models import Delivery, Subscription
from alerts.tokens import confirmation_token, unsubscribe_token
from campaigns.models import Campaign, StatusChange, Target
from campaigns.statuses import Status
from companies.models import Company
from tests.factories import NOW, make_campaign, make_change, make_company, make_target

people = st.integers(0, 2)
scopes = st.sampled_from(["everything", "campaign", "parent", "company", "elsewhere"])
steps = st.one_of(
    st.tuples(st.just("subscribe"), people, scopes),
    st.tuples(st.just("confirm"), people, scopes),
    st.tuples(st.just("leave"), people, st.none() | scopes),
    st.tuples(
        st.just("change"), st.sampled_from(["public", "public", "silent", "draft"]), st.booleans()
    ),
    st.tuples(st.just("fan out"), st.integers(0, 5)),
    st.tuples(st.just("deliver"), st.integers(0, 5)),
    st.tuples(st.just("sweep")),
    st.tuples(st.just("server"), st.booleans()),
)


class FlakyBackend(EmailBackend):
    """Keeps mail in memory, or is down."""

    is_up = True

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        if not self.is_up:
            raise smtplib.SMTPConnectError(421, "down")
        return super().send_messages(email_messages)


@dataclass
class World:
    """What was done, beside what should come of it, computed without the code under test."""

    campaign: Campaign
    parent: Company
    target: Target
    draft_target: Target
    now: dt.datetime = NOW
    changes: list[StatusChange] = field(default_factory=list)
    confirmed: dict[tuple[int, str], dt.datetime] = field(default_factory=dict)
    owed: set[tuple[int, int]] = field(default_factory=set)
    """Person and change, as promised when the change was recorded and not renounced since."""

    def follows(self, scope: str) -> dict[str, Any]:
        found: dict[str, dict[str, Any]] = {
            "everything": {},
            "campaign": {"campaign": self.campaign},
            "parent": {"company": self.parent},
            "company": {"company": self.target.company},
            "elsewhere": {"campaign": self.draft_target.campaign},
        }
        return found[scope]

    def subscription(self, person: int, scope: str) -> Subscription | None:
        wanted = {"campaign": None, "company": None} | self.follows(scope)
        mine = Subscription.objects.current().filter(subscriber__email=address(person))
        return mine.filter(**wanted).first()

    def subscribe(self, person: int, scope: str) -> None:
        services.subscribe(
            email=address(person), language="en", now=self.now, **self.follows(scope)
        )

    def confirm(self, person: int, scope: str) -> None:
        self.subscribe(person, scope)
        subscription = self.subscription(person, scope)
        assert subscription is not None
        token = confirmation_token(subscription_id=subscription.pk, now=self.now)
        services.confirm(token=token, now=self.now)
        self.confirmed.setdefault((person, scope), self.now)

    def leave(self, person: int, scope: str | None) -> None:
        only = self.subscription(person, scope) if scope else None
        anybody = Subscription.objects.filter(subscriber__email=address(person)).first()
        if anybody is None or (scope and only is None):
            return
        token = unsubscribe_token(subscriber_id=anybody.subscriber_id)
        services.unsubscribe(token=token, now=self.now, only=only)
        for key in list(self.confirmed):
            if key[0] == person and scope in (None, key[1]):
                del self.confirmed[key]
        received = told()
        for change in self.changes:
            pair = (person, change.pk)
            if pair in self.owed and pair not in received and not self.promised(person, change):
                self.owed.discard(pair)

    def promised(self, person: int, change: StatusChange) -> bool:
        """Whether a subscription that is left was confirmed when the change was recorded."""
        return any(
            who == person and what != "elsewhere" and since <= change.recorded_at
            for (who, what), since in self.confirmed.items()
        )

    def change(self, kind: str, is_woken: bool) -> None:
        target = self.draft_target if kind == "draft" else self.target
        target.refresh_from_db()
        status = Status.REFUSED if target.status == Status.UNDER_REVIEW else Status.UNDER_REVIEW
        change = make_change(target, status, now=self.now, is_silent=kind == "silent")
        self.changes.append(change)
        if kind == "public":
            self.owed |= {(who, change.pk) for who in range(3) if self.promised(who, change)}
        if is_woken:
            self.fan_out(len(self.changes) - 1)

    def fan_out(self, index: int) -> None:
        for change in self.changes[index : index + 1]:
            services.fan_out(change_id=change.pk, now=self.now)

    def deliver(self, index: int) -> None:
        for pk in Delivery.objects.order_by("pk").values_list("pk", flat=True)[index : index + 1]:
            services.deliver(delivery_id=pk, now=self.now)

    def sweep(self) -> None:
        for pk in services.overdue_fan_outs():
            services.fan_out(change_id=pk, now=self.now)
        for pk in services.overdue_confirmations(now=self.now):
            services.send_confirmation(subscription_id=pk, now=self.now)
        for pk in services.overdue_deliveries(now=self.now):
            services.deliver(delivery_id=pk, now=self.now)

    def server(self, is_up: bool) -> None:
        FlakyBackend.is_up = is_up

    def take(self, step: tuple[Any, ...]) -> None:
        name, *arguments = step
        getattr(self, name.replace(" ", "_"))(*arguments)
        self.now += dt.timedelta(minutes=7)


def address(person: int) -> str:
    return f"person-{person}@example.org"


def told() -> Counter[tuple[int, int]]:
    """How often each person was sent each change, by what is in the outbox."""
    numbers = {
        message_id: (email, change)
        for message_id, email, change in Delivery.objects.values_list(
            "message_id", "subscriber__email", "status_change"
        )
    }
    found: Counter[tuple[int, int]] = Counter()
    for message in mail.outbox:
        if "List-Unsubscribe" in message.extra_headers:
            email, change = numbers[message.extra_headers["Message-ID"]]
            assert message.to == [email]
            found[int(email.removeprefix("person-").partition("@")[0]), change] += 1
    return found


@contextmanager
def undone() -> Iterator[None]:
    """A database and an outbox as they were before, when it ends."""
    with transaction.atomic():
        mail.outbox.clear()
        FlakyBackend.is_up = True
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(
    followers={(0, "everything"), (0, "parent")},
    story=[("change", "public", True), ("leave", 0, "parent"), ("leave", 0, None), ("sweep",)],
)
@example(
    followers={(0, "company"), (1, "company")},
    story=[
        ("server", False),
        ("change", "public", False),
        ("sweep",),
        ("server", True),
        ("leave", 1, None),
    ],
)
@given(
    followers=st.sets(st.tuples(people, scopes), max_size=4),
    story=st.lists(steps, min_size=5, max_size=25),
)
def test_each_who_is_owed_a_change_gets_it_once_and_nobody_else(
    settings: Settings, followers: set[tuple[int, str]], story: list[tuple[Any, ...]]
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.{FlakyBackend.__name__}"
    with undone():
        parent = make_company()
        world = World(
            campaign=(campaign := make_campaign()),
            parent=parent,
            target=make_target(campaign, make_company(parent=parent)),
            draft_target=make_target(make_campaign(is_public=False), parent),
        )
        for step in [*(("confirm", *follower) for follower in sorted(followers)), *story]:
            world.take(step)
        world.server(True)
        for _ in range(30):
            world.sweep()
            world.now += dt.timedelta(hours=1)
        assert told() == Counter(world.owed)
        assert not Delivery.objects.filter(state="waiting").exists()
