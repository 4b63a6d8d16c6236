"""What the public may see: only what belongs to published campaigns, or to positions on bills.

A company, organization, topic, bill or document that only drafts mention does not exist here:
its very presence would announce the draft.
"""

from __future__ import annotations

from django.db.models import BooleanField, F, Func, Model, Q, QuerySet

from campaigns.models import (
    PUBLIC,
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
from companies.access import shows
from companies.models import Company, Product

# What names a company or organization in public, of which there is a key `below.pk`.
_NAMING_COMPANIES = (
    """SELECT 1 FROM "campaigns_target" t JOIN "campaigns_campaign" c ON c."id" = t."campaign_id"
    WHERE t."company_id" = below.pk AND c."published_at" IS NOT NULL""",
    """SELECT 1 FROM "campaigns_position" p WHERE p."company_id" = below.pk""",
)
_NAMING_ORGANIZATIONS = (
    """SELECT 1 FROM "campaigns_campaign_organizations" m
    JOIN "campaigns_campaign" c ON c."id" = m."campaign_id"
    WHERE m."organization_id" = below.pk AND c."published_at" IS NOT NULL""",
    """SELECT 1 FROM "campaigns_action_organizations" m
    JOIN "campaigns_action" a ON a."id" = m."action_id"
    JOIN "campaigns_campaign" c ON c."id" = a."campaign_id"
    WHERE m."organization_id" = below.pk AND c."published_at" IS NOT NULL""",
)


class _IsNamed(Func):
    """Whether something public names a record, or one that it is the parent of, however far down.

    The ORM writes no recursion; both databases read this one. It is asked of each record alone,
    for to gather all that are named would take longer than any page of them.
    """

    output_field = BooleanField()

    def __init__(self, model: type[Model], naming: tuple[str, ...]) -> None:
        named = " OR ".join(f"EXISTS ({select})" for select in naming)
        table = model._meta.db_table
        super().__init__(
            F("pk"),
            template="EXISTS (WITH RECURSIVE below(pk) AS (SELECT %(expressions)s UNION "  # noqa: S608
            f'SELECT r."id" FROM "{table}" r JOIN below ON r."parent_id" = below.pk) '
            f"SELECT 1 FROM below WHERE {named})",
        )


@shows(Company)
def public_companies() -> QuerySet[Company]:
    """Companies with a public target or a position, and their parents."""
    return Company.objects.filter(_IsNamed(Company, _NAMING_COMPANIES))


def public_products() -> QuerySet[Product]:
    """Products that a public target names."""
    return Product.objects.filter(pk__in=Target.objects.public().values("product"))


@shows(Organization)
def public_organizations() -> QuerySet[Organization]:
    """Organizations of published campaigns and of their actions, and their parents."""
    return Organization.objects.filter(_IsNamed(Organization, _NAMING_ORGANIZATIONS))


@shows(Topic)
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
    return Citation.objects.filter(PUBLIC)


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
