"""Who leaves an organization, or has another role in it, hands back what they looked after there.

By signals, so that it holds whoever changes it: a page, a shell, the deletion of a parent.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver

from campaigns.models import Membership
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
