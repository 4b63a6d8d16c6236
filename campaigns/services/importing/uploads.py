"""Files between the two steps of an import."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.importing.rows import Table
from campaigns.models import Upload
from campaigns.services.importing import apply_import
from campaigns.services.importing.plans import Plan, Refusal

KEPT_FOR = dt.timedelta(hours=1)
"""So long somebody may look at a preview."""


def keep_upload(
    *, user: User, kind: str, name: str, content: bytes, is_silent: bool, now: dt.datetime
) -> Upload:
    """Keep a file of somebody for an hour; forget all whose hour has passed."""
    Upload.objects.filter(expires_at__lte=now).delete()
    return Upload.objects.create(
        user=user,
        kind=kind,
        name=name[:200],
        content=content,
        is_silent=is_silent,
        created_at=now,
        expires_at=now + KEPT_FOR,
    )


def kept_upload(*, user: User, number: int, now: dt.datetime) -> Upload | None:
    """Return a file of this person, ``None`` if there is none, or no longer."""
    return Upload.objects.filter(user=user, pk=number, expires_at__gt=now).first()


def apply_upload(*, upload: Upload, table: Table, seen: str, now: dt.datetime) -> Plan:
    """Import a file that was kept, and forget it: two clicks are one import.

    Whoever comes second waits for the first, and finds the file gone.

    Args:
        upload: the file; its owner imports.
        table: what is in it.
        seen: fingerprint of the plan that the owner agreed to.
        now: the moment.

    Raises:
        Refusal: as of ``apply_import``; or it was imported already, or somebody else wrote the
            same at the same time. Nothing was written.
    """
    try:
        with transaction.atomic():
            if not Upload.objects.select_for_update().filter(pk=upload.pk):
                raise Refusal(_("This file was imported already."))
            plan = apply_import(
                kind=upload.kind,
                table=table,
                person=upload.user,
                is_silent=upload.is_silent,
                seen=seen,
                now=now,
            )
            upload.delete()
    except IntegrityError as error:
        said = _("Nothing was imported: somebody recorded the same just now. Look again.")
        raise Refusal(said) from error
    return plan
