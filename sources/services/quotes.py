"""Whether the pages that we cite still say what we quote of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.contrib.auth.models import User
from django.db.models import Q

from campaigns.models import Citation
from sources.models import LostQuote, Snapshot
from sources.passages import holds_quote


def check_quotes(*, snapshot: Snapshot, before: str) -> None:
    """Note which quotes of a page are gone from it since the last visit, and which are back.

    Only what the page was seen to say can be gone: a quote that our reading of it never held says
    nothing about the page.

    Args:
        snapshot: of the page as it is now.
        before: its text at the visit before.
    """
    # Documents may name a part of the page.
    named = Q()
    for address in (snapshot.url, snapshot.final_url):
        named |= Q(document__url=address) | Q(document__url__startswith=f"{address}#")
    cited = list(Citation.objects.filter(named).exclude(quote=""))
    if not cited:
        return
    gone, present = [], []
    for citation in cited:
        if holds_quote(snapshot.text, citation.quote):
            present.append(citation)
        elif holds_quote(before, citation.quote):
            gone.append(LostQuote(citation=citation, snapshot=snapshot))
    LostQuote.objects.bulk_create(gone, ignore_conflicts=True)
    lost = LostQuote.objects.filter(citation__in=present, returned_at=None)
    lost.update(returned_at=snapshot.taken_at)


def settle_quotes(*, quote_ids: Collection[int], editor: User, now: dt.datetime) -> int:
    """Note that an editor dealt with lost quotes, and return how many nobody had dealt with."""
    waiting = LostQuote.objects.filter(pk__in=quote_ids, seen_at=None)
    return waiting.update(seen_at=now, seen_by=editor)
