"""What each page shows, read in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, Q, QuerySet

from campaigns.models import (
    Action,
    Campaign,
    Organization,
    Position,
    Response,
    StatusChange,
    Target,
    Topic,
)
from campaigns.querysets import CampaignQuerySet
from campaigns.visibility import public_citations, public_companies, public_organizations
from companies.models import Company
from sources.models import Source
from website.timelines import ChangeItem, Item, campaign_timeline, latest_changes

LATEST_COUNT = 12
PAGE_LENGTH = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """The whole record at a glance."""

    campaigns: Page[Campaign]
    companies_count: int
    changes_count: int
    latest: list[ChangeItem]


def home_page(number: str) -> HomePage:
    """Read the home page; a page number that makes no sense is the first or last page."""
    return HomePage(
        campaigns=Paginator(with_standings(Campaign.objects.public()), PAGE_LENGTH).get_page(
            number
        ),
        companies_count=Target.objects.public().values("company").distinct().order_by().count(),
        changes_count=StatusChange.objects.public().in_effect().count(),
        latest=latest_changes(StatusChange.objects.public(), LATEST_COUNT),
    )


def with_standings(campaigns: CampaignQuerySet) -> CampaignQuerySet:
    """With who presses, and where each target stands."""
    targets = Target.objects.select_related("company", "product__company").order_by(
        "company__name", "pk"
    )
    return campaigns.prefetch_related("organizations", Prefetch("targets", targets))


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPage:
    """A campaign with everything on record."""

    campaign: Campaign
    organizations: QuerySet[Organization]
    topics: QuerySet[Topic]
    targets: QuerySet[Target]
    timeline: list[Item]
    sources: QuerySet[Source]


def campaign_page(campaign: Campaign) -> CampaignPage:
    """Read the page of a campaign."""
    return CampaignPage(
        campaign=campaign,
        organizations=campaign.organizations.all(),
        topics=campaign.topics.all(),
        targets=campaign.targets.with_parts().order_by("company__name", "pk"),
        timeline=campaign_timeline(campaign),
        sources=Source.objects.for_campaign(campaign).order_by("name", "pk"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Subsidiary:
    """A company that belongs to the one shown, and where it stands."""

    company: Company
    targets: list[Target]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyPage:
    """What is asked of a company, and what it answered."""

    company: Company
    aliases: list[str]
    targets: list[Target]
    subsidiaries: list[Subsidiary]
    latest: list[ChangeItem]
    responses: QuerySet[Response]
    positions: QuerySet[Position]


def company_page(company: Company) -> CompanyPage:
    """Read the page of a company; its subsidiaries' targets are shown apart."""
    targets: defaultdict[int, list[Target]] = defaultdict(list)
    for target in (
        Target.objects.public()
        .with_parts()
        .filter(Q(company=company) | Q(company__parent=company))
        .order_by("campaign__title", "pk")
    ):
        targets[target.company_id].append(target)
    responses = (
        Response.objects.public()
        .filter(target__company=company)
        .select_related("target__campaign", "target__company", "target__product")
        .prefetch_related(
            Prefetch("answers", Action.objects.public().select_related("campaign")),
            "citations__document",
        )
    )
    return CompanyPage(
        company=company,
        aliases=list(company.aliases.values_list("name", flat=True)),
        targets=targets[company.pk],
        subsidiaries=[
            Subsidiary(company=subsidiary, targets=targets[subsidiary.pk])
            for subsidiary in public_companies().filter(parent=company)
        ],
        latest=latest_changes(
            StatusChange.objects.public().filter(target__company=company), LATEST_COUNT
        ),
        responses=responses,
        positions=company.positions.select_related("bill").prefetch_related("citations__document"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationPage:
    """What an organization asks, and what it did."""

    organization: Organization
    children: QuerySet[Organization]
    campaigns: CampaignQuerySet
    actions: QuerySet[Action]


def organization_page(organization: Organization) -> OrganizationPage:
    """Read the page of an organization."""
    return OrganizationPage(
        organization=organization,
        children=public_organizations().filter(parent=organization),
        campaigns=with_standings(Campaign.objects.public().filter(organizations=organization)),
        actions=Action.objects.public()
        .filter(organizations=organization)
        .select_related("campaign")
        .prefetch_related("organizations", "citations__document"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPage:
    """The campaigns that share a subject."""

    topic: Topic
    campaigns: CampaignQuerySet


def topic_page(topic: Topic) -> TopicPage:
    """Read the page of a topic."""
    return TopicPage(
        topic=topic, campaigns=with_standings(Campaign.objects.public().filter(topics=topic))
    )


def corrections_page(number: str) -> Page[StatusChange]:
    """Read the corrections and retractions, the latest recorded first."""
    found = StatusChange.objects.public().filter(corrects__isnull=False).with_parts()
    return Paginator(found.order_by("-sequence"), PAGE_LENGTH).get_page(number)


def is_public_evidence(sha256: str) -> bool:
    """Tell whether a citation of a public fact names the kept copy of this hash."""
    return public_citations().filter(snapshot_hash=sha256).exists()
