"""Pages of long lists: deep ones cost little more than the first."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator


def rows_of(keys: list[Any], listed: Any) -> Any:
    """Return the rows of keys that were read from a list, in its order and with what it joins.

    What they were found by is not asked again: it can be most of what a page costs.
    """
    if listed.query.annotations or listed.query.distinct:
        return listed.filter(pk__in=keys)
    lookups = listed._prefetch_related_lookups
    rows = listed.model._default_manager.filter(pk__in=keys).prefetch_related(*lookups)
    for part in ("select_related", "order_by", "default_ordering", "standard_ordering"):
        setattr(rows.query, part, getattr(listed.query, part))
    return rows


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
        return self._get_page(rows_of(self._keys(first, end), self.object_list), number, self)  # type: ignore[attr-defined, no-any-return]

    def _keys(self, first: int, end: int) -> list[Any]:
        rows: Any = self.object_list
        keys = rows.values_list("pk", flat=True)
        if first <= self.count // 2:
            return list(keys[first:end])
        return list(keys.reverse()[self.count - end : self.count - first])
