"""What the person who brings a file sees and may write, asked once for each campaign."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model, QuerySet

from companies.access import sees_all, visible


class Permits:
    """The rights of a person, or of nobody in particular: commands see and write everything."""

    def __init__(self, person: User | None) -> None:
        self.person = person
        self._known: dict[tuple[str, Any], bool] = {}

    def rows(self, model: type[Model]) -> QuerySet[Any]:
        """Return those rows of a model that the person sees."""
        rows = model._default_manager.all()
        return rows if self.person is None else visible(rows, self.person)

    def may(
        self, verb: str, row: Model, place: object = None, *, of: type[Model] | None = None
    ) -> bool:
        """Whether the person may ``verb`` the row; rows of one ``place`` share the answer.

        Args:
            of: the model of what is written, if it belongs to the row instead of being it.
        """
        if self.person is None:
            return True
        meta = (of or type(row))._meta
        name = f"{meta.app_label}.{verb}_{meta.model_name}"
        key = (name, place)
        if place is None or key not in self._known:
            asked = None if sees_all(self.person) else row
            self._known[key] = self.person.has_perm(name, asked)
        return self._known[key]
