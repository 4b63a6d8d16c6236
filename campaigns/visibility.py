"""What the public may see: only what belongs to published campaigns, or to positions on bills.

A company, organization, topic, bill or document that only drafts mention does not exist here:
its very presence would announce the draft.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from campaigns.models import (
    Bill,
    Campaign,
    Citation,
    Document,
    Organization,
    Outcome,
    Position,
    Target,
    Topic,
)
from companies.models import Company, Product

M = TypeVar("M", bound=Model)


_NAMED_COMPANIES = """
SELECT t."company_id" FROM "campaigns_target" t
JOIN "campaigns_campaign" c ON c."id" = t."campaign_id" WHERE c."published_at" IS NOT NULL
UNION SELECT "company_id" FROM "campaigns_position"
"""
_NAMED_ORGANIZATIONS = """
SELECT m."organization_id" FROM "campaigns_campaign_organizations" m
JOIN "campaigns_campaign" c ON c."id" = m."campaign_id" WHERE c."published_at" IS NOT NULL
UNION SELECT m."organization_id" FROM "campaigns_action_organizations" m
JOIN "campaigns_action" a ON a."id" = m."action_id"
JOIN "campaigns_campaign" c ON c."id" = a."campaign_id" WHERE c."published_at" IS NOT NULL
"""
# The ORM writes no recursion; both databases read this one.
_WITH_ANCESTORS = """
WITH RECURSIVE shown(pk) AS ({named} UNION SELECT r."parent_id" FROM "{table}" r
JOIN shown ON r."id" = shown.pk WHERE r."parent_id" IS NOT NULL) SELECT pk FROM shown
"""


def public_companies() -> QuerySet[Company]:
    """Companies with a public target or a position, and their parents."""
    return _with_ancestors(Company.objects.all(), _NAMED_COMPANIES)


def public_products() -> QuerySet[Product]:
    """Products that a public target names."""
    return Product.objects.filter(pk__in=Target.objects.public().values("product"))


def public_organizations() -> QuerySet[Organization]:
    """Organizations of published campaigns and of their actions, and their parents."""
    return _with_ancestors(Organization.objects.all(), _NAMED_ORGANIZATIONS)


def public_topics() -> QuerySet[Topic]:
    """Topics of published campaigns."""
    return Topic.objects.filter(pk__in=Campaign.objects.public().values("topics"))


def public_bills() -> QuerySet[Bill]:
    """Bills on which a company has a position, or for which a public outcome waits."""
    return Bill.objects.filter(
        Q(pk__in=Position.objects.values("bill"))
        | Q(pk__in=Outcome.objects.public().values("condition_bill"))
    )


def public_citations() -> QuerySet[Citation]:
    """Citations of public facts, and of positions."""
    return Citation.objects.filter(
        Q(action__campaign__published_at__isnull=False)
        | Q(response__target__campaign__published_at__isnull=False)
        | Q(outcome__target__campaign__published_at__isnull=False)
        | Q(status_change__target__campaign__published_at__isnull=False)
        | Q(position__isnull=False)
    )


def public_documents() -> QuerySet[Document]:
    """Documents that a public fact cites."""
    return Document.objects.filter(pk__in=public_citations().values("document"))


def with_subsidiaries(company: Company) -> list[int]:
    """Return the keys of a company and of every company below it; makes one query."""
    pairs = Company.objects.filter(parent__isnull=False).values_list("parent_id", "pk")
    children: dict[int | None, list[int]] = {}
    for parent, child in pairs:
        children.setdefault(parent, []).append(child)
    found = [company.pk]
    for pk in found:
        found += [child for child in children.get(pk, ()) if child not in found]
    return found


def _with_ancestors(rows: QuerySet[M], named: str) -> QuerySet[M]:
    sql = _WITH_ANCESTORS.format(named=named, table=rows.model._meta.db_table)
    return rows.filter(pk__in=RawSQL(sql, []))  # noqa: S611
