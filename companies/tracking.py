"""Ordinary records can be edited; every version of them is kept.

A record's versions are rows of its history table, written by :class:`Records` whenever one is
saved, deleted, or gains or loses a member of a relation. ``campaigns.timemachine`` reads them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils import timezone
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

LONGEST_MESSAGE = 100
"""Characters of a message that says why something was changed."""

_message: ContextVar[str] = ContextVar("message", default="")


@contextmanager
def because(message: str) -> Iterator[None]:
    """Keep a message, at most :data:`LONGEST_MESSAGE` long, with every version written inside."""
    token = _message.set(message.strip()[:LONGEST_MESSAGE])
    try:
        yield
    finally:
        _message.reset(token)


class Versions(HistoryManager):  # type: ignore[misc]  # the library has no types
    """The versions of a record, or of all records of a model.

    The library makes a class of manager anew whenever somebody says ``record.history``, which
    every save does: more work than the question that is asked of it.
    """

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type[Any], class_name: str | None = None) -> type[Any]:
        made: type[Any] = super().from_queryset(queryset_class, class_name)
        return made


class Records(HistoricalRecords):  # type: ignore[misc]  # the library has no types
    """The history of a :class:`Tracked` model.

    It differs from the library's in three points. A version is what the database holds, not what
    the instance at hand says. It is dated as the record itself says: the first by its
    ``created_at``, a later one by its ``updated_at``. And it follows a relation from both ends:
    ``organization.campaigns.add(campaign)`` is a change of the campaign.
    """

    def __init__(self, **options: Any) -> None:
        # Versions are looked up by record and date together: an index on the key alone is idle.
        super().__init__(
            history_id_field=models.BigAutoField(),
            history_manager=Versions,
            no_db_index=["id"],
            **options,
        )

    def contribute_to_class(self, cls: type[Tracked], name: str) -> None:
        super().contribute_to_class(cls, name)
        cls.records = self

    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        index = models.Index(fields=["id", "history_date", "history_id"])
        options: dict[str, Any] = super().get_meta_options(model)
        return options | {"indexes": [index]}

    def get_change_reason_for_object(
        self, instance: Tracked, history_type: str, using: str | None
    ) -> str | None:
        """Return the message of :func:`because`: the instance that is saved is not what is kept."""
        return _message.get() or None

    def post_save(
        self, instance: Tracked, created: bool, using: str | None = None, **kwargs: Any
    ) -> None:
        if kwargs.get("raw"):
            return
        if created:
            self.write(instance, "+", instance.created_at)
        elif version := instance.stored():
            self.write(version, "~", version.changed_at())

    def post_delete(self, instance: Tracked, using: str | None = None, **kwargs: Any) -> None:
        self.write(instance, "-", timezone.now())
        instance.touch_wholes()

    def write(self, version: Tracked, kind: str, at: dt.datetime) -> None:
        """Write a version: ``+`` made, ``~`` changed, ``-`` deleted."""
        version._history_date = at
        self.create_historical_record(version, kind)

    def m2m_changed(
        self,
        instance: Any,
        action: str,
        attr: str,
        pk_set: set[Any] | None,
        reverse: bool,
        **_: Any,
    ) -> None:
        owners: type[Tracked] = self.cls
        if action == "pre_add":
            gaining = (pk_set or set()) if reverse else {instance.pk} if pk_set else set()
            owners.begin_histories(gaining)
            return
        if action.startswith("pre_"):
            instance.losing = self._owners(instance, attr, pk_set, reverse)
            owners.begin_histories(instance.losing[0])
            return
        is_gain = action == "post_add"
        changed = self._owners(instance, attr, pk_set, reverse) if is_gain else instance.losing
        moment = owners.touch(*changed)
        if moment and not reverse:
            instance.updated_at = moment

    def _owners(
        self, instance: Any, attr: str, pk_set: set[Any] | None, reverse: bool
    ) -> tuple[set[Any], set[Any]]:
        """Return the keys of the records that have these members, and of those with none shown."""
        field = self.cls._meta.get_field(attr)
        owner, member = field.m2m_field_name(), field.m2m_reverse_field_name()
        near, far = (member, owner) if reverse else (owner, member)
        rows = field.remote_field.through._base_manager.filter(**{near: instance.pk})
        if pk_set is not None:
            rows = rows.filter(**{f"{far}__in": pk_set})
        pairs = list(rows.values_list(owner, member))
        shown = field.related_model.shown({key for _, key in pairs})
        owners = {key for key, _ in pairs}
        return owners, owners - {key for key, other in pairs if other in shown}


class Tracked(models.Model):
    """A record that people edit: a save that changes nothing writes nothing.

    So ``updated_at``, where there is one, moves only when the content does. What belongs to a
    record, such as the citations of an action or the topics of a campaign, is content of it.
    An update by queryset leaves no version behind: no column of a tracked model is written so.

    A part that the public does not see moves nothing, or the moment would tell of a draft.
    """

    records: ClassVar[Records]
    history: ClassVar[Any]
    created_at: Any
    _history_date: dt.datetime

    PART_OF: ClassVar[tuple[str, ...]] = ()
    """Names of foreign keys to the records that this one is content of."""

    SHOWN: ClassVar[models.Q] = models.Q()
    """Which of these records the public sees wherever it sees what they are content of."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic(savepoint=False):
            stored = None if self._state.adding else self.stored(lock=True)
            if stored is None:
                super().save(*args, **kwargs)
                self.was_written(None, None)
                self.touch_wholes()
            elif self._differs(stored, kwargs.get("update_fields")):
                stored.begin_history()
                if kwargs.get("update_fields") is not None and _has_updated_at(type(self)):
                    kwargs["update_fields"] = {*kwargs["update_fields"], "updated_at"}
                super().save(*args, **kwargs)
                self.was_written(stored, kwargs.get("update_fields"))
                stored.touch_wholes(besides=self)

    def stored(self, *, lock: bool = False) -> Any:
        """Return the record as the database has it, or ``None``; with ``lock`` until commit."""
        rows = type(self)._base_manager.filter(pk=self.pk)
        return (rows.select_for_update() if lock else rows).first()

    def was_written(self, stored: Any, update_fields: Collection[str] | None) -> None:
        """Write what belongs to a save, in its transaction; ``stored`` is the row before it.

        ``update_fields`` are the columns that were written, ``None`` for all.
        """

    def changed_at(self) -> dt.datetime:
        """Return the moment of the latest change, for a record that was saved just now."""
        moment = getattr(self, "updated_at", None) or timezone.now()
        assert isinstance(moment, dt.datetime)
        return moment

    def begin_history(self) -> None:
        """Keep a first version, from its creation on, of a record that has none.

        For what was there before histories were kept, and for what was created in bulk. To be
        called on the stored record before it is changed.
        """
        if not self.history.exists():
            self.records.write(self, "+", self.created_at)

    def touch_wholes(self, besides: Tracked | None = None) -> None:
        """Note a change in the records that this one, or its other version, is content of."""
        for name in self.PART_OF:
            field: Any = self._meta.get_field(name)
            keys = {getattr(row, field.attname) for row in (self, besides) if row is not None}
            wholes: type[Tracked] = field.related_model
            with transaction.atomic(savepoint=False):
                # Whoever shows it in this moment, and notes that, waits here or is waited for.
                wholes.locked(keys - {None})
                if self.shown({self.pk}):
                    wholes.touch(keys - {None})

    @classmethod
    def shown(cls, keys: Collection[Any]) -> set[Any]:
        """Return those of these keys whose records the public sees."""
        if not cls.SHOWN:
            return set(keys)
        rows = cls._base_manager.filter(cls.SHOWN, pk__in=keys)
        return set(rows.values_list("pk", flat=True))

    @classmethod
    def locked(cls, keys: Collection[Any]) -> Iterable[Any]:
        """Return the records of these keys, locked in order until the transaction ends."""
        if not keys:
            return []
        return list(cls._base_manager.filter(pk__in=keys).select_for_update().order_by("pk"))

    @classmethod
    def begin_histories(cls, keys: Collection[Any]) -> None:
        """Lock the records of these keys, and see to it that each has a first version."""
        for row in cls.locked(keys):
            row.begin_history()

    @classmethod
    def touch(cls, keys: Collection[Any], unseen: Collection[Any] = ()) -> dt.datetime | None:
        """Note that the content of these records changed; return when, if any is there.

        Of what changed ``unseen`` by the public a version is kept, but ``updated_at`` stays.
        """
        moment = None
        with transaction.atomic(savepoint=False):
            for row in cls.locked(keys):
                row.begin_history()
                if row.pk in unseen:
                    cls.records.write(row, "~", timezone.now())
                else:
                    models.Model.save(row, update_fields=["updated_at"])
                    moment = row.updated_at
        return moment

    def _differs(self, stored: Tracked, update_fields: Iterable[str] | None) -> bool:
        written = None if update_fields is None else set(update_fields)
        return any(
            _value(self, field) != getattr(stored, field.attname)
            for field in self._meta.concrete_fields
            if (written is None or {field.name, field.attname} & written)
            and field.name not in ("created_at", "updated_at")
            and field.attname not in self.get_deferred_fields()
        )


def _has_updated_at(model: type[models.Model]) -> bool:
    return any(field.name == "updated_at" for field in model._meta.concrete_fields)


def _value(row: models.Model, field: models.Field[Any, Any]) -> Any:
    """Return what would be stored, in the type in which it comes back; an expression as it is."""
    value = getattr(row, field.attname)
    return value if hasattr(value, "resolve_expression") else field.to_python(value)
