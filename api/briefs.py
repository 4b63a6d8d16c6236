"""How things are shown inside other things: briefly, with the address of the whole."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.links import ApiUrl, PageUrl, absolute, api_url
from campaigns.dates import Precision
from campaigns.models import Action, Citation, Exemption, Outcome, StatusChange


class NamedBrief(serializers.Serializer[Any]):
    """Something with a name and a slug."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()


class CompanyBrief(NamedBrief):
    url = ApiUrl("company")


class OrganizationBrief(NamedBrief):
    url = ApiUrl("organization")


class TopicBrief(NamedBrief):
    url = ApiUrl("topic")


class CampaignBrief(NamedBrief):
    name = serializers.CharField(source="title")
    url = ApiUrl("campaign")


class ProductBrief(serializers.Serializer[Any]):
    """A thing of a company that a demand is about."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class BillBrief(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField(source="__str__", help_text="Jurisdiction, number and session.")
    url = ApiUrl("bill")


class ActionBrief(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Action.Kind.choices)
    title = serializers.CharField()
    url = ApiUrl("action")


class TargetBrief(serializers.Serializer[Any]):
    """Whom a campaign presses, and about what; the status is in the target itself."""

    id = serializers.IntegerField()
    demand = serializers.CharField()
    campaign = CampaignBrief()
    company = CompanyBrief()
    product = ProductBrief(allow_null=True)
    url = ApiUrl("target")


class OutcomeLink(serializers.Serializer[Any]):
    """Another version of an outcome."""

    id = serializers.IntegerField()
    url = ApiUrl("outcome")


class ChangeLink(serializers.Serializer[Any]):
    """A row of the status log."""

    sequence = serializers.IntegerField()
    kind = serializers.ChoiceField(StatusChange.Kind.choices)
    url = ApiUrl("status-change")
    html_url = PageUrl()


class OutcomeBrief(serializers.ModelSerializer[Outcome]):
    """What was conceded: one version of a commitment."""

    url = ApiUrl("outcome")
    exemptions: serializers.SlugRelatedField[Exemption] = serializers.SlugRelatedField(
        slug_field="name",
        many=True,
        read_only=True,
        help_text="Who or what is named as not covered.",
    )
    condition_bill = BillBrief(allow_null=True)

    class Meta:
        model = Outcome
        fields: tuple[str, ...] = (
            "id",
            "url",
            "kind",
            "terms",
            "scope",
            "exemptions",
            "condition",
            "condition_bill",
            "effective_on",
            "effective_precision",
            "expires_on",
            "expires_precision",
            "review_on",
        )
        read_only_fields = fields


class CitationSerializer(serializers.ModelSerializer[Citation]):
    """How we know: which document says so, in which words, and the copy that was kept."""

    document_id = serializers.IntegerField()
    title = serializers.CharField(source="document.title")
    publisher = serializers.CharField(source="document.publisher")
    published_on = serializers.DateField(source="document.published_on", allow_null=True)
    published_precision = serializers.ChoiceField(
        Precision.choices, source="document.published_precision"
    )
    document_url = serializers.URLField(
        source="document.url", help_text="Where the document was published."
    )
    url = serializers.SerializerMethodField(help_text="Address of the document in the API.")
    snapshot_hash = serializers.SerializerMethodField(
        help_text="SHA-256 of the copy that was kept of the page; null where there is none."
    )
    snapshot_url = serializers.SerializerMethodField(help_text="Where that copy is served.")

    class Meta:
        model = Citation
        fields = (
            "document_id",
            "title",
            "publisher",
            "published_on",
            "published_precision",
            "document_url",
            "url",
            "quote",
            "snapshot_hash",
            "snapshot_url",
        )
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, citation: Citation) -> str:
        return api_url("document", citation.document_id)

    def get_snapshot_hash(self, citation: Citation) -> str | None:
        return citation.snapshot_hash or None

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_snapshot_url(self, citation: Citation) -> str | None:
        if not citation.snapshot_hash:
            return None
        return absolute(reverse("website:evidence", args=[citation.snapshot_hash]))
