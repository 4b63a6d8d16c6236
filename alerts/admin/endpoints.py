"""Endpoints in the admin: registered, tried, switched off and on, replayed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_variables

from alerts import services
from alerts.admin.endpoint_forms import EndpointForm, ReplayForm
from alerts.admin.reading import counts_in_words
from alerts.models import Endpoint, State
from alerts.querysets import EndpointQuerySet

_CHOSEN = ["name", "owner", "url", "format", "event_types"]
_CRITERIA = [
    "campaign",
    "company",
    "includes_subsidiaries",
    "organization",
    "topic",
    "product",
    "to_statuses",
    "from_statuses",
]
_KNOWN = ["standing", "created_at", "failing_since", "failures_count", "held_until", "log"]
_REPLAYED = dt.timedelta(days=7)


@admin.register(Endpoint)
class EndpointAdmin(admin.ModelAdmin[Endpoint]):
    """Staff with the permissions for endpoints manage all of them; superusers choose the owner."""

    form = EndpointForm
    change_form_template = "admin/alerts/endpoint/change_form.html"
    list_display = ["name", "owner", "format", "wanted", "standing", "log"]
    list_filter = ["format", ("disabled_at", admin.EmptyFieldListFilter)]
    search_fields = ["name", "url", "owner__username"]
    autocomplete_fields = ["owner", "campaign", "company", "organization", "topic", "product"]
    readonly_fields = _KNOWN

    def get_queryset(self, request: HttpRequest) -> QuerySet[Endpoint]:
        return cast(EndpointQuerySet, super().get_queryset(request)).with_names().with_counts()

    def get_fieldsets(self, request: HttpRequest, obj: Endpoint | None = None) -> Any:
        is_superuser = cast(User, request.user).is_superuser
        chosen = [name for name in _CHOSEN if obj or is_superuser or name != "owner"]
        criteria = gettext_lazy("What it wants to hear about: all that is given must be true")
        sets: list[Any] = [(None, {"fields": chosen}), (criteria, {"fields": _CRITERIA})]
        return [*sets, (gettext_lazy("How it goes"), {"fields": _KNOWN})] if obj else sets

    def get_readonly_fields(self, request: HttpRequest, obj: Endpoint | None = None) -> Any:
        return _KNOWN if cast(User, request.user).is_superuser else [*_KNOWN, "owner"]

    def get_form(
        self, request: HttpRequest, obj: Endpoint | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type("AskedEndpointForm", (form,), {"asker": request.user})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"owner": request.user.pk} | super().get_changeform_initial_data(request)

    def has_change_permission(self, request: HttpRequest, obj: Endpoint | None = None) -> bool:
        # One that its owner removed is only there for its log.
        is_there = obj is None or obj.removed_at is None
        return is_there and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Endpoint | None = None) -> bool:
        # What was sent to it stays on record: it is disabled instead.
        return False

    @admin.display(description=gettext_lazy("wants"))
    def wanted(self, endpoint: Endpoint) -> str:
        return endpoint.in_words()

    @admin.display(description=gettext_lazy("state"))
    def standing(self, endpoint: Endpoint) -> str:
        if endpoint.disabled_at:
            return _("disabled: %(why)s") % {"why": endpoint.disabled_because}
        return _("failing") if endpoint.failing_since else _("enabled")

    @admin.display(description=gettext_lazy("deliveries"))
    def log(self, endpoint: Any) -> str:
        counts = {state: getattr(endpoint, f"{state}_count") for state in State}
        return counts_in_words(counts, endpoint=endpoint.pk)

    def save_model(self, request: HttpRequest, obj: Endpoint, form: Any, change: bool) -> None:
        if change:
            services.amend_endpoint(endpoint=obj)
        else:
            services.register_endpoint(endpoint=obj, now=timezone.now())

    @sensitive_variables("secret")
    def response_add(
        self, request: HttpRequest, obj: Endpoint, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the secret, once."""
        [secret] = services.signing_secrets(obj, timezone.now())
        return _secret_page(self, request, obj, secret)

    def get_urls(self) -> list[URLPattern]:
        def at(name: str, act: Act) -> URLPattern:
            view = self.admin_site.admin_view(partial(_act, self, act))
            return path(f"<int:pk>/{name}/", view, name=f"alerts_endpoint_{name}")

        return [*(at(name, act) for name, act in _ACTS.items()), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        since = (timezone.now() - _REPLAYED).date()
        context["replay_form"] = ReplayForm(initial={"since": since})
        return super().render_change_form(request, context, *args, **kwargs)


Act = Callable[[EndpointAdmin, HttpRequest, Endpoint], HttpResponse | None]


def _act(model_admin: EndpointAdmin, act: Act, request: HttpRequest, pk: int) -> HttpResponse:
    """Do something to an endpoint, and show its page unless that shows another."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    endpoint = get_object_or_404(Endpoint.objects.with_names(), pk=pk)
    if not model_admin.has_change_permission(request, endpoint):
        raise PermissionDenied
    page = reverse("admin:alerts_endpoint_change", args=[pk])
    return act(model_admin, request, endpoint) or HttpResponseRedirect(page)


@sensitive_variables("secret")
def _rotate(
    model_admin: EndpointAdmin, request: HttpRequest, endpoint: Endpoint
) -> HttpResponse | None:
    secret = services.rotate_secret(endpoint=endpoint, now=timezone.now())
    model_admin.log_change(request, endpoint, _("Secret rotated."))
    return _secret_page(model_admin, request, endpoint, secret)


def _try(
    model_admin: EndpointAdmin, request: HttpRequest, endpoint: Endpoint
) -> HttpResponse | None:
    answer = services.try_endpoint(endpoint=endpoint, now=timezone.now())
    level = messages.SUCCESS if answer.is_success else messages.ERROR
    said = _("The test arrived: %(detail)s") if answer.is_success else _("It failed: %(detail)s")
    messages.add_message(request, level, said % {"detail": answer.detail})
    return None


def _replay(
    model_admin: EndpointAdmin, request: HttpRequest, endpoint: Endpoint
) -> HttpResponse | None:
    form = ReplayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Since which day? Nothing was replayed."))
        return None
    count = services.replay_failed(endpoint=endpoint, since=form.moment(), now=timezone.now())
    said = ngettext("%d message will be posted again.", "%d messages will be posted again.", count)
    messages.success(request, said % count)
    return None


def _disable(
    model_admin: EndpointAdmin, request: HttpRequest, endpoint: Endpoint
) -> HttpResponse | None:
    because = _("%(user)s disabled it in the admin.") % {"user": request.user}
    is_own = endpoint.owner_id == request.user.pk
    now = timezone.now()
    if services.disable_endpoint(
        endpoint_id=endpoint.pk, because=because, now=now, tells_owner=not is_own
    ):
        model_admin.log_change(request, endpoint, _("Disabled."))
        messages.success(request, _("It is disabled: what waits for it goes on waiting."))
    return None


def _enable(
    model_admin: EndpointAdmin, request: HttpRequest, endpoint: Endpoint
) -> HttpResponse | None:
    if services.enable_endpoint(endpoint_id=endpoint.pk, now=timezone.now()):
        model_admin.log_change(request, endpoint, _("Enabled."))
        messages.success(request, _("It is enabled: what waited is posted within a minute."))
    return None


_ACTS: dict[str, Act] = {
    "rotate": _rotate,
    "try": _try,
    "replay": _replay,
    "disable": _disable,
    "enable": _enable,
}


@sensitive_variables("secret")
def _secret_page(
    model_admin: EndpointAdmin, request: HttpRequest, endpoint: Endpoint, secret: str
) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Secret of the webhook"),
        "opts": model_admin.opts,
        "endpoint": endpoint,
        "is_signed": endpoint.format == Endpoint.Format.STANDARD,
        "secret": secret,
    }
    return TemplateResponse(request, "admin/alerts/endpoint/secret.html", context)
