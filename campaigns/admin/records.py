"""Ordinary records in the admin: they can be edited, and facts carry their citations."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.formats import format_on
from campaigns.models import (
    Action,
    Bill,
    Campaign,
    Citation,
    Document,
    Organization,
    Position,
    Response,
    Target,
    Topic,
)


class CitationInline(admin.TabularInline[Citation, Model]):
    """How we know: documents and quotes, below the fact that they support."""

    model = Citation
    extra = 1
    fields = ["document", "quote"]
    autocomplete_fields = ["document"]


class TargetInline(admin.TabularInline[Target, Campaign]):
    """Who is pressed, and to do what. The status is recorded, not edited."""

    model = Target
    extra = 1
    fields = ["company", "product", "demand", "status_now", "record"]
    readonly_fields = ["status_now", "record"]
    autocomplete_fields = ["company", "product"]

    @admin.display(description=_("status"))
    def status_now(self, target: Target) -> str:
        return status_of(target)

    @admin.display(description=_("status change"))
    def record(self, target: Target) -> str:
        return record_link(target)


def status_of(target: Target) -> str:
    """Return the status and its day in words: "paused, since 10 June 2020"."""
    if not target.status:
        return gettext("nothing on record")
    since = format_on(target.status_since, target.status_precision)
    return gettext("%(status)s, since %(since)s") % {
        "status": target.get_status_display(),
        "since": since,
    }


def record_link(target: Target) -> str:
    """Return a link to the form that records a status change of the target."""
    if target._state.adding:
        return ""
    address = reverse("admin:campaigns_statuschange_add") + f"?target={target.pk}"
    return format_html('<a href="{}">{}</a>', address, _("Record a status change"))


@admin.register(Campaign)
class CampaignAdmin(admin.ModelAdmin[Campaign]):
    """A campaign with its targets on one page."""

    list_display = ["title", "is_published", "published_at"]
    list_filter = [("published_at", admin.EmptyFieldListFilter), "topics"]
    search_fields = ["title", "organizations__name", "targets__company__name"]
    autocomplete_fields = ["organizations", "topics"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [TargetInline]
    actions = ["publish"]

    @admin.display(description=_("published"), boolean=True)
    def is_published(self, campaign: Campaign) -> bool:
        return campaign.is_public

    @admin.action(description=_("Publish the selected campaigns"), permissions=["change"])
    def publish(self, request: HttpRequest, campaigns: QuerySet[Campaign]) -> None:
        count = campaigns.filter(published_at=None).update(published_at=timezone.now())
        self.message_user(request, _("%(count)d campaigns published.") % {"count": count})


@admin.register(Target)
class TargetAdmin(admin.ModelAdmin[Target]):
    """One company in one campaign."""

    list_display = ["company", "product", "campaign", "demand", "status_now"]
    list_filter = ["status"]
    list_select_related = ["company", "product__company", "campaign"]
    search_fields = ["company__name", "company__aliases__name", "campaign__title", "demand"]
    autocomplete_fields = ["campaign", "company", "product"]
    readonly_fields = ["status_now", "record"]

    @admin.display(description=_("status"))
    def status_now(self, target: Target) -> str:
        return status_of(target)

    @admin.display(description=_("status change"))
    def record(self, target: Target) -> str:
        return record_link(target)


@admin.register(Action)
class ActionAdmin(admin.ModelAdmin[Action]):
    """What organizations did."""

    list_display = ["title", "kind", "happened_on", "campaign", "participants_count"]
    list_filter = ["kind"]
    list_select_related = ["campaign"]
    date_hierarchy = "happened_on"
    search_fields = ["title", "description", "campaign__title"]
    autocomplete_fields = ["campaign", "organizations", "targets"]
    inlines = [CitationInline]


@admin.register(Response)
class ResponseAdmin(admin.ModelAdmin[Response]):
    """What companies said."""

    list_display = ["target", "kind", "happened_on", "summary"]
    list_filter = ["kind"]
    list_select_related = ["target__company", "target__product", "target__campaign"]
    date_hierarchy = "happened_on"
    search_fields = ["summary", "target__company__name"]
    autocomplete_fields = ["target", "answers"]
    inlines = [CitationInline]


class PositionInline(admin.TabularInline[Position, Bill]):
    """Who supports or opposes the bill."""

    model = Position
    extra = 0
    autocomplete_fields = ["company"]


@admin.register(Bill)
class BillAdmin(admin.ModelAdmin[Bill]):
    """A bill with the companies' positions on it."""

    list_display = ["identifier", "jurisdiction", "session", "title", "status"]
    list_filter = ["status", "jurisdiction"]
    search_fields = ["identifier", "title", "jurisdiction"]
    inlines = [PositionInline]


@admin.register(Position)
class PositionAdmin(admin.ModelAdmin[Position]):
    """A position with its citations."""

    list_display = ["company", "stance", "bill", "taken_on"]
    list_filter = ["stance"]
    list_select_related = ["company", "bill"]
    search_fields = ["company__name", "bill__identifier", "bill__title"]
    autocomplete_fields = ["company", "bill"]
    inlines = [CitationInline]


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin[Organization]):
    """Who presses."""

    list_display = ["name", "kind", "parent"]
    list_filter = ["kind"]
    list_select_related = ["parent"]
    search_fields = ["name"]
    autocomplete_fields = ["parent"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin[Topic]):
    """A subject that campaigns share."""

    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin[Document]):
    """What was published."""

    list_display = ["title", "publisher", "published_on", "url"]
    search_fields = ["title", "publisher", "url"]
    date_hierarchy = "published_on"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["url"] if obj else []
