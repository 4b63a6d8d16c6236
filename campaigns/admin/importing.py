"""Import in two steps, and export, linked from the lists of four kinds of records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.import_columns import HELP
from campaigns.importing.columns import COLUMNS, REQUIRED, WHY
from campaigns.importing.rows import Table, UnreadableFile
from campaigns.importing.tables import MOST_BYTES, MOST_ROWS, read_table
from campaigns.importing.writing import MOST_SHEET_ROWS, TooManyRows, write_csv, write_xlsx
from campaigns.models import Upload
from campaigns.services.importing import IMPORTERS, Plan, Refusal, plan_import
from campaigns.services.importing.exporting import export_rows
from campaigns.services.importing.uploads import apply_upload, keep_upload, kept_upload

MOST_SHOWN = 200
"""Rows of a preview besides those that are refused, all of which are shown."""

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class UploadForm(forms.Form):
    """A file to be imported."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV or XLSX."),
        widget=forms.FileInput({"accept": ".csv,.xlsx"}),
    )
    alerts = forms.BooleanField(
        label=gettext_lazy("Alert subscribers of these status changes"), required=False
    )

    def __init__(self, kind: str, *args: Any) -> None:
        super().__init__(*args)
        if kind != "status_changes":
            del self.fields["alerts"]

    def clean_file(self) -> tuple[str, bytes]:
        """Return name and content of a file that can be read as a table.

        Raises:
            ValidationError: it cannot.
        """
        file = self.cleaned_data["file"]
        try:
            content = file.read(MOST_BYTES + 1)
            read_table(file.name, content)
        except UnreadableFile as error:
            raise forms.ValidationError(str(error)) from error
        return file.name, content


