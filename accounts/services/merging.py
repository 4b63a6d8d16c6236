"""Invitations follow when their organization is merged into another."""

from __future__ import annotations

import datetime as dt

from accounts.models import Invitation
from campaigns.models import Organization
from companies.merging import moves


@moves(Invitation)
def move_invitation(
    invitation: Invitation, name: str, kept: Organization, now: dt.datetime
) -> list[str]:
    """Let an invitation be one of the kept organization; of two to an address one is withdrawn."""
    is_open = invitation.accepted_at is None and invitation.revoked_at is None
    others = kept.invitations.filter(accepted_at=None, revoked_at=None)
    if is_open and others.filter(email__iexact=invitation.email).exists():
        invitation.revoked_at = now
        invitation.next_attempt_at = None
        invitation.token_hash = None
    invitation.organization = kept
    invitation.save()
    return []
