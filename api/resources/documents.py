"""``/api/v1/documents/``."""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.filters import ResourceFilters, TextFilter, day_range
from api.links import ApiUrl, NoPage, api_url
from api.viewsets import ResourceViewSet
from campaigns.models import Citation, Document
from campaigns.models.evidence import FACTS
from campaigns.visibility import public_citations, public_documents


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


class DocumentFilters(ResourceFilters):
    """By who published it, and when."""

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
