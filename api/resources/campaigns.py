"""``/api/v1/campaigns/``."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from api.briefs import ID, ORGANIZATION, TOPIC
from api.cells import Cell, outer
from api.clocks import Clocks
from api.evidence import is_evident
from api.fields import api_url, moment, page_url, slug, stamps, text
from api.filters import NOTHING, ChoiceFilter, TruthFilter, moment_range
from api.loading import load_items
from api.orderings import Ordering
from api.resource import Resource, register
from api.resources.targets import campaign_target_fields
from api.shapes import Brief, Loaded, Shape
from api.target_standings import STANDS_NOW, STOOD, column, targets_at
from api.thing_filters import CompanyFilter, Match, SubsidiariesFilter, ThingFilter
from campaigns.models import Campaign, Organization, Target, Topic
from campaigns.statuses import Status
from campaigns.visibility import (
    public_companies,
    public_organizations,
    public_products,
    public_topics,
)


def _target_ids(prefix: str, owner: str) -> tuple[Cell, ...]:
    rows = Target.objects.filter(campaign=outer(prefix))
    help = "Numbers of its targets."
    return (
        Cell.of_list(
            "target_ids", help, "id", rows, "pk", path=("targets",),
            order=("company__name", "pk"), is_text=False,
        ),
    )  # fmt: skip


def _organizations(prefix: str, owner: str) -> tuple[Cell, ...]:
    rows = Organization.objects.filter(campaigns=outer(prefix))
    help = "Names of the organizations that lead it."
    return (
        Cell.of_list(
            "organizations", help, "name", rows, "name", path=("organizations",),
            order=("name", "pk"),
        ),
    )  # fmt: skip


def _topics(prefix: str, owner: str) -> tuple[Cell, ...]:
    rows = Topic.objects.filter(campaigns=outer(prefix))
    help = "Names of its topics."
    return (
        Cell.of_list(
            "topics", help, "name", rows, "name", path=("topics",), order=("name", "pk")
        ),
    )  # fmt: skip


_ORGANIZATIONS = Loaded(
    name="organizations",
    help="Who leads it.",
    brief=ORGANIZATION,
    load=load_items(
        "organizations of campaigns",
        lambda: Campaign.organizations.through.objects.order_by(
            "organization__name", "organization__pk"
        ),
        "campaign__pk",
        ORGANIZATION.fields,
        root="organization__",
    ),
    flat=_organizations,
)
_TOPICS = Loaded(
    name="topics",
    help="What it is about.",
    brief=TOPIC,
    load=load_items(
        "topics of campaigns",
        lambda: Campaign.topics.through.objects.order_by("topic__name", "topic__pk"),
        "campaign__pk",
        TOPIC.fields,
        root="topic__",
    ),
    flat=_topics,
)


def _targets(standing: Shape) -> Loaded:
    """Return the targets of a campaign, with where each stands."""
    fields = campaign_target_fields(standing)
    return Loaded(
        name="targets",
        help="Whom it presses, and where each stands.",
        brief=Brief(
            "CampaignTarget", fields, "A target inside its campaign, with where it stands."
        ),
        load=load_items(
            f"targets of campaigns, {standing is STOOD}",
            lambda: Target.objects.order_by("company__name", "pk"),
            "campaign__pk",
            fields,
        ),
        flat=_target_ids,
    )


def _fields(standing: Shape) -> Shape:
    """Return the members of a campaign, with where its targets stand."""
    return (
        ID,
        slug(example="stop-selling-face-recognition-to-police"),
        text("title", "What it is called.", example="Stop selling face recognition to police"),
        api_url("campaign"),
        page_url("campaign", "slug", example="stop-selling-face-recognition-to-police"),
        text(
            "summary",
            "What it is about, in words.",
            example="Employees of Microsoft ask their company to cancel its contracts with police.",
        ),
        _ORGANIZATIONS,
        _TOPICS,
        _targets(standing),
        moment("published_at", "When it was published here."),
        *stamps(),
    )


def _targeting(match: Match, path: str) -> Q:
    return Q(pk__in=Target.objects.filter(match(path)).values("campaign"))


def _with_target_at(value: str, clocks: Clocks) -> Q:
    status = None if value == NOTHING else value
    targets = targets_at(clocks).filter((column("status", clocks), status))
    return Q(pk__in=targets.values("campaign"))


_FACTS = {
    "action": "action__campaign",
    "response": "response__target__campaign",
    "outcome": "outcome__target__campaign",
    "status_change": "status_change__target__campaign",
}
"""Facts of a campaign, with the path from a citation to it."""


def _rows(clocks: Clocks) -> QuerySet[Campaign]:
    return Campaign.objects.public()


CAMPAIGNS = register(
    Resource(
        name="campaigns",
        singular="campaign",
        component="Campaign",
        help="Campaigns, with where each of their targets stands: now, or on any day.",
        record_help="A push by one or more organizations, with where each target stands.",
        rows=_rows,
        fields=_fields(STANDS_NOW),
        clocked_fields=_fields(STOOD),
        has_slug=True,
        searched=Campaign,
        search_example='"face recognition" -Ring',
        has_timeline=True,
        orderings=(
            Ordering("title", "title", "text"),
            Ordering("published_at", "published_at", "moment"),
            Ordering("updated_at", "updated_at", "moment"),
        ),
        filters=(
            CompanyFilter(
                "company",
                public_companies,
                lambda match: _targeting(match, "company"),
                "That press this company.",
                "amazon",
            ),
            SubsidiariesFilter(),
            ThingFilter(
                "product",
                public_products,
                lambda match: _targeting(match, "product"),
                "With a demand about this product.",
                1,
                has_slug=False,
            ),
            ThingFilter(
                "organization",
                public_organizations,
                lambda match: match("organizations"),
                "By this organization.",
                "aclu",
            ),
            ThingFilter(
                "topic",
                public_topics,
                lambda match: match("topics"),
                "On this topic.",
                "police-face-recognition",
            ),
            ChoiceFilter(
                "status",
                [*Status.values, NOTHING],
                _with_target_at,
                f"With a target that stands here; `{NOTHING}` where nothing is on record.",
                "paused",
            ),
            TruthFilter(
                "has_evidence",
                lambda clocks: is_evident(clocks, _FACTS),
                "Whether a kept copy of a document supports something that happened in it.",
            ),
            *moment_range("published", "published_at", "Published here"),
            *moment_range("created", "created_at", "Recorded"),
            *moment_range("updated", "updated_at", "Changed in content"),
        ),
    )
)
