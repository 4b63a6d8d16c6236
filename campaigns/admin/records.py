"""Ordinary records in the admin: they can be edited, and facts carry their citations."""

from collections.abc import Hashable, Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaigns.access import roles_of
from campaigns.admin.citing import wide
from campaigns.admin.filters import AnswerFilter, EndingFilter, HappenedFilter
from campaigns.admin.nearby import nearby_actions
from campaigns.admin.publishing import publish, withdraw
from campaigns.admin.searching import Searched
from campaigns.admin.sharing import CampaignForm
from campaigns.admin.standing import StandingColumns
from campaigns.admin.timelines import WithTimeline
from campaigns.admin.typed import TYPED_DAYS, PrecisionField, TypedDateField, TypedDates
from campaigns.models import (
    Action,
    Campaign,
    Citation,
    Organization,
    Response,
    Target,
    Topic,
)
from campaigns.services import merge_organizations
from companies.access import sees_all, visible
from companies.admin import HTTPS_ASSUMED, DistinctRows
from companies.list_filters import VisibleRelatedFilter
from companies.merge_pages import WithMerging
from companies.narrowing import Narrowing
from companies.similar import Similar, most_alike, worth_comparing
from companies.similar_pages import WithSimilar
from companies.workbench import StackedPart, TabularPart, Workbench


class CitationInline(TabularPart):
    """How we know: documents and quotes, below the fact that they support."""

    model = Citation
    extra = 1
    fields = ["document", "quote"]
    autocomplete_fields = ["document"]


class DistinctTargets(DistinctRows):
    """Each company, or each of its products, once in a campaign."""

    marked = "company"

    def key_of(self, row: Target) -> Hashable:
        return row.company_id, row.product_id


OF_ITS_COMPANY = {"product": Narrowing(by="company", along="company")}


class TargetInline(StandingColumns, StackedPart):
    """Who is pressed, and to do what. The status is recorded, not edited."""

    model = Target
    formset = DistinctTargets
    formfield_overrides = {models.CharField: {"widget": wide()}}
    readonly_fields = ["status_now", "record"]
    autocomplete_fields = ["company", "product"]
    narrowed_by = OF_ITS_COMPANY

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        standing = ("status_now", "record") if self.may_record(request, obj) else "status_now"
        return [("company", "product"), "demand", standing]

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """A new campaign begins with an empty target."""
        return 0 if obj else 1


@admin.register(Campaign)
class CampaignAdmin(WithSimilar, WithTimeline):
    """A campaign with its targets on one page."""

    is_worked_on_together = True

    form = CampaignForm
    list_display = ["title", "is_published", "published_at"]
    list_filter = [("published_at", admin.EmptyFieldListFilter), ("topics", VisibleRelatedFilter)]
    autocomplete_fields = ["organizations", "topics", "shared_with"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [TargetInline]
    lost_parts = [(Action, "campaign")]
    actions = [publish, withdraw]
    compared_by = ["title"]
    readonly_fields = ["published_at"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"asker": request.user})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin shared with the organizations of whoever begins it."""
        own = {"shared_with": list(roles_of(request.user))}
        return own | super().get_changeform_initial_data(request)

    def has_page(self, row: Campaign) -> bool:
        return row.is_public

    def has_publish_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the person may publish and withdraw: editors, and stewards who may edit."""
        verb = "change" if sees_all(request.user) else "publish"
        return self.may(request, verb, obj)

    def similar(self, request: HttpRequest, typed: Mapping[str, str]) -> list[Similar]:
        """Return campaigns with a title like the typed one."""
        title = typed.get("title", "")
        found = worth_comparing(visible(Campaign.objects.all(), request.user), "title", title)
        return most_alike(title, ((campaign, campaign.title) for campaign in found))

    @admin.display(description=_("published"), boolean=True)
    def is_published(self, campaign: Campaign) -> bool:
        return campaign.is_public


