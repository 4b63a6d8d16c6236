"""Rows that are written once. The database refuses as well: see ``campaigns.triggers``."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

from django.db import models

from campaigns.errors import AppendOnlyError

_REFUSAL = "Rows of the log are never updated or deleted: record a correction instead."

M = TypeVar("M", bound=models.Model)


class AppendOnlyQuerySet(models.QuerySet[M]):
    """Refuses what would rewrite history."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(_REFUSAL)

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(_REFUSAL)

    def delete(self) -> NoReturn:
        raise AppendOnlyError(_REFUSAL)


class AppendOnlyModel(models.Model):
    """A row that can be inserted, and then only read.

    Its manager is to be made from an :class:`AppendOnlyQuerySet`.

    Raises:
        AppendOnlyError: on saving again, on deleting, and on updates by queryset.
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(_REFUSAL)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(_REFUSAL)
