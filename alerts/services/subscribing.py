"""Subscribing, confirming, leaving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from alerts.cadences import Cadence
from alerts.errors import InvalidAddress, InvalidToken
from alerts.events import confirmation_requested
from alerts.models import Subscriber, Subscription
from alerts.models.criteria import packed
from alerts.querysets import SubscriptionQuerySet
from alerts.services.suspending import lift_suspension
from alerts.tokens import read_confirmation_token, read_unsubscribe_token
from campaigns.models import Campaign, Organization, Topic
from campaigns.services import reserve_moment
from companies.models import Company, Product

ASK_AGAIN_AFTER = dt.timedelta(hours=1)
"""Asking again sends a new confirmation mail no sooner: the form is no way to pester people."""

_LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to hear about, and how often; what is not given does not narrow it.

    Attributes:
        to_statuses: only changes to one of these.
        from_statuses: only changes from one of these, ``alerts.models.criteria.NOTHING`` among
            them.
        warns_of_expiry: whether to be warned before an outcome lapses.
    """

    campaign: Campaign | None = None
    company: Company | None = None
    includes_subsidiaries: bool = True
    organization: Organization | None = None
    topic: Topic | None = None
    product: Product | None = None
    to_statuses: Sequence[str] = ()
    from_statuses: Sequence[str] = ()
    cadence: Cadence = Cadence.AT_ONCE
    warns_of_expiry: bool = True

    def as_subscription(self) -> Subscription:
        """Return an unsaved subscription to it.

        Raises:
            ValueError: one of the statuses is none.
        """
        subscription = Subscription(
            campaign=self.campaign,
            company=self.company,
            includes_subsidiaries=self.includes_subsidiaries,
            organization=self.organization,
            topic=self.topic,
            product=self.product,
            to_statuses=packed(self.to_statuses),
            from_statuses=packed(self.from_statuses),
            cadence=self.cadence,
            warns_of_expiry=self.warns_of_expiry,
        )
        subscription.criteria_key = subscription.key
        return subscription


EVERYTHING = Wish()


@transaction.atomic
def subscribe(
    *,
    email: str,
    wish: Wish = EVERYTHING,
    language: str,
    time_zone: str = "UTC",
    now: dt.datetime,
) -> Subscription:
    """Note what an address wants to hear about, and owe it a confirmation mail.

    Doing it again changes nothing of what was confirmed: whoever types an address has not shown
    that it is theirs. One that was not confirmed is asked for as wished last, and is sent a new
    link after :data:`ASK_AGAIN_AFTER`; so is one whose address is suspended, for to confirm it
    lifts that. An address that called a mail spam is sent nothing at a stranger's wish: its owner
    asks on the manage page. After commit, ``alerts.events.confirmation_requested`` is sent, whether
    a mail is owed or not: the visitor waits as long for it.

    Args:
        email: the address, in any case.
        wish: what to hear about, and how often.
        language: code of the language to write in; the first one counts.
        time_zone: IANA name of where the day of a digest begins and ends; the first one counts.

    Returns:
        The subscription. What is shown to the visitor must not depend on it, or the form would
        tell who is subscribed.

    Raises:
        InvalidAddress: nothing was written.
    """
    subscriber = _subscriber(_normalize(email), language, time_zone, now)
    is_mailable = subscriber.suspension != Subscriber.Suspension.COMPLAINED
    wished = wish.as_subscription()
    wished.subscriber, wished.requested_at = subscriber, now
    wished.confirmation_next_attempt_at = now if is_mailable else None
    subscription, is_new = _kept(wished)
    if not is_new and is_mailable:
        ask_again(subscription, now)
    wake_confirmation(subscription)
    return subscription


def _kept(wished: Subscription) -> tuple[Subscription, bool]:
    """Return the subscription on record for a wish, and whether it was written just now.

    What was not confirmed yet becomes as wished last.
    """
    current = Subscription.objects.current().filter(
        subscriber=wished.subscriber, criteria_key=wished.criteria_key
    )
    is_new = not current.exists()
    if is_new:
        Subscription.objects.bulk_create([wished], ignore_conflicts=True)
    subscription = current.get()
    if not is_new:
        unconfirmed = Subscription.objects.filter(pk=subscription.pk, confirmed_at=None)
        unconfirmed.update(cadence=wished.cadence, warns_of_expiry=wished.warns_of_expiry)
    return subscription, is_new


