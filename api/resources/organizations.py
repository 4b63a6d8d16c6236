"""``/api/v1/organizations/``."""

from __future__ import annotations

from django.db.models import Q

from api.briefs import ID, ORGANIZATION
from api.fields import api_url, choice, link, page_url, slug, stamps, text
from api.filters import by_choice, moment_range
from api.orderings import Ordering
from api.resource import Resource, register
from api.shapes import Nested
from api.thing_filters import Match, ThingFilter, company_filters
from campaigns.models import Campaign, Organization
from campaigns.visibility import (
    public_companies,
    public_organizations,
    public_products,
    public_topics,
)


def _leading(match: Match, path: str) -> Q:
    return Q(pk__in=Campaign.objects.public().filter(match(path)).values("organizations"))


ORGANIZATIONS = register(
    Resource(
        name="organizations",
        singular="organization",
        component="Organization",
        help="Organizations that lead campaigns or took part in their actions. `as_of` changes "
        "nothing here.",
        record_help="Who presses.",
        rows=lambda clocks: public_organizations(),
        has_slug=True,
        searched=Organization,
        search_example="ACLU -California",
        expands={"parent": "organizations"},
        orderings=(
            Ordering("name", "name", "text"),
            Ordering("updated_at", "updated_at", "moment"),
        ),
        fields=(
            ID,
            slug(example="aclu"),
            text("name", "What it is called.", example="American Civil Liberties Union (ACLU)"),
            api_url("organization"),
            page_url("organization", "slug", example="aclu"),
            choice("kind", "What kind of organization it is.", Organization.Kind),
            Nested(
                name="parent",
                help="The organization that it belongs to, if any.",
                brief=ORGANIZATION,
                path="parent",
                nullable=True,
            ),
            link("website", "Its own site, if known.", example="https://www.aclu.org/"),
            text(
                "description",
                "What it is, in words.",
                example="More than three dozen civil rights organizations, led by the ACLU.",
            ),
            *stamps(),
        ),
        filters=(
            by_choice("kind", Organization.Kind, "kind", "Of this kind."),
            ThingFilter(
                "parent",
                public_organizations,
                lambda match: match("parent"),
                "Directly below this organization.",
                "aclu",
            ),
            *company_filters(
                public_companies,
                lambda match: _leading(match, "targets__company"),
                "That press this company.",
            ),
            ThingFilter(
                "product",
                public_products,
                lambda match: _leading(match, "targets__product"),
                "With a demand about this product.",
                1,
                has_slug=False,
            ),
            ThingFilter(
                "topic",
                public_topics,
                lambda match: _leading(match, "topics"),
                "With campaigns on this topic.",
                "police-face-recognition",
            ),
            ThingFilter(
                "campaign",
                Campaign.objects.public,
                lambda match: _leading(match, ""),
                "That lead this campaign.",
                "stop-selling-face-recognition-to-police",
            ),
            *moment_range("created", "created_at", "Recorded"),
            *moment_range("updated", "updated_at", "Changed in content"),
        ),
    )
)
