"""Merging duplicate organizations and documents: the engine is ``companies.merging``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction

from campaigns.models import Document, Membership, OldUrl, Organization, Role
from companies.merging import merge, move, moves
from companies.models import NoteReaders


@transaction.atomic
def merge_organizations(
    *, kept: Organization, duplicate: Organization, merged_by: User | None, now: dt.datetime
) -> Mapping[str, int]:
    """Merge two organizations: campaigns, actions, members and subscriptions follow.

    Who was a member of both keeps the higher role. Members of the duplicate see what is shared
    with the kept organization from now on, and have to sign in again.

    Raises:
        MergeRefused: nothing was written.
    """
    moved = merge(kept=kept, duplicate=duplicate, merged_by=merged_by, now=now)
    readers = NoteReaders.objects.filter(organization=duplicate.pk)
    read = NoteReaders.objects.filter(organization=kept.pk).values_list("note", flat=True)
    readers.exclude(note__in=list(read)).update(organization=kept.pk)
    readers.delete()
    return moved


@transaction.atomic
def merge_documents(
    *, kept: Document, duplicate: Document, merged_by: User | None, now: dt.datetime
) -> Mapping[str, int]:
    """Merge two documents: citations, also those of the status log, name the kept one.

    The URL of the duplicate leads to the kept one, so that it does not come back.

    Raises:
        MergeRefused: nothing was written.
    """
    moved = merge(kept=kept, duplicate=duplicate, merged_by=merged_by, now=now)
    if kept.url != duplicate.url:
        OldUrl.objects.get_or_create(document=kept, url=duplicate.url)
    return moved


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