def _subscriber(address: str, language: str, time_zone: str, now: dt.datetime) -> Subscriber:
    """Return the subscriber of an address, locked: it is neither erased nor deleted meanwhile."""
    found = None
    while found is None:
        Subscriber.objects.with_address(address).get_or_create(
            defaults={
                "email": address,
                "language": language,
                "time_zone": time_zone,
                "created_at": now,
            }
        )
        found = Subscriber.objects.locked().with_address(address).first()
    return found


def ask_again(subscription: Subscription, now: dt.datetime) -> None:
    """Owe a new confirmation mail if one makes a difference, :data:`ASK_AGAIN_AFTER` the last.

    It does if the subscription was not confirmed, or if its address is suspended.
    """
    is_due = Q(requested_at__lte=now - ASK_AGAIN_AFTER)
    was_never_asked = Q(confirmation_sent_at=None, confirmation_next_attempt_at=None)
    asked = Subscription.objects.worth_confirming().filter(
        is_due | was_never_asked, pk=subscription.pk
    )
    asked.update(
        requested_at=now,
        confirmation_sent_at=None,
        confirmation_next_attempt_at=now,
        confirmation_attempts_count=0,
    )


def wake_confirmation(subscription: Subscription) -> None:
    """After commit, wake whoever sends the confirmation mail of a subscription, if one is owed."""
    transaction.on_commit(
        lambda: confirmation_requested.send_robust(Subscription, subscription_id=subscription.pk),
        robust=True,
    )


def subscription_to_confirm(*, token: str, now: dt.datetime) -> Subscription:
    """Return the subscription that a link is for, changing nothing: mail scanners open links.

    Raises:
        InvalidToken: the link is wrong or too old, or the subscription was ended.
    """
    return _find(Subscription.objects.all(), read_confirmation_token(token=token, now=now))


@transaction.atomic
def confirm(*, token: str, now: dt.datetime) -> Subscription:
    """Begin a subscription on behalf of the owner of the address. Twice is the same as once.

    It counts from now, after all that is on record: the log is locked for a moment, so that no
    status change can be recorded before and fanned out without it. A suspension of the address is
    lifted: mail to it has arrived, and its owner wants more.

    Raises:
        InvalidToken: the link is wrong or too old, or the subscription was ended.
    """
    pk = read_confirmation_token(token=token, now=now)
    moment = reserve_moment(now=now)
    Subscriber.objects.locked().filter(
        pk__in=Subscription.objects.filter(pk=pk).values("subscriber")
    ).first()
    subscription = _find(Subscription.objects.select_for_update(of=("self",)), pk)
    if subscription.confirmed_at is None:
        subscription.confirmed_at = moment
    subscription.confirmation_next_attempt_at = None
    subscription.save(update_fields=["confirmed_at", "confirmation_next_attempt_at"])
    lift_suspension(subscription.subscriber)
    return subscription


def unsubscribe(*, token: str, now: dt.datetime, only: Subscription | None = None) -> None:
    """End all subscriptions of the token's address, or only one. Twice is the same as once.

    What waits to be sent to it is not sent any more: see ``deliver``.

    Raises:
        InvalidToken: the link is wrong, or ``only`` belongs to another address.
    """
    subscriber_id = read_unsubscribe_token(token=token)
    subscriptions = Subscription.objects.current().filter(subscriber=subscriber_id)
    if only is not None:
        if only.subscriber_id != subscriber_id:
            raise InvalidToken(_("This link belongs to another address."))
        subscriptions = subscriptions.filter(pk=only.pk)
    subscriptions.update(ended_at=now, confirmation_next_attempt_at=None)


def subscriptions_of(token: str) -> SubscriptionQuerySet:
    """Return the current subscriptions of an unsubscribe token's address, confirmed or not.

    Raises:
        InvalidToken: the link is wrong.
    """
    subscriber_id = read_unsubscribe_token(token=token)
    return Subscription.objects.current().filter(subscriber=subscriber_id).with_names()


def _find(subscriptions: SubscriptionQuerySet, pk: int) -> Subscription:
    subscription = subscriptions.current().with_names().filter(pk=pk).first()
    if subscription is None:
        raise InvalidToken(_("This subscription was ended. Subscribe again to begin anew."))
    return subscription


def _normalize(email: str) -> str:
    local, _at, domain = email.strip().rpartition("@")
    address = f"{local}@{domain.lower()}"
    try:
        validate_email(address)
    except ValidationError:
        raise InvalidAddress(_("Enter an e-mail address.")) from None
    if len(address) > _LONGEST_ADDRESS:
        raise InvalidAddress(_("This e-mail address is too long."))
    return address
