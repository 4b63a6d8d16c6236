"""``/api/v1/documents/``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_

from django.db.models import Prefetch, Q, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.filters import (
    CompanyFilter,
    ResourceFilters,
    SubsidiariesFilter,
    TextFilter,
    ThingFilter,
    day_range,
)
from api.links import ApiUrl, NoPage, api_url
from api.resources.actions import against
from api.viewsets import ResourceViewSet
from campaigns.models import Action, Campaign, Citation, Document, Target
from campaigns.models.evidence import FACTS
from campaigns.visibility import (
    public_citations,
    public_companies,
    public_documents,
    public_organizations,
    public_topics,
)


class FactSerializer(serializers.Serializer[Citation]):
    """A fact that a document supports, and in which words."""

    kind = serializers.SerializerMethodField(help_text="What kind of fact it is.")
    id = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField(help_text="Address of the fact in the API.")
    quote = serializers.CharField()

    @extend_schema_field(serializers.ChoiceField([(fact, fact) for fact in FACTS]))
    def get_kind(self, citation: Citation) -> str:
        return next(fact for fact in FACTS if getattr(citation, f"{fact}_id") is not None)

    def get_id(self, citation: Citation) -> int:
        number: int = getattr(citation, f"{self.get_kind(citation)}_id")
        return number

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, citation: Citation) -> str:
        return api_url(self.get_kind(citation).replace("_", "-"), self.get_id(citation))


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """Something published at a URL, with the facts that it supports."""

    url = ApiUrl("document")
    html_url = NoPage()
    document_url = serializers.URLField(source="url", help_text="Where it was published.")
    facts = FactSerializer(source="citations", many=True)

    class Meta:
        model = Document
        fields = (
            "id",
            "url",
            "html_url",
            "document_url",
            "title",
            "publisher",
            "published_on",
            "published_precision",
            "facts",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields


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


def _about_companies(keys: Sequence[int]) -> Q:
    targets = Target.objects.public().filter(company__in=keys)
    return _cited(
        Q(action__in=Action.objects.public().filter(against(targets))),
        Q(position__company__in=keys),
        *_of_targets(targets),
    )


class DocumentFilters(ResourceFilters):
    """By what cites it publicly, by who published it, and when."""

    company = CompanyFilter(
        public_companies,
        _about_companies,
        "Cited for what this company said, conceded or did, for its positions on bills, or for "
        "actions against it.",
        "amazon",
    )
    include_subsidiaries = SubsidiariesFilter()
    organization = ThingFilter(
        public_organizations,
        lambda keys: _cited(
            Q(action__in=Action.objects.filter(organizations__in=keys)),
            *_of_campaigns(Campaign.objects.public().filter(organizations__in=keys)),
        ),
        "Cited within campaigns by this organization, or for actions in which it took part.",
        "aclu",
    )
    topic = ThingFilter(
        public_topics,
        lambda keys: _cited(*_of_campaigns(Campaign.objects.public().filter(topics__in=keys))),
        "Cited within campaigns on this topic.",
        "police-face-recognition",
    )
    campaign = ThingFilter(
        Campaign.objects.public,
        lambda keys: _cited(*_of_campaigns(Campaign.objects.public().filter(pk__in=keys))),
        "Cited within this campaign.",
        "stop-selling-face-recognition-to-police",
    )
    publisher = TextFilter(
        lambda name: Q(publisher__iexact=name), "By this publisher.", "News Example"
    )
    published_after, published_before = day_range("published_on", "Published", "2020-06-10")


class DocumentViewSet(ResourceViewSet[Document]):
    """Articles, letters, policy pages and the like that public facts are cited from."""

    serializer_class = DocumentSerializer
    filterset_class = DocumentFilters

    def get_queryset(self) -> QuerySet[Document]:
        return public_documents().prefetch_related(
            Prefetch("citations", public_citations().order_by("pk"))
        )
