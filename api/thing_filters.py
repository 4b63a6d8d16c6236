"""Filters by a thing of the record: a company, a campaign, a target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from api.filters import Chosen, Filter, Renamed
from api.parameters import Unreadable, as_number, read_truth
from api.prepared import Slot
from campaigns.visibility import with_subsidiaries
from companies.models import row_of_old_slug

Match = Callable[[str], Q]
"""From the path to a thing to the condition that it is the one asked for."""

SUBSIDIARIES = "include_subsidiaries"


class ThingFilter(Filter):
    """Records that have to do with one thing, named by its number or slug.

    That the thing exists is asked only when nothing was found: what is found proves it.
    """

    def __init__(
        self,
        name: str,
        things: Callable[[], QuerySet[Any]],
        where: Callable[[Match], Q],
        help: str,
        example: str | int,
        *,
        has_slug: bool = True,
    ) -> None:
        super().__init__(name, help, example)
        self.schema = {"type": "string"} if has_slug else {"type": "integer", "format": "int64"}
        self.things = things
        self.where = where
        self.has_slug = has_slug

    def choose(self, text: str, query: Mapping[str, str]) -> Chosen:
        number = as_number(text)
        if number is not None:
            return self._chosen("pk", number, text)
        if not self.has_slug:
            raise Unreadable(_("“%s” is not a number.") % text)
        if len(text) > 100:
            raise Unreadable(_("There is no “%s…”.") % text[:60])
        return self._chosen("slug", text, text)

    def _chosen(self, column: str, value: Any, text: str) -> Chosen:
        def verify() -> str | None:
            if isinstance(value, list):
                return None  # keys of things that were found
            exists = self.things().filter((column, value)).exists()
            return None if exists else self._missing(text)

        shape = self.name, column
        return Chosen(
            shape,
            lambda clocks: self.where(self._match(column)),
            {self.name: value},
            verify=verify,
        )

    def _missing(self, text: str) -> str:
        """Say that there is no such thing.

        Raises:
            Renamed: there is, and the text is a slug that it went by.
        """
        moved = row_of_old_slug(self.things(), text) if self.has_slug else None
        if moved is not None:
            raise Renamed(self.name, moved.pk)
        return _("There is no “%s”.") % text

    def _match(self, column: str) -> Match:
        kind: Any = models.CharField() if column == "slug" else models.BigIntegerField()
        slot = Slot(self.name, kind)
        return lambda path: Q((f"{path}__{column}" if path else column, slot))


class CompanyFilter(ThingFilter):
    """Records that have to do with a company, or with it and the companies below it."""

    def choose(self, text: str, query: Mapping[str, str]) -> Chosen:
        chosen = super().choose(text, query)
        if query.get(SUBSIDIARIES) != "true":
            return chosen
        column = "slug" if isinstance(chosen.values[self.name], str) else "pk"
        company = self.things().filter((column, chosen.values[self.name])).first()
        if company is None:
            raise Unreadable(self._missing(text))
        keys = with_subsidiaries(company)
        # That the company exists is known by now.
        return replace(self._chosen("pk__any_of", keys, text), verify=lambda: None)


class SubsidiariesFilter(Filter):
    """Widens the ``company`` filter, and so needs it."""

    schema = {"type": "boolean"}

    def __init__(self) -> None:
        super().__init__(SUBSIDIARIES, "With `company`: also the companies below it.", True)

    def choose(self, text: str, query: Mapping[str, str]) -> Chosen:
        read_truth(text)
        if "company" not in query:
            raise Unreadable(_("Parameter “%s” needs “company” beside it.") % SUBSIDIARIES)
        return Chosen(None, lambda clocks: Q(), {})


def company_filters(
    things: Callable[[], QuerySet[Any]],
    where: Callable[[Match], Q],
    help: str,
    example: str = "amazon",
) -> tuple[Filter, Filter]:
    """Return the filter by company, and the one that widens it."""
    return CompanyFilter("company", things, where, help, example), SubsidiariesFilter()
