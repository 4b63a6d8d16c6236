"""The past of a merged record: what named the duplicate then names the kept record now.

Otherwise whoever asks for what was known before a merge would miss all that the duplicate had, for
what is deleted is shown at no moment. So the versions of other records name the kept one, and it
takes over the duplicate's versions from before it was itself on record.
"""

from __future__ import annotations

from typing import Any

from django.db import models


def is_version(model: type[models.Model]) -> bool:
    """Whether rows of a model are versions of records, or what belonged to these."""
    names = {field.name for field in model._meta.get_fields()}
    return bool(names & {"history_id", "m2m_history_id"})


def carry_past(kept: Any, duplicate: Any) -> None:
    """Let the past of a duplicate, which is deleted next, be the kept record's.

    Versions have no versions, so they are updated as they are.
    """
    for relation in type(kept)._meta.get_fields(include_hidden=True):
        found: Any = relation
        if found.auto_created and not found.concrete and is_version(found.related_model):
            _rename(found.related_model, found.field.name, kept.pk, duplicate.pk)
    if hasattr(kept, "parent"):
        kept.history.filter(parent=kept.pk).update(parent=None)
    if duplicate.created_at < kept.created_at:
        _inherit(kept, duplicate)


def _rename(versions: type[models.Model], name: str, kept: Any, duplicate: Any) -> None:
    rows = versions._base_manager.filter(**{name: duplicate})
    if any(field.name == "m2m_history_id" for field in versions._meta.get_fields()):
        # What had both then had the kept one.
        had_kept = versions._base_manager.filter(**{name: kept})
        rows.filter(history__in=list(had_kept.values_list("history", flat=True))).delete()
    rows.update(**{name: kept})


def _inherit(kept: Any, duplicate: Any) -> None:
    """Give the kept record the versions from before it was on record."""
    before = kept.created_at
    kept.history.filter(history_type="+").update(history_type="~")
    duplicate.history.filter(history_date__lt=before).update(id=kept.pk)
    kept.history.update(created_at=duplicate.created_at)
    # No version: the moment is no content, and stands in all of them.
    type(kept)._base_manager.filter(pk=kept.pk).update(created_at=duplicate.created_at)
    kept.created_at = duplicate.created_at
