"""How likely an article is about a target, and which kind of entry it is worth."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from campaigns.models import Campaign, Target
from campaigns.statuses import Status
from sources.clipping import Clipping, Found
from sources.detection import Candidate

Likely = Literal["action", "response", "status_change"]

_OF_ACTIONS = frozenset({Status.CALLED_ON, Status.IN_COURT})
"""Statuses that an action of organizations brings about: the action is what is logged first."""
_IN_TITLE, _EACH_MENTION, _MOST_MENTIONS = 3.0, 0.3, 5
_PRODUCT, _OTHER_PRODUCT, _ORGANIZATION, _WORD = 2.0, -1.0, 1.5, 0.5
_MOST_WORDS = 6
_WORDS = re.compile(r"[^\W\d_]{5,}")
_PLAIN, _EARLY, _TITLED = 8.0, 16.0, 26.0
"""What a reported change weighs: anywhere, near the beginning, and if the headline names whose."""
_COUNTED = 4.0
"""What it adds to an action that a text says how many took part."""
_BEGINNING = 900
_OWN_VOICE = 2.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A target that an article is probably about.

    Attributes:
        found: where its company or its product is named.
        score: the higher the likelier.
    """

    target: Target
    found: Found
    score: float


def rank_targets(targets: Iterable[Target], clipping: Clipping, text: str) -> list[Ranked]:
    """Return the targets with how likely an article is about each, the likeliest first."""
    named = {(found.kind, found.key): found for found in clipping.found}
    words = {word.casefold() for word in _WORDS.findall(text)}
    ranked = []
    for target in targets:
        product = named.get(("product", target.product_id)) if target.product_id else None
        found = named.get(("company", target.company_id)) or product
        if found is None:
            continue
        score = _prominence(found) + _of_campaign(target.campaign, named.keys())
        if target.product_id:
            score += _PRODUCT if product else _OTHER_PRODUCT
        about = f"{target.demand} {target.campaign.title}".casefold()
        shared = words.intersection(_WORDS.findall(about))
        score += _WORD * min(len(shared), _MOST_WORDS)
        ranked.append(Ranked(target, found, score))
    return sorted(ranked, key=lambda one: (-one.score, -one.target.pk))


def guess_campaign(ranked: Sequence[Ranked]) -> Campaign | None:
    """Return the campaign that an article is probably about: whose best target is likeliest."""
    if not ranked:
        return None
    best: Counter[int] = Counter()
    campaigns = {one.target.campaign_id: one.target.campaign for one in ranked}
    for one in reversed(ranked):
        # Of two campaigns with one company the one with more companies in the text is meant.
        best[one.target.campaign_id] = max(best[one.target.campaign_id], round(one.score * 100)) + 1
    return campaigns[max(best, key=lambda key: best[key])]


def weigh_entries(
    clipping: Clipping,
    candidate: Candidate | None,
    ranked: Sequence[Ranked],
    *,
    length: int,
    is_own: bool,
) -> tuple[Likely, ...]:
    """Return the kinds of entry, the likeliest first.

    Args:
        clipping: what the article says.
        candidate: the change of status that it reports.
        ranked: the targets that it is about.
        length: of its text.
        is_own: whether a company speaks for itself in it.
    """
    scores: dict[Likely, float] = {
        "action": clipping.action.score if clipping.action else 0.1,
        "response": clipping.response.score if clipping.response else 0.0,
        "status_change": 0.0,
    }
    if clipping.count:
        scores["action"] += _COUNTED
    if candidate is not None and candidate.status not in _OF_ACTIONS:
        titled = {one.target.pk for one in ranked if one.found.is_in_title}
        is_early = candidate.start <= max(_BEGINNING, length // 5)
        weight = _PLAIN if not is_early else _TITLED if candidate.target in titled else _EARLY
        scores["status_change"] = candidate.score * weight * (_OWN_VOICE if is_own else 1)
    return tuple(sorted(scores, key=lambda kind: -scores[kind]))


def _prominence(found: Found) -> float:
    mentions = min(found.mentions_count, _MOST_MENTIONS)
    return mentions * _EACH_MENTION + (_IN_TITLE if found.is_in_title else 0)


def _of_campaign(campaign: Campaign, named: Iterable[tuple[str, int]]) -> float:
    organizations = {key for kind, key in named if kind == "organization"}
    pressing = [row.pk for row in campaign.organizations.all() if row.pk in organizations]
    return _ORGANIZATION * min(len(pressing), 2)
