"""Questions that are asked of the rows of this app."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db.models import QuerySet


class MailedQuerySet(QuerySet):  # type: ignore[type-arg]  # of whatever is mailed
    """Rows of which each is one mail that is owed."""

    def due(self, now: dt.datetime) -> Self:
        """Return those whose mail is to be sent, or tried again."""
        return self.filter(next_attempt_at__lte=now)


class InvitationQuerySet(MailedQuerySet):
    """Invitations."""

    def open(self) -> Self:
        """Return those that were neither accepted nor withdrawn; they may be too old."""
        return self.filter(accepted_at=None, revoked_at=None)

    def standing(self, now: dt.datetime) -> Self:
        """Return those that can be accepted."""
        return self.open().filter(expires_at__gt=now)
