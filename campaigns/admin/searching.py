"""Search in long lists, by the same index as the API's."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaigns.search import (
    NEWEST_RANKED,
    InvalidSearch,
    is_found,
    parse_search,
)
from campaigns.search.terms import SHORTEST_PREFIX
from companies.narrowing import narrowed
from companies.paging import rows_of
from companies.workbench import Workbench


class Searched(Workbench):
    """A list that is searched by words: its own texts, and names and quotes that belong to it.

    Of very many matches the newest are shown. The last word may be unfinished, as it is while
    somebody types into an autocomplete.
    """

    search_fields = ["pk"]  # lets Django offer the search at all; see get_search_results
    search_help_text = _(
        "Words that it holds, “phrases”, -without; of very many matches the newest %(most)d."
    ) % {"most": NEWEST_RANKED}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return the rows in which all words are found; none for what cannot be searched."""
        queryset = narrowed(self.admin_site, request, queryset)
        if not search_term.strip():
            return queryset, False
        try:
            search = parse_search(_unfinished(search_term))
        except InvalidSearch:
            return queryset.none(), False
        # The keys are read first: counting and reading the page then cost next to nothing.
        found = is_found(queryset, "pk", search.shape, search.values)
        among = queryset.model._default_manager.filter(found)
        newest = among.order_by("-pk").values_list("pk", flat=True)
        return rows_of(list(newest[: 2 * NEWEST_RANKED]), queryset), False


def _unfinished(text: str) -> str:
    """Let the last word go on, if it is one that is long enough."""
    text = text.strip()
    last = text.split()[-1]
    return f"{text}*" if last.isalnum() and len(last) >= SHORTEST_PREFIX else text
