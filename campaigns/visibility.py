"""What the public may see: only what belongs to published campaigns, or to positions on bills.

A company, organization, topic, bill or document that only drafts mention does not exist here:
its very presence would announce the draft.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet

from campaigns.models import (
    Action,
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


def public_companies() -> QuerySet[Company]:
    """Companies with a public target or a position, and their parents; makes one query."""
    named = Q(pk__in=Target.objects.public().values("company")) | Q(
        pk__in=Position.objects.values("company")
    )
    return _with_ancestors(Company.objects.all(), named)


def public_products() -> QuerySet[Product]:
    """Products that a public target names."""
    return Product.objects.filter(pk__in=Target.objects.public().values("product"))


def public_organizations() -> QuerySet[Organization]:
    """Organizations of published campaigns and of their actions, and parents; makes one query."""
    named = Q(pk__in=Campaign.objects.public().values("organizations")) | Q(
        pk__in=Action.objects.public().values("organizations")
    )
    return _with_ancestors(Organization.objects.all(), named)


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


def _with_ancestors(rows: QuerySet[M], named: Q) -> QuerySet[M]:
    children = rows.filter(parent__isnull=False).values_list(
        "pk", "parent_id", ExpressionWrapper(named, output_field=BooleanField())
    )
    parents = {pk: (parent, is_named) for pk, parent, is_named in children}
    ancestors: set[int] = set()
    for parent, is_named in parents.values():
        while is_named and parent not in ancestors:
            ancestors.add(parent)
            parent = parents[parent][0] if parent in parents else parent
    return rows.filter(named | Q(pk__in=ancestors))
