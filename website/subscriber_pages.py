"""What the pages behind the link in every mail show, read in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from alerts import services
from alerts.models import Delivery, State, Subscriber, Subscription
from alerts.services import Told
from website.forms import CadenceForm, PauseForm, SettingsForm

PAGE_LENGTH = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """One current subscription, and the form that changes it."""

    subscription: Subscription
    form: CadenceForm


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagePage:
    """All that an address gets, and what its owner may change."""

    subscriber: Subscriber
    followed: list[Followed]
    settings: SettingsForm
    pause: PauseForm
    is_paused: bool
    is_resting: bool
    sent_count: int
    waiting_count: int


def manage_page(*, token: str, now: dt.datetime) -> ManagePage:
    """Read the page of a manage link.

    Raises:
        InvalidToken: the link is wrong, or the address was erased.
    """
    subscriber = services.managed_subscriber(token=token)
    current = subscriber.subscriptions.current().with_names().order_by("pk")
    owed = services.owed_to(subscriber)
    return ManagePage(
        subscriber=subscriber,
        followed=[Followed(subscription=one, form=CadenceForm.of(one)) for one in current],
        settings=SettingsForm.of(subscriber),
        pause=PauseForm(),
        is_paused=subscriber.paused_until is not None and subscriber.paused_until > now,
        is_resting=subscriber.resting_until is not None and subscriber.resting_until > now,
        sent_count=owed.filter(state=State.DELIVERED).count(),
        waiting_count=owed.filter(state=State.WAITING).count(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPage:
    """What was sent to an address, a page of it."""

    page: Page[Delivery]
    told: list[Told]


def sent_page(*, token: str, number: str) -> SentPage:
    """Read a page of all that was ever owed to the address of a manage link, the latest first.

    Raises:
        InvalidToken: the link is wrong, or the address was erased.
    """
    subscriber = services.managed_subscriber(token=token)
    page = Paginator(services.owed_to(subscriber), PAGE_LENGTH).get_page(number)
    told = services.recite(subscriber=subscriber, deliveries=list(page.object_list))
    return SentPage(page=page, told=told)
