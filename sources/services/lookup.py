"""Looking up the targets that a source may be about, so that few of all are read and weighed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from campaigns.models import Campaign, Target
from companies.models import Alias, Company, Product
from sources.suggestions import Clues

MOST_TARGETS = 500
"""Most targets that are weighed for one source, the newest ones."""


def targets_by(clues: Clues) -> QuerySet[Target]:
    """Return the targets, of drafts too, that have something of the clues; in one query.

    Names and titles are searched with regular expressions of plain words, which both databases
    take: where letters that are not ASCII begin and end, they do not agree, and find too much.
    """
    names = Q(name_key__regex=rf"^\W*({_any_of(clues.beginnings)})(\W|$)")
    host = rf"(www\.)?({_any_of(clues.hosts)})\.?(:[0-9]+)?"
    websites = Q(website__iregex=rf"^([a-z]+://)?{host}([/?#]|$)")
    word = _any_of(clues.words)
    campaigns = Q(title__iregex=rf"(^|\W)({word})\W(.*\W)?({word})(\W|$)")
    found = Q()
    if clues.beginnings:
        found |= Q(company__in=Company.objects.filter(names))
        found |= Q(company__in=Alias.objects.filter(names).values("company"))
        found |= Q(product__in=Product.objects.filter(names))
    if clues.hosts:
        found |= Q(company__in=Company.objects.filter(websites))
    if clues.words:
        found |= Q(campaign__in=Campaign.objects.filter(campaigns))
    if not found:
        return Target.objects.none()
    return Target.objects.filter(found).order_by("-pk")[:MOST_TARGETS]


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, words))
