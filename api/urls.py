"""Every address of the API. ``/api/v1/`` is its version; what is below it stays compatible."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from rest_framework.routers import DefaultRouter

from api.docs import DocsView, RootView, SchemaView
from api.problems import not_found
from api.pushing import PushView
from api.resources import RESOURCES
from api.statistics import StatisticsView
from api.views import viewset
from api.webhooks import (
    WebhookDeliveriesView,
    WebhookRotateView,
    WebhooksView,
    WebhookTestView,
    WebhookView,
)

app_name = "api"

router = DefaultRouter()
router.include_format_suffixes = False
router.APIRootView = RootView
for resource in RESOURCES:
    router.register(resource.name, viewset(resource), resource.singular)

urlpatterns: list[URLPattern | URLResolver] = [
    path("docs/", DocsView.as_view(), name="docs"),
    path("v1/schema/", SchemaView.as_view(), name="schema"),
    path("v1/statistics/", StatisticsView.as_view(), name="statistics"),
    path("v1/sources/<slug:id>/documents/", PushView.as_view(), name="push"),
    path("v1/webhooks/", WebhooksView.as_view(), name="webhooks"),
    path("v1/webhooks/<int:id>/", WebhookView.as_view(), name="webhook"),
    path("v1/webhooks/<int:id>/test/", WebhookTestView.as_view(), name="webhook-test"),
    path("v1/webhooks/<int:id>/rotate/", WebhookRotateView.as_view(), name="webhook-rotate"),
    path(
        "v1/webhooks/<int:id>/deliveries/",
        WebhookDeliveriesView.as_view(),
        name="webhook-deliveries",
    ),
    path("v1/", include(router.urls)),
    # Only with a final slash, so that an address without one is still led to the one with it.
    re_path(r"^(?:[\s\S]*/)?$", not_found),
]
