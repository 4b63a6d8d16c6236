"""What the pages of the delivery log share: they are looked at, and they count."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from alerts.models import State


class ReadOnly:
    """Refuses what would change a row, whoever asks."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def log_link(text: object, of: Mapping[str, int], state: State | None = None) -> str:
    """Return a link to the deliveries of a row, perhaps of one state only.

    Args:
        text: what to show.
        of: the name of a foreign key of deliveries, and the key.
        state: only those in this state; ``None`` for all.
    """
    query = {f"{name}__id__exact": str(key) for name, key in of.items()}
    if state:
        query["state__exact"] = state
    address = f"{reverse('admin:alerts_delivery_changelist')}?{urlencode(query)}"
    return format_html('<a href="{}">{}</a>', address, text)


def counts_in_words(counts: Mapping[State, int], **of: int) -> str:
    """Return "4 owed, 3 delivered, 1 waiting", each a link to these deliveries."""
    owed = _("%(count)s owed") % {"count": sum(counts.values())}
    found = [(log_link(owed, of),)]
    for state in State:
        if count := counts.get(state):
            words = _("%(count)s %(state)s") % {"count": count, "state": state.label}
            found.append((log_link(words, of, state),))
    return format_html_join(", ", "{}", found)
