"""Rows of who presses whom about what: organizations, companies, campaigns, targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from benchmarks.api.chance import skewed
from benchmarks.api.plan import FIRST_DAY, Plan
from campaigns.dates import Precision
from campaigns.models import Bill, Organization, Position
from companies.names import name_key

Rows = Iterator[Sequence[Any]]

_COMPANY_FORMS = ("Systems", "Energy", "Foods", "Group", "Motors", "Bank", "Labs", "Retail")
_ORGANIZATION_FORMS = ("Alliance", "Workers Union", "Coalition", "Watch", "Action", "Network")
_PLACES = ("US", "US-CA", "US-WA", "US-NY", "EU", "UK", "DE", "FR", "CA", "AU")


def at(day: dt.date, hours: float = 9) -> dt.datetime:
    """A moment of a day."""
    return dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(hours=hours)


CREATED_AT = at(FIRST_DAY)


def slug(name: str, pk: int) -> str:
    """A slug that no other row of its table has."""
    return f"{name.lower().replace(' ', '-').strip('-.')[:80]}-{pk}"


def _parent(rng: Any, pk: int, share: float) -> int | None:
    """A parent with a lower number: no circles, chains at times."""
    return rng.randint(1, pk - 1) if pk > 1 and rng.random() < share else None


def _organizations(plan: Plan) -> Rows:
    rng = plan.rng("organizations")
    for pk in range(1, plan.sizes.organizations + 1):
        name = f"{plan.words.names[-pk]} {rng.choice(_ORGANIZATION_FORMS)}"
        yield (
            pk, name, name_key(name), slug(name, pk), rng.choice(Organization.Kind.values),
            _parent(rng, pk, 0.08), f"https://{slug(name, pk)}.example/", plan.words.text(rng, 15),
            CREATED_AT, CREATED_AT,
        )  # fmt: skip


def _companies(plan: Plan) -> Rows:
    rng = plan.rng("companies")
    for pk in range(1, plan.sizes.companies + 1):
        name = f"{plan.words.names[pk]} {_COMPANY_FORMS[pk % len(_COMPANY_FORMS)]}"
        yield (
            pk, name, name_key(name), slug(name, pk), _parent(rng, pk, 0.1),
            f"https://{slug(name, pk)}.example/", plan.words.text(rng, 20), CREATED_AT, CREATED_AT,
        )  # fmt: skip


def _aliases(plan: Plan) -> Rows:
    rng = plan.rng("aliases")
    pk = 0
    for company in range(1, plan.sizes.companies + 1):
        for form in rng.sample(("Inc.", "Holding", "International"), rng.choice((0, 0, 1, 2))):
            pk += 1
            name = f"{plan.words.names[company]} {form}"
            yield pk, name, name_key(name), company


def _products(plan: Plan) -> Rows:
    rng = plan.rng("products")
    for company, products in plan.products.items():
        for pk in products:
            name = f"{rng.choice(plan.words.names)} {pk}"
            yield pk, name, name_key(name), company, plan.words.text(rng, 8)


def _topics(plan: Plan) -> Rows:
    rng = plan.rng("topics")
    for pk in range(1, plan.sizes.topics + 1):
        name = f"{rng.choice(plan.words.common)} {rng.choice(plan.words.common)} {pk}".capitalize()
        yield pk, name, slug(name, pk), plan.words.text(rng, 12), CREATED_AT, CREATED_AT


def _bills(plan: Plan) -> Rows:
    rng = plan.rng("bills")
    for pk in range(1, plan.sizes.bills + 1):
        introduced_on = FIRST_DAY + dt.timedelta(days=rng.randrange(4_000))
        yield (
            pk, rng.choice(_PLACES), str(introduced_on.year), f"B {pk}", plan.words.title(rng, 9),
            rng.choice(Bill.Status.values), introduced_on + dt.timedelta(days=rng.randrange(900)),
            Precision.DAY.value, introduced_on, f"https://bills.example/{pk}",
            CREATED_AT, CREATED_AT,
        )  # fmt: skip


def _positions(plan: Plan) -> Rows:
    rng = plan.rng("positions")
    for pk in range(1, plan.sizes.bills * 2 + 1):
        taken_on = FIRST_DAY + dt.timedelta(days=pk % 5_000)
        yield (
            pk, 1 + skewed(rng, plan.sizes.companies), 1 + (pk - 1) // 2,
            rng.choice(Position.Stance.values), plan.words.text(rng, 12), taken_on,
            Precision.DAY.value, CREATED_AT, CREATED_AT,
        )  # fmt: skip


def _campaigns(plan: Plan) -> Rows:
    rng = plan.rng("campaigns")
    for campaign in plan.campaigns:
        title = plan.words.title(rng, rng.randint(4, 9))[:200]
        created_at = at(campaign.begins_on, 7)
        yield (
            campaign.pk, title, slug(title, campaign.pk), plan.words.text(rng, rng.randint(15, 50)),
            None if campaign.is_draft else created_at + dt.timedelta(minutes=30),
            created_at, created_at + dt.timedelta(minutes=30),
        )  # fmt: skip


def _campaign_organizations(plan: Plan) -> Rows:
    rng = plan.rng("campaign organizations")
    for campaign in plan.campaigns:
        count = rng.choice((1, 1, 1, 2, 3))
        drawn = {1 + skewed(rng, plan.sizes.organizations) for _ in range(count)}
        yield from ((campaign.pk, organization) for organization in sorted(drawn))


def _campaign_topics(plan: Plan) -> Rows:
    rng = plan.rng("campaign topics")
    for campaign in plan.campaigns:
        drawn = {1 + skewed(rng, plan.sizes.topics) for _ in range(rng.choice((1, 1, 2)))}
        yield from ((campaign.pk, topic) for topic in sorted(drawn))


def _targets(plan: Plan) -> Rows:
    rng = plan.rng("targets")
    for target in plan.targets:
        stands = target.standing
        created_at = at(target.campaign.begins_on, 7.25)
        yield (
            target.pk, target.campaign.pk, target.company, target.product,
            plan.words.title(rng, rng.randint(6, 14))[:500],
            stands.status.value if stands.status else None, stands.since,
            stands.since_precision or Precision.DAY.value, stands.outcome_id, stands.expires_on,
            created_at, target.history[-1].recorded_at if target.history else created_at,
        )  # fmt: skip


TABLES: dict[str, tuple[Sequence[str], Callable[[Plan], Rows]]] = {
    "campaigns_organization": (
        ("id", "name", "name_key", "slug", "kind", "parent_id", "website", "description",
         "created_at", "updated_at"),
        _organizations,
    ),
    "companies_company": (
        ("id", "name", "name_key", "slug", "parent_id", "website", "description", "created_at",
         "updated_at"),
        _companies,
    ),
    "companies_alias": (("id", "name", "name_key", "company_id"), _aliases),
    "companies_product": (("id", "name", "name_key", "company_id", "description"), _products),
    "campaigns_topic": (
        ("id", "name", "slug", "description", "created_at", "updated_at"), _topics,
    ),
    "campaigns_bill": (
        ("id", "jurisdiction", "session", "identifier", "title", "status", "status_on",
         "status_precision", "introduced_on", "url", "created_at", "updated_at"),
        _bills,
    ),
    "campaigns_position": (
        ("id", "company_id", "bill_id", "stance", "summary", "taken_on", "taken_precision",
         "created_at", "updated_at"),
        _positions,
    ),
    "campaigns_campaign": (
        ("id", "title", "slug", "summary", "published_at", "created_at", "updated_at"),
        _campaigns,
    ),
    "campaigns_campaign_organizations": (
        ("campaign_id", "organization_id"), _campaign_organizations,
    ),
    "campaigns_campaign_topics": (("campaign_id", "topic_id"), _campaign_topics),
    "campaigns_target": (
        ("id", "campaign_id", "company_id", "product_id", "demand", "status", "status_since",
         "status_precision", "outcome_id", "expires_on", "created_at", "updated_at"),
        _targets,
    ),
}  # fmt: skip
"""Each table with the columns that are written and the function that makes its rows."""
