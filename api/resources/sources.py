"""``/api/v1/sources/``: what is watched, when it was last read, and since when we are blind."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from api.briefs import ID, TARGET
from api.clocks import Clocks
from api.fields import api_url, choice, link, moment, no_page, number, slug, text, truth
from api.filters import TruthFilter, by_choice, moment_range
from api.loading import load_items
from api.orderings import Ordering
from api.resource import Resource, register
from api.shapes import Loaded
from api.thing_filters import ThingFilter, company_filters
from campaigns.models import Campaign, Target
from campaigns.visibility import (
    public_companies,
    public_organizations,
    public_products,
    public_topics,
)
from sources.causes import Cause
from sources.kinds import SourceKind
from sources.models import Source, Watch


def _public() -> QuerySet[Watch]:
    return Watch.objects.filter(target__campaign__published_at__isnull=False)


def _rows(clocks: Clocks) -> QuerySet[Source]:
    return Source.objects.filter(pk__in=_public().values("source"))


def _watched(condition: Q) -> Q:
    return Q(pk__in=_public().filter(condition).values("source"))


SOURCES = register(
    Resource(
        name="sources",
        singular="source",
        component="Source",
        help="Pages and feeds that are watched for public targets, with how well they can be "
        "read: as things stand, whatever the clocks say.",
        record_help="An address that is polled, and how it fares.",
        rows=_rows,
        is_versioned=False,
        has_slug=True,
        orderings=(Ordering("name", "name", "text"),),
        fields=(
            ID,
            slug(example="amazon-policy-blog"),
            text("name", "What it is called.", example="Amazon policy blog"),
            api_url("source"),
            no_page(),
            link(
                "source_url",
                "The address that is polled.",
                "url",
                example="https://www.aboutamazon.com/news/policy-news-views",
                nullable=False,
            ),
            choice("kind", "What is expected there.", SourceKind),
            truth("is_active", "Whether it is polled at all."),
            number("interval_minutes", "How often it is polled, if it can be read.", example=60),
            moment("last_polled_at", "The last try to read it.", nullable=True),
            moment("last_success_at", "The last time it was read.", nullable=True),
            moment("blind_since", "Since when it cannot be read.", "failing_since", nullable=True),
            choice("cause", "Why it cannot be read.", Cause, "last_cause", nullable=True),
            Loaded(
                name="targets",
                help="The public targets that it is watched for.",
                brief=TARGET,
                load=load_items(
                    "targets of sources",
                    lambda: _public().order_by("target__pk"),
                    "source__pk",
                    TARGET.fields,
                    root="target__",
                ),
            ),
            moment("created_at", "When it was first watched."),
            moment("updated_at", "When its settings last changed."),
        ),
        filters=(
            *company_filters(
                public_companies,
                lambda match: _watched(match("target__company")),
                "Watched for targets that are this company.",
            ),
            ThingFilter(
                "product",
                public_products,
                lambda match: _watched(match("target__product")),
                "Watched for targets about this product.",
                1,
                has_slug=False,
            ),
            ThingFilter(
                "organization",
                public_organizations,
                lambda match: _watched(match("target__campaign__organizations")),
                "Watched for campaigns by this organization.",
                "aclu",
            ),
            ThingFilter(
                "topic",
                public_topics,
                lambda match: _watched(match("target__campaign__topics")),
                "Watched for campaigns on this topic.",
                "police-face-recognition",
            ),
            ThingFilter(
                "campaign",
                Campaign.objects.public,
                lambda match: _watched(match("target__campaign")),
                "Watched for this campaign.",
                "stop-selling-face-recognition-to-police",
            ),
            ThingFilter(
                "target",
                Target.objects.public,
                lambda match: _watched(match("target")),
                "Watched for this target.",
                1,
                has_slug=False,
            ),
            by_choice("kind", SourceKind, "kind", "Of this kind."),
            TruthFilter(
                "blind",
                lambda clocks: Q(failing_since__isnull=False),
                "Whether it cannot be read.",
            ),
            *moment_range("last_success", "last_success_at", "Last read"),
        ),
    )
)
