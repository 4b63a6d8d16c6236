"""What will be generated: how many of each, which target belongs to what, and every history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from benchmarks.api.chance import seeded
from benchmarks.api.histories import LAST_DAY, Change, History, derive, number
from benchmarks.api.vocabulary import Vocabulary
from campaigns.timeline import Standing

FIRST_DAY = dt.date(2010, 1, 1)
DRAFTS = 0.04


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many of each."""

    organizations: int
    companies: int
    topics: int
    bills: int
    campaigns: int
    actions: int
    status_changes: int
    responses: int
    documents: int

    @classmethod
    def at(cls, scale: float) -> Sizes:
        """At a scale, with enough of each left for the rest to be made of."""

        def size(count: int, least: int) -> int:
            return max(round(count * scale), least)

        return cls(
            organizations=size(1_000, 8),
            companies=size(2_000, 12),
            topics=size(200, 5),
            bills=size(400, 4),
            campaigns=size(50_000, 10),
            actions=size(500_000, 20),
            status_changes=size(250_000, 20),
            responses=size(80_000, 10),
            documents=size(60_000, 10),
        )


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """A campaign, numbered from 1."""

    pk: int
    begins_on: dt.date
    is_draft: bool


@dataclass(frozen=True, slots=True)
class TargetPlan:
    """A target, numbered from 1, with where its history ends."""

    pk: int
    campaign: CampaignPlan
    company: int
    product: int | None
    history: list[Change]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that tables share."""

    seed: int
    sizes: Sizes
    words: Vocabulary
    products: dict[int, list[int]]
    """Company to its products."""
    campaigns: list[CampaignPlan]
    targets: list[TargetPlan]
    targets_of: dict[int, list[int]]
    """Campaign to its targets."""
    log: list[Change]
    """All status changes, in the order of ``sequence``."""

    def rng(self, purpose: str) -> Random:
        """Random numbers of a purpose: what one table draws does not change another."""
        return seeded(self.seed, purpose)

    def is_public(self, target: int) -> bool:
        return not self.targets[target - 1].campaign.is_draft

    def brought(self) -> Iterator[Change]:
        """The status changes that bring an outcome, in the order of the outcomes."""
        return (change for change in self.log if change.brings)


def make_plan(scale: float, seed: int) -> Plan:
    """Plan a record of that scale."""
    sizes = Sizes.at(scale)
    rng = seeded(seed, "plan")
    products = _products(rng, sizes)
    campaigns = [_campaign(rng, pk) for pk in range(1, sizes.campaigns + 1)]
    placed = list(_placed(rng, sizes, campaigns, products))
    histories = [
        History(rng, pk, campaign.begins_on).plan(length)
        for pk, ((campaign, _, _), length) in enumerate(
            zip(placed, _lengths(rng, len(placed), sizes.status_changes), strict=True), 1
        )
    ]
    log = number(histories)
    targets = [
        TargetPlan(pk, *place, history, derive(history))
        for pk, (place, history) in enumerate(zip(placed, histories, strict=True), 1)
    ]
    targets_of: dict[int, list[int]] = {}
    for target in targets:
        targets_of.setdefault(target.campaign.pk, []).append(target.pk)
    return Plan(seed, sizes, Vocabulary(), products, campaigns, targets, targets_of, log)


def _products(rng: Random, sizes: Sizes) -> dict[int, list[int]]:
    products: dict[int, list[int]] = {}
    pk = 0
    for company in range(1, sizes.companies + 1):
        if rng.random() < 0.3:
            count = rng.randint(1, 4)
            products[company] = list(range(pk + 1, pk + 1 + count))
            pk += count
    return products


def _campaign(rng: Random, pk: int) -> CampaignPlan:
    # The busier the later: as a record grows.
    span = (LAST_DAY - FIRST_DAY).days - 30
    begins_on = FIRST_DAY + dt.timedelta(days=int(span * rng.random() ** 0.7))
    return CampaignPlan(pk, begins_on, rng.random() < DRAFTS)


def _placed(
    rng: Random, sizes: Sizes, campaigns: list[CampaignPlan], products: dict[int, list[int]]
) -> Iterator[tuple[CampaignPlan, int, int | None]]:
    companies = range(1, sizes.companies + 1)
    cumulative = list(accumulate((rank + 8) ** -0.9 for rank in companies))
    for campaign in campaigns:
        count = min(1 + int(rng.expovariate(1 / 1.45)), 40, sizes.companies)
        seen = set()
        for company in rng.choices(companies, cum_weights=cumulative, k=count):
            of_company = products.get(company)
            product = rng.choice(of_company) if of_company and rng.random() < 0.3 else None
            if (company, product) not in seen:
                seen.add((company, product))
                yield campaign, company, product


def _lengths(rng: Random, targets: int, changes: int) -> list[int]:
    """How long each history is; all together there are exactly so many changes."""
    mean = max(changes / targets - 1, 0.1)
    lengths = [
        0 if rng.random() < 0.03 else 1 + min(int(rng.expovariate(1 / mean)), 30)
        for _ in range(targets)
    ]
    missing = changes - sum(lengths)
    while missing:
        index = rng.randrange(targets)
        if missing > 0:
            lengths[index] += 1
            missing -= 1
        elif lengths[index] > 0:
            lengths[index] -= 1
            missing += 1
    return lengths
