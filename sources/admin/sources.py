"""Sources in the admin: what is polled for whom, and how it fares."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.admin.forms import is_key
from companies.access import sees_all, visible
from companies.list_filters import VisibleRelatedFilter
from companies.workbench import TabularPart, Workbench
from sources import tasks
from sources.admin.articles import articles_in_words
from sources.admin.fieldsets import HEALTH, fieldsets_for_readers, fieldsets_of
from sources.admin.pasting import chosen_targets, paste_view
from sources.admin.source_forms import SourceForm
from sources.admin.trying import try_view
from sources.kinds import PollResult, SourceKind
from sources.models import Source, Watch
from sources.querysets import SourceQuerySet
from sources.services import begin_anew, request_poll

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

_POLLS_SHOWN = 10
# What leaves a source as it was polled: the rest of the form changes what is read.
_SETTINGS = {
    "url",
    "kind",
    "is_active",
    "ignores_robots",
    *SourceForm.declared_fields,
}


def _health_words(source: Source) -> StrOrPromise:
    if source.quarantined_at:
        return _("quarantined since %(since)s, polled only on request: %(cause)s")
    if source.broken_since:
        return _("broken since %(since)s: %(cause)s")
    return _("failing since %(since)s: %(cause)s")


class WatchInline(TabularPart):
    """The targets that a source is watched for."""

    model = Watch
    extra = 1
    autocomplete_fields = ["target"]
    fields = ["target", "is_trusted"]

    def get_extra(self, request: HttpRequest, obj: Source | None = None, **kwargs: Any) -> int:
        """Leave room for the targets that were chosen on the way to this form."""
        return self.extra + (len(chosen_targets(request)) if obj is None else 0)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Watch]:
        return (
            super()
            .get_queryset(request)
            .select_related("source", "target__campaign", "target__company", "target__product")
        )


class HealthFilter(admin.SimpleListFilter):
    """Which sources can be read."""

    title = _("health")
    parameter_name = "health"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("broken", _("broken")),
            ("quarantined", _("quarantined")),
            ("failing", _("failing")),
            ("well", _("well")),
            ("new", _("not polled yet")),
            ("silent", _("silent")),
            ("attention", _("broken or silent")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Source]) -> QuerySet[Source]:
        if self.value() == "broken":
            return queryset.filter(broken_since__isnull=False)
        if self.value() == "quarantined":
            return queryset.filter(quarantined_at__isnull=False)
        if self.value() == "failing":
            return queryset.filter(failing_since__isnull=False)
        if self.value() == "well":
            return queryset.filter(failing_since=None, last_success_at__isnull=False)
        if self.value() == "new":
            return queryset.filter(last_polled_at=None)
        if self.value() == "silent":
            return queryset.filter(pk__in=Source.objects.silent(timezone.now()).values("pk"))
        if self.value() == "attention":
            return cast(SourceQuerySet, queryset).wanting_attention(timezone.now())
        return queryset


@admin.register(Source)
class SourceAdmin(Workbench):
    """Add a source, watch it for targets, see how it fares."""

    list_display = ["name", "kind", "url", "is_active", "health", "last_success_at", "next_poll_at"]
    list_filter = [
        HealthFilter,
        "is_active",
        "kind",
        ("watches__target__campaign", VisibleRelatedFilter),
    ]
    search_fields = ["name", "url"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [WatchInline]
    actions = ["poll_now", "begin_anew"]
    readonly_fields = [*HEALTH, "rules_in_force"]
    form = SourceForm
    filter_horizontal = ["stewards"]

    class Media:
        css = {"all": ["sources/trying.css"]}

    def get_urls(self) -> list[URLPattern]:
        """Put what is no form of one source before the addresses of these."""

        def wrapped(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
            return self.admin_site.admin_view(partial(view, self))

        trying, pasting = wrapped(try_view), wrapped(paste_view)
        return [
            path("paste/", pasting, name="sources_source_paste"),
            path("try/", trying, name="sources_source_try"),
            path("<int:source_id>/try/", trying, name="sources_source_try"),
            *super().get_urls(),
        ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search names and addresses, and companies for which the person sees them watched."""
        watches = visible(Watch.objects.all(), request.user)
        for word in search_term.split():
            of_company = watches.filter(target__company__name__icontains=word)
            queryset = queryset.filter(
                Q(name__icontains=word)
                | Q(url__icontains=word)
                | Q(pk__in=of_company.values("source"))
            )
        return queryset, False

    def get_fieldsets(self, request: HttpRequest, obj: Source | None = None) -> Any:
        """Open the rules of the source's kind."""
        if obj and not self.has_change_permission(request, obj):
            return fieldsets_for_readers()
        kind = obj.kind if obj else request.GET.get("kind", SourceKind.PAGE)
        return fieldsets_of(kind, is_known=obj is not None)

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """Managers choose among their colleagues; who may look people up, among everybody."""
        is_free = sees_all(request.user) and request.user.has_perm("auth.view_user")
        return ["bill", "stewards"] if is_free else ["bill"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with what the address says; who adds a source is its steward."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        named = initial.get("stewards", [request.user.pk])
        return initial | {"stewards": [key for key in named if is_key(key)]}

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Source, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """Begin with the targets that were chosen on the way to this form."""
        options: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        # What a form begins with is saved only if it is changed: one that is sent begins empty.
        if request.method != "POST" and obj._state.adding:
            options["initial"] = [{"target": key} for key in chosen_targets(request)]
        return options

    @admin.display(description=_("health"), ordering="failing_since")
    def health(self, source: Source) -> str:
        """Say in words whether the source can be read, and why not."""
        if source.failing_since:
            since = source.quarantined_at or source.broken_since or source.failing_since
            return _health_words(source) % {
                "since": date_format(timezone.localtime(since), "j M Y, H:i"),
                "cause": source.get_last_cause_display(),
            }
        return str(_("well") if source.last_success_at else _("not polled yet"))

    @admin.display(description=_("rules"))
    def rules_in_force(self, source: Source) -> SafeString | str:
        """List what was chosen of the rules, in the words of the kind."""
        return (
            format_html_join(
                "",
                "<div>{}: {}</div>",
                (
                    (name, ", ".join(map(str, value)) if isinstance(value, list) else value)
                    for name, value in sorted(source.rules.items())
                ),
            )
            or "—"
        )

    @admin.display(description=_("latest polls"))
    def latest_polls(self, source: Source) -> SafeString | str:
        """List how the last visits ended."""
        return (
            format_html_join(
                "",
                "<div>{} UTC — {} {}</div>",
                (
                    (
                        date_format(timezone.localtime(poll.started_at), "j M Y, H:i:s"),
                        poll.get_cause_display()
                        if poll.result == PollResult.FAILED
                        else poll.get_result_display(),
                        poll.detail and f"({poll.detail})",
                    )
                    for poll in source.polls.all()[:_POLLS_SHOWN]
                ),
            )
            or "—"
        )

    @admin.display(description=_("articles"))
    def latest_articles(self, source: Source) -> SafeString | str:
        """Count the articles of a feed by their state, and list the latest that failed."""
        return articles_in_words(source)

    def save_model(
        self, request: HttpRequest, obj: Source, form: forms.ModelForm[Source], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if change and not _SETTINGS.isdisjoint(form.changed_data):
            request_poll(source_ids=[obj.pk], now=timezone.now())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save; stewards whom the person does not see stay."""
        unseen = []
        if change:
            colleagues = visible(User.objects.all(), request.user).values("pk")
            unseen = list(form.instance.stewards.exclude(pk__in=colleagues))
        super().save_related(request, form, formsets, change)
        form.instance.stewards.add(*unseen)

    @admin.action(description=_("Poll now"), permissions=["change"])
    def poll_now(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        """Make the sources due, and wake a worker."""
        source_ids = list(queryset.values_list("pk", flat=True))
        count = request_poll(source_ids=source_ids, now=timezone.now())
        self._say_polled(request, source_ids, count)

    @admin.action(description=_("Take the next answer as a new baseline"), permissions=["change"])
    def begin_anew(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        """Believe what was refused as suspicious: it is no news, and compared from now on."""
        source_ids = list(queryset.values_list("pk", flat=True))
        count = begin_anew(source_ids=source_ids, now=timezone.now())
        self._say_polled(request, source_ids, count)

    def _say_polled(self, request: HttpRequest, source_ids: list[int], count: int) -> None:
        if tasks.wake_pollers(source_ids):
            said = ngettext("%d source is polled now.", "%d sources are polled now.", count)
            self.message_user(request, said % count, messages.SUCCESS)
        else:
            late = _("The queue does not answer: the sources are due and will be polled later.")
            self.message_user(request, late, messages.WARNING)
