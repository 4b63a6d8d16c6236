"""Every address of the API. ``/api/v1/`` is its version; what is below it stays compatible."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from api.docs import DocsView, RootView
from api.problems import not_found
from api.resources.actions import ActionViewSet
from api.resources.bills import BillViewSet
from api.resources.campaigns import CampaignViewSet
from api.resources.companies import CompanyViewSet
from api.resources.documents import DocumentViewSet
from api.resources.organizations import OrganizationViewSet
from api.resources.outcomes import OutcomeViewSet
from api.resources.positions import PositionViewSet
from api.resources.responses import ResponseViewSet
from api.resources.status_changes import StatusChangeViewSet
from api.resources.targets import TargetViewSet
from api.resources.topics import TopicViewSet

app_name = "api"

router = DefaultRouter()
router.include_format_suffixes = False
router.APIRootView = RootView
router.register("companies", CompanyViewSet, "company")
router.register("organizations", OrganizationViewSet, "organization")
router.register("topics", TopicViewSet, "topic")
router.register("campaigns", CampaignViewSet, "campaign")
router.register("targets", TargetViewSet, "target")
router.register("actions", ActionViewSet, "action")
router.register("responses", ResponseViewSet, "response")
router.register("outcomes", OutcomeViewSet, "outcome")
router.register("status-changes", StatusChangeViewSet, "status-change")
router.register("bills", BillViewSet, "bill")
router.register("positions", PositionViewSet, "position")
router.register("documents", DocumentViewSet, "document")

urlpatterns: list[URLPattern | URLResolver] = [
    path("docs/", DocsView.as_view(), name="docs"),
    path("v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("v1/", include(router.urls)),
    # Only with a final slash, so that an address without one is still led to the one with it.
    re_path(r"^(?:[\s\S]*/)?$", not_found),
]
