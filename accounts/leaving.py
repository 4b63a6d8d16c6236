"""Who is removed from an organization, or whose account is closed, is signed out everywhere.

By signals, so that it holds whoever removes them: a page, a shell, the deletion of a parent.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver

from accounts.services import end_sessions
from campaigns.models import Membership


@receiver(post_delete, sender=Membership)
def _membership_deleted(instance: Membership, **kwargs: Any) -> None:
    end_sessions(user_id=instance.user_id)


@receiver(pre_save, sender=Membership)
def _membership_moved(instance: Membership, raw: bool = False, **kwargs: Any) -> None:
    """A membership that is given to somebody else, or moved, is a removal as well."""
    if raw or instance.pk is None:
        return
    before = Membership.objects.filter(pk=instance.pk).values_list("user", "organization").first()
    if before and before != (instance.user_id, instance.organization_id):
        end_sessions(user_id=before[0])


@receiver(post_save, sender=User)
def _account_saved(instance: User, **kwargs: Any) -> None:
    if not instance.is_active:
        end_sessions(user_id=instance.pk)


@receiver(post_delete, sender=User)
def _account_deleted(instance: User, **kwargs: Any) -> None:
    end_sessions(user_id=instance.pk)
