"""Sources in the admin: what is polled for whom, and how it fares."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sources import tasks
from sources.admin.source_forms import SourceForm
from sources.kinds import PollResult
from sources.models import Source, Watch
from sources.services import begin_anew, request_poll

_POLLS_SHOWN = 10
# What leaves a source as it was polled: the rest of the form changes what is read.
_SETTINGS = {
    "url",
    "kind",
    "is_active",
    "ignores_robots",
    *SourceForm.declared_fields,
}


class WatchInline(admin.TabularInline[Watch, Source]):
    """The targets that a source is watched for."""

    model = Watch
    extra = 1
    autocomplete_fields = ["target"]
    fields = ["target", "is_trusted"]

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
        return [("failing", _("failing")), ("well", _("well")), ("new", _("not polled yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Source]) -> QuerySet[Source]:
        if self.value() == "failing":
            return queryset.filter(failing_since__isnull=False)
        if self.value() == "well":
            return queryset.filter(failing_since=None, last_success_at__isnull=False)
        if self.value() == "new":
            return queryset.filter(last_polled_at=None)
        return queryset


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin[Source]):
    """Add a source, watch it for targets, see how it fares."""

    list_display = ["name", "kind", "url", "is_active", "health", "last_success_at", "next_poll_at"]
    list_filter = [HealthFilter, "is_active", "kind", "watches__target__campaign"]
    search_fields = ["name", "url", "watches__target__company__name"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [WatchInline]
    actions = ["poll_now", "begin_anew"]
    readonly_fields = [
        "health",
        "broken_since",
        "quarantined_at",
        "last_polled_at",
        "last_success_at",
        "failing_since",
        "failures_count",
        "last_detail",
        "next_poll_at",
        "latest_polls",
    ]
    form = SourceForm
    filter_horizontal = ["stewards"]
    autocomplete_fields = ["bill"]
    fieldsets = [
        (None, {"fields": ["url", "kind", "name", "slug", "interval_minutes", "is_active"]}),
        (
            _("Rules of a web page"),
            {"fields": ["include", "exclude", "ignored"], "classes": ["collapse"]},
        ),
        (
            _("Rules of JSON"),
            {
                "fields": [
                    "json_kind",
                    "path",
                    "statuses",
                    "key",
                    "compared",
                    "ignored_fields",
                    "most_changed_share",
                ],
                "classes": ["collapse"],
            },
        ),
        (
            _("Rules of a bill"),
            {"fields": ["bill", "form", "session_ends_on"], "classes": ["collapse"]},
        ),
        (
            _("Manners and stewards"),
            {"fields": ["ignores_robots", "robots_reason", "stewards"], "classes": ["collapse"]},
        ),
        (_("Health"), {"fields": [*readonly_fields]}),
    ]

    @admin.display(description=_("health"), ordering="failing_since")
    def health(self, source: Source) -> str:
        """Say in words whether the source can be read, and why not."""
        if source.failing_since:
            return _("failing since %(since)s: %(cause)s") % {
                "since": date_format(timezone.localtime(source.failing_since), "j M Y, H:i"),
                "cause": source.get_last_cause_display(),
            }
        return str(_("well") if source.last_success_at else _("not polled yet"))

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

    def save_model(
        self, request: HttpRequest, obj: Source, form: forms.ModelForm[Source], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if change and not _SETTINGS.isdisjoint(form.changed_data):
            request_poll(source_ids=[obj.pk], now=timezone.now())

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
