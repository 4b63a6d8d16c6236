"""Personal tokens, from issue to revocation.

::

    TokenError
    ├── NameTaken       the owner has another token of that name
    ├── UnknownToken    nobody was issued this secret, or its owner may not sign in any more
    ├── ExpiredToken    its time is over
    └── RevokedToken    it was revoked
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from api.models import Token
from api.token_secrets import PREFIX_LENGTH, is_well_formed, key_hash, new_secret
from sources.models import Source

USE_NOTED_EVERY = dt.timedelta(hours=1)
"""How exact ``last_used_at`` is: reads of the API write no more often than this."""


class TokenError(Exception):
    """Base of what is refused about tokens. ``str()`` is a sentence for the user."""


class NameTaken(TokenError):
    """The owner has another token of that name, which is not revoked."""


class UnknownToken(TokenError):
    """Nobody was issued this secret, or its owner may not sign in any more."""


class ExpiredToken(TokenError):
    """The secret is right, but its time is over."""


class RevokedToken(TokenError):
    """The secret is right, but it was revoked."""


@sensitive_variables("secret")
def issue_token(
    *,
    owner: AbstractBaseUser,
    name: str,
    now: dt.datetime,
    requests_per_minute: int | None = None,
    expires_at: dt.datetime | None = None,
    sources: Iterable[Source] = (),
    manages_webhooks: bool = False,
) -> tuple[Token, str]:
    """Make a token, and return it with its secret, which is kept nowhere.

    Args:
        requests_per_minute: at least 1; ``None`` for what every token is allowed.
        expires_at: ``None`` for never.
        sources: for which its bearer may bring texts.
        manages_webhooks: whether its bearer may see and change the webhooks of its owner.

    Raises:
        NameTaken: nothing was written.
    """
    secret = new_secret()
    try:
        with transaction.atomic():
            token = Token.objects.create(
                name=name,
                owner_id=owner.pk,
                key_hash=key_hash(secret),
                prefix=secret[:PREFIX_LENGTH],
                requests_per_minute=requests_per_minute,
                manages_webhooks=manages_webhooks,
                created_at=now,
                expires_at=expires_at,
            )
            token.sources.set(sources)
    except IntegrityError:
        if not Token.objects.owned_by(owner).not_revoked().filter(name=name).exists():
            raise
        raise NameTaken(_("There is a token of that name already.")) from None
    return token, secret


def revoke_token(*, token: Token, now: dt.datetime) -> bool:
    """Refuse this token from the next request on; say whether it was good until now.

    Doing it again changes nothing. It cannot be undone: a new token is issued instead.
    """
    changed = Token.objects.not_revoked().filter(pk=token.pk).update(revoked_at=now)
    token.refresh_from_db(fields=["revoked_at"])
    return bool(changed)


@sensitive_variables("secret")
def find_token(*, secret: str, now: dt.datetime) -> Token:
    """Return the token that a secret belongs to, if it is good; makes at most one query.

    Any text may be asked for: what cannot be a secret is refused without a query. Nothing is
    remembered between calls, so a revocation counts from the next one.

    Raises:
        UnknownToken, ExpiredToken, RevokedToken
    """
    token = None
    if is_well_formed(secret):
        token = Token.objects.of_active_owners().with_hash(key_hash(secret)).first()
    if token is None:
        raise UnknownToken(_("This token is not known here. Was it copied whole?"))
    if token.revoked_at is not None:
        raise RevokedToken(_("This token was revoked."))
    if token.has_expired(now):
        raise ExpiredToken(_("This token has expired."))
    return token


def note_use(*, token: Token, now: dt.datetime) -> None:
    """Note that a token is in use, unless that was noted within :data:`USE_NOTED_EVERY`."""
    before = now - USE_NOTED_EVERY
    if token.last_used_at is None or token.last_used_at < before:
        # Of many requests at once, one writes.
        Token.objects.filter(pk=token.pk).not_used_since(before).update(last_used_at=now)
