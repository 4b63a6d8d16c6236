"""What the owner of an address may do with all that is kept of it, by the link in every mail."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from alerts.cadences import Cadence, zone_named
from alerts.errors import InvalidDay, InvalidToken
from alerts.models import Subscriber, Subscription
from alerts.querysets import SubscriberQuerySet
from alerts.services.subscribing import ask_again, wake_confirmation
from alerts.tokens import read_manage_token

LONGEST_PAUSE = dt.timedelta(days=366)


def managed_subscriber(*, token: str) -> Subscriber:
    """Return the subscriber that a manage link is for.

    Raises:
        InvalidToken: the link is wrong, or the address was erased.
    """
    return _found(_subscribers(token))


def change_subscription(
    *, token: str, subscription_id: int, cadence: Cadence, warns_of_expiry: bool
) -> None:
    """Change how often a subscription tells, and whether it warns of expiries.

    What waits already goes out as it was to. One that was ended meanwhile, or is another's, stays
    as it is.

    Raises:
        InvalidToken: the link is wrong, or the address was erased.
    """
    subscriber = managed_subscriber(token=token)
    current = Subscription.objects.current().filter(subscriber=subscriber, pk=subscription_id)
    current.update(cadence=cadence, warns_of_expiry=warns_of_expiry)


def end_subscriptions(*, token: str, now: dt.datetime, subscription_id: int | None = None) -> None:
    """End one subscription of the link's address, or without its key all. Twice is as once.

    What waits to be sent because of it is not sent any more.

    Raises:
        InvalidToken: the link is wrong, or the address was erased.
    """
    subscriber = managed_subscriber(token=token)
    current = Subscription.objects.current().filter(subscriber=subscriber)
    if subscription_id is not None:
        current = current.filter(pk=subscription_id)
    current.update(ended_at=now, confirmation_next_attempt_at=None)


def change_settings(*, token: str, time_zone: str, language: str) -> None:
    """Change where the days of an address begin, and the language of its mails.

    Args:
        token: of the manage link.
        time_zone: IANA name.
        language: code of one of the languages of this site.

    Raises:
        InvalidToken: the link is wrong, or the address was erased.
    """
    _change(token, time_zone=time_zone, language=language)


def pause_subscriber(*, token: str, until: dt.date, now: dt.datetime) -> dt.datetime:
    """Send nothing to an address until a day begins where its owner lives; then what waited.

    Returns:
        The moment at which the pause ends, in UTC.

    Raises:
        InvalidDay: the day has begun already, or is more than :data:`LONGEST_PAUSE` ahead.
        InvalidToken: the link is wrong, or the address was erased.
    """
    subscriber = managed_subscriber(token=token)
    if until > now.date() + LONGEST_PAUSE:
        raise InvalidDay(_("Choose a day within the next twelve months."))
    zone = zone_named(subscriber.time_zone)
    moment = dt.datetime.combine(until, dt.time(), tzinfo=zone).astimezone(dt.UTC)
    if moment <= now:
        raise InvalidDay(_("Choose a day that has not begun yet."))
    _change(token, paused_until=moment)
    return moment


def resume_subscriber(*, token: str) -> None:
    """End the pause of an address. What waited is due at once.

    Raises:
        InvalidToken: the link is wrong, or the address was erased.
    """
    _change(token, paused_until=None)


@transaction.atomic
def confirm_anew(*, token: str, now: dt.datetime) -> None:
    """Owe a suspended address a confirmation mail; to confirm it lifts the suspension.

    It is sent for the subscription that was confirmed last, if any was, and no sooner than an hour
    after it was last asked for. An address that is not suspended, or has no subscription, is sent
    nothing.

    Raises:
        InvalidToken: the link is wrong, or the address was erased.
    """
    subscriber = _found(_subscribers(token).locked())
    current = Subscription.objects.current().filter(subscriber=subscriber)
    latest = current.order_by(F("confirmed_at").desc(nulls_last=True), "-pk").first()
    if subscriber.suspended_at is not None and latest is not None:
        ask_again(latest, now)
        wake_confirmation(latest)


def _subscribers(token: str) -> SubscriberQuerySet:
    pk = read_manage_token(token=token)
    return Subscriber.objects.filter(pk=pk, erased_at=None)


def _found(subscribers: SubscriberQuerySet) -> Subscriber:
    subscriber = subscribers.first()
    if subscriber is None:
        raise InvalidToken(_("Nothing is kept of this address any more."))
    return subscriber


@transaction.atomic
def _change(token: str, **columns: dt.datetime | str | None) -> None:
    subscriber = _found(_subscribers(token).locked())
    Subscriber.objects.filter(pk=subscriber.pk).update(**columns)
