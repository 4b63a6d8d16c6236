"""``/api/v1/topics/``."""

from __future__ import annotations

from django.db.models import Q

from api.briefs import ID
from api.fields import api_url, page_url, slug, stamps, text
from api.filters import moment_range
from api.orderings import Ordering
from api.resource import Resource, register
from api.thing_filters import Match, ThingFilter, company_filters
from campaigns.models import Campaign, Topic
from campaigns.visibility import (
    public_companies,
    public_organizations,
    public_products,
    public_topics,
)


def _shared(match: Match, path: str) -> Q:
    return Q(pk__in=Campaign.objects.public().filter(match(path)).values("topics"))


TOPICS = register(
    Resource(
        name="topics",
        singular="topic",
        component="Topic",
        help="Subjects that campaigns share. `as_of` changes nothing here.",
        record_help="A subject that campaigns share.",
        rows=lambda clocks: public_topics(),
        has_slug=True,
        searched=Topic,
        search_example='"face recognition" -cameras',
        orderings=(
            Ordering("name", "name", "text"),
            Ordering("updated_at", "updated_at", "moment"),
        ),
        fields=(
            ID,
            slug(example="police-face-recognition"),
            text("name", "What it is called.", example="Police face recognition"),
            api_url("topic"),
            page_url("topic", "slug", example="police-face-recognition"),
            text(
                "description",
                "What it is about, in words.",
                example="The sale of face recognition to police, and its use by them.",
            ),
            *stamps(),
        ),
        filters=(
            *company_filters(
                public_companies,
                lambda match: _shared(match, "targets__company"),
                "Of campaigns that press this company.",
            ),
            ThingFilter(
                "product",
                public_products,
                lambda match: _shared(match, "targets__product"),
                "Of campaigns with a demand about this product.",
                1,
                has_slug=False,
            ),
            ThingFilter(
                "organization",
                public_organizations,
                lambda match: _shared(match, "organizations"),
                "Of campaigns by this organization.",
                "aclu",
            ),
            ThingFilter(
                "campaign",
                Campaign.objects.public,
                lambda match: _shared(match, ""),
                "Of this campaign.",
                "stop-selling-face-recognition-to-police",
            ),
            *moment_range("created", "created_at", "Recorded"),
            *moment_range("updated", "updated_at", "Changed in content"),
        ),
    )
)
