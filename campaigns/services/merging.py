"""Merging duplicate organizations and documents: the engine is ``companies.merging``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import PUBLIC, Campaign, Document, Membership, OldUrl, Organization, Role
from companies.merging import MergeRefused, merge, move, moves
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
        MergeRefused: nothing was written; also of what a draft says and others do not read, for
            the history of the kept document would tell it to all who see that.
    """
    if len({_readers_of(document) for document in (kept, duplicate)} - {None}) > 1:
        said = _("They are not read by the same organizations: merge them once both are public.")
        raise MergeRefused(said)
    moved = merge(kept=kept, duplicate=duplicate, merged_by=merged_by, now=now)
    if kept.url != duplicate.url:
        OldUrl.objects.get_or_create(document=kept, url=duplicate.url)
    return moved


def _readers_of(document: Document) -> frozenset[str] | None:
    """Return who reads a document in its facts; ``None`` for one that nothing cites."""
    if document.citations.filter(PUBLIC).exists():
        return frozenset({"the public"})
    campaigns = Campaign.objects.filter(pk__in=document.citations.values("campaign"))
    pairs = campaigns.values_list("pk", "shared_with")
    readers = {f"of {organization}" if organization else f"in {key}" for key, organization in pairs}
    return frozenset(readers) or None


@moves(OldUrl)
def _move_old_url(old: OldUrl, name: str, kept: Document, now: dt.datetime) -> list[str]:
    if old.url != kept.url and not kept.old_urls.filter(url=old.url).exists():
        return move(old, name, kept)
    old.delete()  # it leads there already
    return []


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
