"""Pages of long lists: deep ones cost little more than the first."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator


class KeyedPaginator(Paginator[Any]):
    """Finds the keys of a page first, and reads whole rows of these alone.

    Skipping is what deep pages cost: keys are skipped in an index, without the rows and what is
    joined to them. A page of the second half is reached from the end.
    """

    def page(self, number: int | str) -> Page[Any]:
        """Return a page.

        Raises:
            InvalidPage: there is none of this number.
        """
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        end = min(first + self.per_page, self.count)
        return self._get_page(self._rows(self._keys(first, end)), number, self)  # type: ignore[attr-defined, no-any-return]

    def _keys(self, first: int, end: int) -> list[Any]:
        rows: Any = self.object_list
        keys = rows.values_list("pk", flat=True)
        if first <= self.count // 2:
            return list(keys[first:end])
        return list(keys.reverse()[self.count - end : self.count - first])

    def _rows(self, keys: list[Any]) -> Any:
        """Return the rows of these keys, as they are listed.

        What the keys were found by is not asked again: it can be most of what a page costs.
        """
        listed: Any = self.object_list
        if listed.query.annotations or listed.query.distinct:
            return listed.filter(pk__in=keys)
        rows = listed.model._default_manager.filter(pk__in=keys).order_by(*listed.query.order_by)
        rows.query.select_related = listed.query.select_related
        return rows