@admin.register(Target)
class TargetAdmin(StandingColumns, WithTimeline):
    """One company in one campaign."""

    is_worked_on_together = True

    formfield_overrides = {models.CharField: {"widget": wide()}}
    list_display = ["company", "product", "campaign", "demand", "status_now"]
    list_filter = ["status", EndingFilter]
    lookups = ["campaign"]
    lost_parts = [(Response, "target")]
    list_select_related = ["company", "product__company", "campaign"]
    autocomplete_fields = ["campaign", "company", "product"]
    narrowed_by = OF_ITS_COMPANY

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A target stays in its campaign, where its actions and responses are."""
        record = ["record"] if self.may_record(request, obj) else []
        return ["status_now", *record, *(["campaign"] if obj else [])]


class ActionForm(TypedDates, forms.ModelForm[Action]):
    """An action, aimed at targets of its own campaign."""

    happened_on = TypedDateField(label=_("Happened on"))
    happened_precision = PrecisionField()

    def clean(self) -> dict[str, Any]:
        """Refuse targets of other campaigns, by name."""
        data = super().clean() or self.cleaned_data
        targets: QuerySet[Target] | None = data.get("targets")
        if targets is not None and data.get("campaign"):
            strays = targets.exclude(campaign=data["campaign"])
            names = [target.pressed for target in strays.select_related("company", "product")]
            if names:
                self.add_error(
                    "targets",
                    _("Not targeted by this campaign: %(names)s.") % {"names": ", ".join(names)},
                )
        return data


@admin.register(Action)
class ActionAdmin(WithSimilar, Searched):
    """What organizations did."""

    is_worked_on_together = True

    form = ActionForm
    formfield_overrides = TYPED_DAYS
    list_display = ["title", "kind", "happened_on", "campaign", "participants_count"]
    # What has an index: any other order reads and sorts every row for each page.
    sortable_by = ["happened_on", "participants_count"]
    list_filter = ["kind", HappenedFilter, AnswerFilter]
    lookups = ["campaign"]
    list_select_related = ["campaign"]
    autocomplete_fields = ["campaign", "organizations", "targets"]
    narrowed_by = {"targets": Narrowing(by="campaign", along="campaign")}
    compared_by = ["title", "campaign", "happened_on", "kind"]
    inlines = [CitationInline]

    def similar(self, request: HttpRequest, typed: Mapping[str, str]) -> list[Similar]:
        """Return actions of the campaign within a week of the typed day."""
        return nearby_actions(visible(Action.objects.all(), request.user), typed)


class ResponseForm(TypedDates, forms.ModelForm[Response]):
    """A response to an action of its own campaign, on a day as people write it."""

    happened_on = TypedDateField(label=_("Happened on"))
    happened_precision = PrecisionField()

    def clean(self) -> dict[str, Any]:
        """Refuse an answer to what another campaign did."""
        data = super().clean() or self.cleaned_data
        target, answers = data.get("target"), data.get("answers")
        if target and answers and answers.campaign_id != target.campaign_id:
            self.add_error("answers", _("This is an action of another campaign."))
        return data


@admin.register(Response)
class ResponseAdmin(Searched):
    """What companies said."""

    is_worked_on_together = True

    form = ResponseForm

    list_display = ["target", "kind", "happened_on", "summary"]
    sortable_by = ["happened_on"]
    list_filter = ["kind", HappenedFilter]
    list_select_related = ["target__company", "target__product", "target__campaign"]
    autocomplete_fields = ["target", "answers"]
    narrowed_by = {"answers": Narrowing(by="target", along="campaign__targets")}
    inlines = [CitationInline]


@admin.register(Organization)
class OrganizationAdmin(WithSimilar, WithMerging, Workbench):
    """Who presses."""

    merge_rows = staticmethod(merge_organizations)

    list_display = ["name", "kind", "parent"]
    list_filter = ["kind"]
    list_select_related = ["parent"]
    search_fields = ["name"]
    autocomplete_fields = ["parent"]
    formfield_overrides = HTTPS_ASSUMED
    prepopulated_fields = {"slug": ["name"]}

    def similar(self, request: HttpRequest, typed: Mapping[str, str]) -> list[Similar]:
        """Return organizations with a name like the typed one."""
        name = typed.get("name", "")
        found = worth_comparing(visible(Organization.objects.all(), request.user), "name", name)
        return most_alike(name, ((one, one.name) for one in found))


@admin.register(Topic)
class TopicAdmin(Workbench):
    """A subject that campaigns share."""

    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
