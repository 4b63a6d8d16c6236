"""``/api/v1/companies/``."""

from __future__ import annotations

from django.db.models import Q

from api.briefs import COMPANY, ID, PRODUCT
from api.cells import Cell, outer
from api.fields import api_url, link, page_url, slug, stamps, text
from api.filters import moment_range
from api.loading import load_items, load_names
from api.orderings import Ordering
from api.resource import Resource, register
from api.shapes import Loaded, Nested
from api.thing_filters import Match, ThingFilter
from campaigns.models import Campaign, Target
from campaigns.visibility import (
    public_companies,
    public_organizations,
    public_products,
    public_topics,
)
from companies.models import Alias, Company


def _alias_cells(prefix: str, owner: str) -> tuple[Cell, ...]:
    rows = Alias.objects.filter(company=outer(prefix))
    return (
        Cell.of_list(
            "aliases", "Other names it goes by.", "", rows, "name", path=("aliases",),
            order=("name", "pk"),
        ),
    )  # fmt: skip


FIELDS = (
    ID,
    slug(example="amazon"),
    text("name", "What it is called.", example="Amazon"),
    api_url("company"),
    page_url("company", "slug", example="amazon"),
    Nested(
        name="parent",
        help="The company that it belongs to, if any.",
        brief=COMPANY,
        path="parent",
        nullable=True,
    ),
    Loaded(
        name="subsidiaries",
        help="Companies that belong to it directly.",
        brief=COMPANY,
        load=load_items(
            "subsidiaries",
            lambda: public_companies().order_by("name", "pk"),
            "parent__pk",
            COMPANY.fields,
        ),
    ),
    Loaded(
        name="aliases",
        help="Other names it goes by in text.",
        example=["AWS", "Amazon Web Services", "Amazon.com"],
        schema={"type": "array", "items": {"type": "string"}},
        load=load_names("aliases", lambda: Alias.objects.order_by("name", "pk"), "company__pk"),
        flat=_alias_cells,
    ),
    Loaded(
        name="products",
        help="Its products that a demand is about.",
        brief=PRODUCT,
        load=load_items(
            "products",
            lambda: public_products().order_by("name", "pk"),
            "company__pk",
            PRODUCT.fields,
        ),
    ),
    link("website", "Its own site, if known.", example="https://www.amazon.com/"),
    text("description", "What it is, in words.", example="A shop, and a cloud."),
    *stamps(),
)


def _pressed(match: Match, path: str) -> Q:
    return Q(pk__in=Target.objects.public().filter(match(path)).values("company"))


COMPANIES = register(
    Resource(
        name="companies",
        singular="company",
        component="Company",
        help="Companies that campaigns press, or that have taken a position on a bill. `as_of` "
        "changes nothing here.",
        record_help="Who is pressed.",
        rows=lambda clocks: public_companies(),
        fields=FIELDS,
        has_slug=True,
        searched=Company,
        search_example='"web services" -Ring',
        has_timeline=True,
        expands={"parent": "companies"},
        orderings=(
            Ordering("name", "name", "text"),
            Ordering("updated_at", "updated_at", "moment"),
        ),
        filters=(
            ThingFilter(
                "parent",
                public_companies,
                lambda match: match("parent"),
                "Directly below this company.",
                "amazon",
            ),
            ThingFilter(
                "product",
                public_products,
                lambda match: _pressed(match, "product"),
                "Pressed about this product.",
                1,
                has_slug=False,
            ),
            ThingFilter(
                "organization",
                public_organizations,
                lambda match: _pressed(match, "campaign__organizations"),
                "Pressed by this organization.",
                "aclu",
            ),
            ThingFilter(
                "topic",
                public_topics,
                lambda match: _pressed(match, "campaign__topics"),
                "Pressed on this topic.",
                "police-face-recognition",
            ),
            ThingFilter(
                "campaign",
                Campaign.objects.public,
                lambda match: _pressed(match, "campaign"),
                "Pressed by this campaign.",
                "stop-selling-face-recognition-to-police",
            ),
            *moment_range("created", "created_at", "Recorded"),
            *moment_range("updated", "updated_at", "Changed in content"),
        ),
    )
)
