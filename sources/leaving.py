"""Who leaves an organization, or has another role in it, hands back what they looked after there.

So does everybody of an organization with which a campaign is not shared any more.

By signals, so that it holds whoever changes it: a page, a shell, the deletion of a parent.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver

from campaigns.models import Campaign, Membership
from sources.models import Finding
from sources.services.stewardship import release_duties


@receiver(pre_save, sender=Membership)
def _remember_who_had_it(instance: Membership, raw: bool = False, **kwargs: Any) -> None:
    known = Membership.objects.filter(pk=instance.pk) if instance.pk and not raw else None
    had: Any = known.values_list("user", flat=True).first() if known is not None else None
    instance._had_by = had  # type: ignore[attr-defined]


@receiver(post_save, sender=Membership)
def _membership_changed(instance: Membership, created: bool, raw: bool, **kwargs: Any) -> None:
    if not created and not raw:
        for user_id in {instance.user_id, instance._had_by} - {None}:  # type: ignore[attr-defined]
            release_duties(user_id=user_id)


@receiver(post_delete, sender=Membership)
def _membership_deleted(instance: Membership, **kwargs: Any) -> None:
    release_duties(user_id=instance.user_id)


@receiver(m2m_changed, sender=Campaign.shared_with.through)
def _taken_away(
    instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any
) -> None:
    """Of campaigns that organizations lost: once all is written, for a merge gives them back."""
    if action not in ("pre_clear", "post_remove"):
        return
    if not reverse:
        campaigns = {instance.pk}
    elif pk_set is None:
        campaigns = set(instance.shared_campaigns.values_list("pk", flat=True))
    else:
        campaigns = pk_set
    pending = Finding.objects.pending().filter(target__campaign__in=campaigns)
    assigned = pending.filter(assigned_to__isnull=False).order_by()
    for user_id in assigned.values_list("assigned_to", flat=True).distinct():
        transaction.on_commit(partial(release_duties, user_id=user_id))
