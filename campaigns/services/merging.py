"""Merging duplicate organizations and documents: the engine is ``companies.merging``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.contrib.auth.models import User

from campaigns.models import Document, Membership, Organization, Role
from companies.merging import merge, move, moves


def merge_organizations(
    *, kept: Organization, duplicate: Organization, merged_by: User | None, now: dt.datetime
) -> Mapping[str, int]:
    """Merge two organizations: campaigns, actions, members and subscriptions follow.

    Who was a member of both keeps the higher role. Members of the duplicate see what is shared
    with the kept organization from now on, and have to sign in again.

    Raises:
        MergeRefused: nothing was written.
    """
    return merge(kept=kept, duplicate=duplicate, merged_by=merged_by, now=now)


def merge_documents(
    *, kept: Document, duplicate: Document, merged_by: User | None, now: dt.datetime
) -> Mapping[str, int]:
    """Merge two documents: citations, also those of the status log, name the kept one.

    Raises:
        MergeRefused: nothing was written.
    """
    return merge(kept=kept, duplicate=duplicate, merged_by=merged_by, now=now)


@moves(Membership)
def _move_membership(
    membership: Membership, name: str, kept: Organization, now: dt.datetime
) -> list[str]:
    twin = kept.memberships.filter(user=membership.user_id).first()
    if twin is None:
        return move(membership, name, kept)
    if not Role(twin.role).covers(Role(membership.role)):
        twin.role = membership.role
        twin.save()
    membership.delete()
    return []
