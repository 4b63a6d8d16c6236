"""The signed halves of the links in mails. Each kind has its own salt, so that none opens another.

A token names a row and holds no address. Signed with ``SECRET_KEY`` by ``django.core.signing``.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from alerts.errors import InvalidToken

CONFIRMATION_PERIOD = dt.timedelta(days=7)
"""How long a confirmation link is good for."""

_CONFIRM = Signer(salt="alerts.confirm")
_UNSUBSCRIBE = Signer(salt="alerts.unsubscribe")
_MANAGE = Signer(salt="alerts.manage")


def confirmation_token(*, subscription_id: int, now: dt.datetime) -> str:
    """Return a token that confirms this subscription within :data:`CONFIRMATION_PERIOD`."""
    until = now + CONFIRMATION_PERIOD
    return _CONFIRM.sign_object([subscription_id, int(until.timestamp())])


def read_confirmation_token(*, token: str, now: dt.datetime) -> int:
    """Return the key of the subscription that a token confirms.

    Raises:
        InvalidToken: it was not made here for this purpose, or is too old.
    """
    subscription_id, until = _read(_CONFIRM, token)
    if now.timestamp() > until:
        raise InvalidToken(_("This link is too old. Subscribe again to get a new one."))
    return int(subscription_id)


def unsubscribe_token(*, subscriber_id: int) -> str:
    """Return a token that ends subscriptions of this subscriber. It has no expiry."""
    return _UNSUBSCRIBE.sign_object([subscriber_id])


def read_unsubscribe_token(*, token: str) -> int:
    """Return the key of the subscriber that a token belongs to.

    Raises:
        InvalidToken: it was not made here for this purpose.
    """
    (subscriber_id,) = _read(_UNSUBSCRIBE, token)
    return int(subscriber_id)


def manage_token(*, subscriber_id: int) -> str:
    """Return a token that shows and changes all that is kept of this subscriber.

    It opens more than one that unsubscribes, which mail providers see. It has no expiry.
    """
    return _MANAGE.sign_object([subscriber_id])


def read_manage_token(*, token: str) -> int:
    """Return the key of the subscriber that a token belongs to.

    Raises:
        InvalidToken: it was not made here for this purpose.
    """
    (subscriber_id,) = _read(_MANAGE, token)
    return int(subscriber_id)


def _read(signer: Signer, token: str) -> Any:
    try:
        return signer.unsign_object(token)
    except BadSignature:
        raise InvalidToken(_("This link is not valid. Was it copied whole?")) from None
