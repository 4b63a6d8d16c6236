"""Where a finding stands in the list from which it was opened, and what comes after it."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

MOST = 1000
"""So many findings of a list are walked through; the list itself shows the others."""

FILTERS = "_changelist_filters"
"""The parameter in which Django's admin keeps the filters of the list on the page of a row."""


class Uncounted(ChangeList):
    """The list as it is filtered and ordered, of which no page is shown."""

    def get_results(self, request: HttpRequest) -> None:
        """Leave the rows unread and uncounted: only their keys are asked for."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding stands among those that wait in a list.

    Attributes:
        number: from 1; ``None`` if it is not among them.
        count: how many there are, at most :data:`MOST`.
        before: key of the one before; ``None`` at the beginning.
        after: key of the one after; ``None`` at the end.
        onward: key of the one to open when this one is decided; ``None`` if there is none.
        filters: the query string of the list.
    """

    number: int | None
    count: int
    before: int | None
    after: int | None
    onward: int | None
    filters: str

    @property
    def list_address(self) -> str:
        """The address of the list as it was filtered."""
        address = reverse("admin:sources_finding_changelist")
        return f"{address}?{self.filters}" if self.filters else address

    def address(self, key: int | None) -> str:
        """Return the address of another finding of the list, "" for none."""
        if key is None:
            return ""
        address = reverse("admin:sources_finding_change", args=[key])
        return f"{address}?{urlencode({FILTERS: self.filters})}" if self.filters else address

    @property
    def links(self) -> dict[str, Any]:
        """What the page shows of this."""
        return {
            "place": self,
            "list_address": self.list_address,
            "before_address": self.address(self.before),
            "after_address": self.address(self.after),
        }


def place_of(model_admin: Any, request: HttpRequest, key: int) -> Place:
    """Return where a finding stands in the list that the address names; three queries or fewer."""
    filters = request.GET.get(FILTERS, "")
    keys = _waiting(model_admin, request, filters)
    if key not in keys:
        first = keys[0] if keys else None
        return Place(None, len(keys), None, first, first, filters)
    at = keys.index(key)
    before = keys[at - 1] if at else None
    after = keys[at + 1] if at + 1 < len(keys) else None
    others = [*keys[at + 1 :], *keys[:at]]
    return Place(at + 1, len(keys), before, after, next(iter(others), None), filters)


def _waiting(model_admin: Any, request: HttpRequest, filters: str) -> list[int]:
    """Return the keys of the pending findings of a list in its order."""
    of_list = copy(request)
    of_list.method = "GET"
    of_list.GET = QueryDict(filters)
    bench = copy(model_admin)
    bench.get_changelist = lambda _request: Uncounted
    try:
        rows = bench.get_changelist_instance(of_list).queryset
    except (IncorrectLookupParameters, SuspiciousOperation, PermissionDenied):
        return []
    return list(rows.pending().values_list("pk", flat=True)[:MOST])