def as_file(
    name: str, ending: str, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> HttpResponseBase:
    """Return a table as a file to be saved, which is never in memory as a whole.

    Raises:
        TooManyRows: for a workbook.
    """
    response: StreamingHttpResponse
    if ending == "xlsx":
        with ExitStack() as stack:
            file = stack.enter_context(TemporaryFile())
            write_xlsx(file, columns, rows)
            response = FileResponse(file, content_type=TYPES[ending])  # which closes it
            stack.pop_all()
    else:
        response = StreamingHttpResponse(write_csv(columns, rows), content_type=TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


@admin.register(Upload)
class UploadAdmin(admin.ModelAdmin[Upload]):
    """The pages of imports; an upload itself is no record that anybody lists."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        pages: dict[str, tuple[str, Callable[..., HttpResponseBase]]] = {
            "new": ("new/<slug:kind>/", self.new_view),
            "template": ("template/<slug:kind>.<slug:ending>", self.template_view),
            "export": ("export/<slug:kind>.<slug:ending>", self.export_view),
            "preview": ("<int:number>/preview/", self.preview_view),
            "refused": ("<int:number>/refused.<slug:ending>", self.refused_view),
        }
        return [
            path(place, self.admin_site.admin_view(view), name=f"campaigns_upload_{name}")
            for name, (place, view) in pages.items()
        ]

    def new_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Take a file."""
        bench = self._bench(request, kind)
        form = UploadForm(kind, request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            name, content = form.cleaned_data["file"]
            upload = keep_upload(
                user=cast(User, request.user),
                kind=kind,
                name=name,
                content=content,
                is_silent=not form.cleaned_data.get("alerts", False),
                now=timezone.now(),
            )
            return HttpResponseRedirect(reverse("admin:campaigns_upload_preview", args=[upload.pk]))
        context = {
            "title": _("Import %(kind)s") % {"kind": bench.opts.verbose_name_plural},
            "form": form,
            "columns": [(name, name in REQUIRED[kind], HELP[kind][name]) for name in COLUMNS[kind]],
            "most_rows": MOST_ROWS,
        }
        return self._page(request, "new", kind, bench, context)

    def preview_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Say what an import would do; do it when that is agreed to."""
        upload, table = self._kept(request, number)
        bench = self._bench(request, upload.kind)
        if request.method == "POST":
            return self._apply(request, upload, table, bench)
        plan = self._plan(request, upload, table)
        others = [row for row in plan.rows if not row.errors]
        context = {
            "title": _("Import %(file)s") % {"file": upload.name},
            "upload": upload,
            "plan": plan,
            "is_applicable": plan.is_clean and plan.counts["create"] + plan.counts["update"] > 0,
            "others": others[:MOST_SHOWN],
            "hidden_count": max(0, len(others) - MOST_SHOWN),
            "doubtful": [row for row in others if row.duplicates],
        }
        return self._page(request, "preview", upload.kind, bench, context)

    def _apply(
        self, request: HttpRequest, upload: Upload, table: Table, bench: Any
    ) -> HttpResponse:
        try:
            plan = apply_upload(
                upload=upload, table=table, seen=request.POST.get("seen", ""), now=timezone.now()
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.path)
        said = _("Imported: %(create)d created, %(update)d updated, %(unchanged)d unchanged.")
        messages.success(request, said % plan.counts)
        return HttpResponseRedirect(_list_of(bench))

    def refused_view(self, request: HttpRequest, number: int, ending: str) -> HttpResponseBase:
        """Return the rows that are refused, with a column that says why."""
        upload, table = self._kept(request, number)
        self._bench(request, upload.kind, ending)
        plan = self._plan(request, upload, table)
        columns = [name for name in plan.columns if name != WHY]
        rows = [
            [*(row.source.cells[name] for name in columns), " ".join(row.errors)]
            for row in plan.refused
        ]
        return as_file(f"{upload.kind}-refused", ending, [*columns, WHY], rows)

    def template_view(self, request: HttpRequest, kind: str, ending: str) -> HttpResponseBase:
        """Return an empty table with all columns."""
        self._bench(request, kind, ending)
        return as_file(kind, ending, COLUMNS[kind], [])

    def export_view(self, request: HttpRequest, kind: str, ending: str) -> HttpResponseBase:
        """Return the whole list as its filters in the query string narrow it."""
        if kind not in IMPORTERS or ending not in TYPES:
            raise Http404
        bench = self.admin_site.get_model_admin(IMPORTERS[kind].model)
        if not bench.has_view_permission(request):
            raise PermissionDenied
        rows = bench.get_changelist_instance(request).get_queryset(request)
        return export(request, bench, kind, ending, rows) or HttpResponseRedirect(_list_of(bench))

    def _bench(self, request: HttpRequest, kind: str, ending: str = "csv") -> Any:
        """Return the admin of a kind, to whoever may add records of it."""
        if kind not in IMPORTERS or ending not in TYPES:
            raise Http404
        bench = self.admin_site.get_model_admin(IMPORTERS[kind].model)
        if not bench.has_add_permission(request):
            raise PermissionDenied
        return bench

    def _kept(self, request: HttpRequest, number: int) -> tuple[Upload, Table]:
        upload = kept_upload(user=cast(User, request.user), number=number, now=timezone.now())
        if upload is None:
            raise Http404(_("This file is not kept any more: bring it again."))
        return upload, read_table(upload.name, bytes(upload.content))

    def _plan(self, request: HttpRequest, upload: Upload, table: Table) -> Plan:
        return plan_import(
            kind=upload.kind,
            table=table,
            person=cast(User, request.user),
            is_silent=upload.is_silent,
            now=timezone.now(),
        )

    def _page(
        self, request: HttpRequest, name: str, kind: str, bench: Any, context: dict[str, Any]
    ) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": bench.opts, "kind": kind}
        shared["list_url"] = _list_of(bench)
        return TemplateResponse(
            request, f"admin/campaigns/importing/{name}.html", {**shared, **context}
        )


def _list_of(bench: Any) -> str:
    return reverse(f"admin:{bench.opts.app_label}_{bench.opts.model_name}_changelist")


def export(
    request: HttpRequest, bench: Any, kind: str, ending: str, rows: QuerySet[Any]
) -> HttpResponseBase | None:
    """Return records as a file; say why, and return nothing, if a workbook cannot hold them."""
    try:
        return as_file(kind, ending, COLUMNS[kind], export_rows(kind=kind, rows=rows))
    except TooManyRows:
        said = _("A workbook holds %(most)d rows: take CSV, or narrow the list by its filters.")
        messages.error(request, said % {"most": MOST_SHEET_ROWS - 1})
        return None


def _kind_of(bench: Any) -> str:
    return next(kind for kind, each in IMPORTERS.items() if each.model is bench.model)


@admin.action(description=gettext_lazy("Export selected as CSV"))
def export_csv(bench: Any, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponseBase | None:
    """Return the selected records as CSV."""
    return export(request, bench, _kind_of(bench), "csv", rows)


@admin.action(description=gettext_lazy("Export selected as XLSX"))
def export_xlsx(bench: Any, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponseBase | None:
    """Return the selected records as a workbook."""
    return export(request, bench, _kind_of(bench), "xlsx", rows)


def offer_exports() -> None:
    """Let the lists of what can be imported export it, too: they know nothing of imports."""
    for importer in IMPORTERS.values():
        bench = admin.site.get_model_admin(importer.model)
        bench.actions = [*(bench.actions or []), export_csv, export_xlsx]
