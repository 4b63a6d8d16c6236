"""Reads of tokens, in the domain's words."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from api.models import Token


class TokenQuerySet(models.QuerySet["Token"]):
    """Tokens."""

    def with_hash(self, key_hash: str) -> TokenQuerySet:
        """The token whose secret has this hash; at most one by constraint."""
        return self.filter(key_hash=key_hash)

    def owned_by(self, owner: AbstractBaseUser) -> TokenQuerySet:
        """Tokens of one person."""
        return self.filter(owner=owner.pk)

    def of_active_owners(self) -> TokenQuerySet:
        """Tokens of people who may still sign in."""
        return self.filter(owner__is_active=True)

    def not_revoked(self) -> TokenQuerySet:
        """Tokens that nobody revoked, expired or not."""
        return self.filter(revoked_at=None)

    def not_used_since(self, moment: dt.datetime) -> TokenQuerySet:
        """Tokens never used, or last used before a moment, as far as that is noted."""
        return self.filter(Q(last_used_at=None) | Q(last_used_at__lt=moment))
