"""``/api/v1/documents/``."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from api.briefs import ID
from api.clocks import AS_OF, Clocks
from api.document_facts import facts_of_document
from api.fields import api_url, day, link, no_page, precision, stamps, text
from api.filters import TruthFilter, by_text, day_range, moment_range
from api.orderings import Ordering
from api.resource import Resource, register
from api.resources.actions import against
from api.shapes import Shape
from api.thing_filters import Match, ThingFilter, company_filters
from campaigns.models import Action, Campaign, Document, Target
from campaigns.visibility import (
    public_citations,
    public_companies,
    public_documents,
    public_organizations,
    public_products,
    public_topics,
)


def _fields(clocked: bool) -> Shape:
    return (
        ID,
        api_url("document"),
        no_page(),
        link(
            "document_url",
            "Where it was published.",
            "url",
            example="https://www.aboutamazon.com/news/policy-news-views/"
            "we-are-implementing-a-one-year-moratorium-on-police-use-of-rekognition",
            nullable=False,
        ),
        text(
            "title",
            "Its title.",
            example="We are implementing a one-year moratorium on police use of Rekognition",
        ),
        text("publisher", "Who published it.", example="Amazon"),
        day("published_on", "When it was published.", nullable=True),
        precision("published_precision", "published_on"),
        *facts_of_document(clocked),
        *stamps(),
    )


def _rows(clocks: Clocks) -> QuerySet[Document]:
    documents = public_documents()
    return documents.filter(published_on__lte=AS_OF) if clocks.as_of else documents


def _cited(*conditions: Q) -> Q:
    """Documents with a public citation for which one of these conditions holds."""
    citations = public_citations().filter(reduce(or_, conditions))
    return Q(pk__in=citations.values("document"))


def _of_targets(targets: QuerySet[Target]) -> list[Q]:
    """Citations of what these targets said, conceded or did."""
    return [
        Q((f"{fact}__target__in", targets)) for fact in ("response", "outcome", "status_change")
    ]


def _of_campaigns(campaigns: QuerySet[Campaign]) -> list[Q]:
    """Citations of everything within these campaigns."""
    return [
        Q(action__campaign__in=campaigns),
        *_of_targets(Target.objects.filter(campaign__in=campaigns)),
    ]


def _within(match: Match, path: str) -> list[Q]:
    return _of_campaigns(Campaign.objects.public().filter(match(path)))


def _about(targets: QuerySet[Target]) -> list[Q]:
    """Citations of actions against these targets, and of what they said, conceded or did."""
    against_them = Action.objects.public().filter(against(targets))
    return [Q(action__in=against_them), *_of_targets(targets)]


def _about_companies(match: Match) -> Q:
    targets = Target.objects.public().filter(match("company"))
    return _cited(match("position__company"), *_about(targets))


def _about_products(match: Match) -> Q:
    return _cited(*_about(Target.objects.public().filter(match("product"))))


def _by_organization(match: Match) -> Q:
    acted = Action.objects.filter(match("organizations"))
    return _cited(Q(action__in=acted), *_within(match, "organizations"))


DOCUMENTS = register(
    Resource(
        name="documents",
        singular="document",
        component="Document",
        help="Articles, letters, policy pages and the like that public facts are cited from. With "
        "`as_of`, only those published by then.",
        record_help="Something published at a URL, with the facts that it supports.",
        rows=_rows,
        searched=Document,
        orderings=(
            Ordering("published_on", "published_on", "day", is_nullable=True),
            Ordering("updated_at", "updated_at", "moment"),
        ),
        fields=_fields(False),
        clocked_fields=_fields(True),
        filters=(
            *company_filters(
                public_companies,
                _about_companies,
                "Cited for what this company said, conceded or did, for its positions on bills, "
                "or for actions against it.",
            ),
            ThingFilter(
                "product",
                public_products,
                _about_products,
                "Cited for what was said, conceded or done about this product, or for actions "
                "against it.",
                1,
                has_slug=False,
            ),
            ThingFilter(
                "organization",
                public_organizations,
                _by_organization,
                "Cited within campaigns by this organization, or for actions in which it took "
                "part.",
                "aclu",
            ),
            ThingFilter(
                "topic",
                public_topics,
                lambda match: _cited(*_within(match, "topics")),
                "Cited within campaigns on this topic.",
                "police-face-recognition",
            ),
            ThingFilter(
                "campaign",
                Campaign.objects.public,
                lambda match: _cited(*_within(match, "")),
                "Cited within this campaign.",
                "stop-selling-face-recognition-to-police",
            ),
            by_text("publisher", "publisher", "By this publisher.", "Biometric Update"),
            *day_range("published", "published_on", "Published", "2020-06-10"),
            *moment_range("created", "created_at", "Recorded"),
            *moment_range("updated", "updated_at", "Changed in content"),
            TruthFilter(
                "has_evidence",
                lambda clocks: Q(
                    pk__in=public_citations().exclude(snapshot_hash="").values("document")
                ),
                "Whether a copy of it was kept.",
            ),
        ),
    )
)
