"""The history of a record in the admin: a page that tells it, and one that restores a version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db.models import Model
from django.forms import modelform_factory
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext

from companies.histories import Part, Version, read_history
from companies.restoring import filled_in, restore, restoring_message, would_change
from companies.tracking import LONGEST_MESSAGE, Tracked, because

AT_ONCE = dt.timedelta(seconds=5)
"""What belonged to a record and was deleted within this time of it was deleted with it."""

MESSAGE = "_change_message"
"""The name of the field of a form that says why."""


class WithHistory(admin.ModelAdmin[Any]):
    """A page of the admin whose records tell what became of them."""

    is_worked_on_together: ClassVar[bool] = False
    """Whether all who see such a record work on it together, and so learn of each other. Else
    each organization is by itself: all see Amazon, and nobody is to learn there who works for whom.
    """

    lost_parts: ClassVar[Sequence[tuple[type[Tracked], str]]] = ()
    """Records of which the deletion is told with these, with their foreign keys to them."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(
                "<path:object_id>/history/<int:version>/",
                view(self.restore_view),
                name=f"{name}_restore",
            ),
            path(
                "<path:object_id>/history/<slug:part>/<int:version>/",
                view(self.restore_part_view),
                name=f"{name}_restore_part",
            ),
        ]
        return own + super().get_urls()

    # --- the form ----------------------------------------------------------------------------

    def tools(self, row: Any) -> list[tuple[str, Any]]:
        """Return the addresses and names of the pages that are offered beside the form of a row."""
        return []

    def notes_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Return what the notes beside a record are shown from."""
        raise NotImplementedError

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        if obj is not None and not context.get("is_popup"):
            context.update(self.notes_context(request, obj))
            context["tools"] = self.tools(obj)
            context["longest_message"] = LONGEST_MESSAGE if self._is_kept() else 0
            context["change_message"] = request.POST.get(MESSAGE, "")
        return super().render_change_form(request, context, add, change, form_url, obj)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Keep the message of the form with every version that it brings."""
        with because(request.POST.get(MESSAGE, "")):
            return super().changeform_view(request, *args, **kwargs)

    # --- the history -------------------------------------------------------------------------

    def told_since(self, request: HttpRequest, row: Any) -> dt.datetime | None:
        """Return the moment before which a record was not the person's to read, if there is one."""
        return None

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Tell what became of a record, also of one that was deleted; ``?page=`` pages."""
        row = self._row(request, object_id)
        asked = request.GET.get("page", "1")
        number = int(asked) if asked.isdecimal() and 0 < len(asked) < 7 else 1
        number = max(number, 1)
        page = read_history(
            model=self.model,
            key=row.pk,
            parts=self._parts(),
            person=request.user,
            among_colleagues=not self.is_worked_on_together,
            since=self.told_since(request, row),
            page=number,
        )
        is_gone = row._state.adding
        context = {
            **self.admin_site.each_context(request),
            **({} if is_gone else self.notes_context(request, row)),
            "title": gettext("History: %(row)s") % {"row": row},
            "opts": self.opts,
            "subject": row,
            "is_gone": is_gone,
            "deeds": [
                (deed, [(one, self._restore_address(row, one)) for one in deed.versions])
                for deed in page.deeds
            ],
            "later": number - 1,
            "earlier": number + 1 if page.has_more else 0,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/companies/history.html", context)

    def _is_kept(self) -> bool:
        return issubclass(self.model, Tracked)

    def _row(self, request: HttpRequest, object_id: str) -> Any:
        """Return a record that the person sees, or what the last version says of a deleted one."""
        row = self.get_object(request, object_id)
        if row is None:
            row = self._deleted(object_id)
        try:
            if row is not None and self.has_view_permission(request, row):
                return row
        except ObjectDoesNotExist:  # what says whose it was is gone as well
            row = None
        if row is None:
            raise Http404
        raise PermissionDenied

    def _deleted(self, object_id: str) -> Any:
        if not self._is_kept() or not object_id.isdecimal() or len(object_id) > 18:
            return None
        rows = self.model.history.filter(id=object_id)
        last = rows.order_by("-history_date", "-history_id").first()
        if last is None or last.history_type != "-":
            return None
        row = last.instance
        row._state.adding = True
        return row

    def _parts(self) -> list[Part]:
        """Return what belongs to these records: what is edited in their form, and what was lost."""
        parts = []
        for inline in self.inlines:
            if issubclass(inline.model, Tracked):
                parts.append(Part(inline.model, _column(inline.model, self.model)))
        lost = [Part(model, column, lost_only=True) for model, column in self.lost_parts]
        return parts + lost

    # --- restoring ---------------------------------------------------------------------------

    def _restore_address(self, row: Any, version: Version) -> str:
        """Return where a version is restored; of parts only what was deleted is."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_restore"
        if version.part is None:
            return (
                ""
                if version.row.history_type == "-"
                else reverse(name, args=[row.pk, version.row.pk])
            )
        if version.row.history_type != "-":
            return ""
        if version.part.model in self.admin_site._registry:
            own = version.part.model._meta
            address = f"admin:{own.app_label}_{own.model_name}_history"
            return reverse(address, args=[version.row.id])
        return reverse(f"{name}_part", args=[row.pk, version.model_name, version.row.pk])

    def restore_view(self, request: HttpRequest, object_id: str, version: int) -> HttpResponse:
        """Show what restoring a version would change; when confirmed, do it."""
        row = self._row(request, object_id)
        if not self._is_kept():
            raise Http404
        versions = self.model.history.filter(id=row.pk)
        if since := self.told_since(request, row):
            versions = versions.filter(history_date__gte=since)
        kept = get_object_or_404(versions, history_id=version)
        is_gone = row._state.adding
        if is_gone:
            if kept.history_type == "-":
                raise Http404
            form_class = self.get_form(request, None, change=False)
            is_allowed = self.has_add_permission(request)
        else:
            form_class = self.get_form(request, row, change=True)
            is_allowed = self.has_change_permission(request, row)
        if not is_allowed:
            raise PermissionDenied
        lost = self._lost_with(row) if is_gone else []
        return self._restore(request, row, row, form_class, kept, lost)

    def restore_part_view(
        self, request: HttpRequest, object_id: str, part: str, version: int
    ) -> HttpResponse:
        """Add what belonged to a record and was deleted once more."""
        whole = self._row(request, object_id)
        parts = {one.model._meta.model_name: one for one in self._parts() if not one.lost_only}
        if part not in parts or whole._state.adding:
            raise Http404
        model, column = parts[part].model, parts[part].column
        kept = get_object_or_404(
            model.history.filter(history_type="-"),
            history_id=version,
            **{f"{column}_id": whole.pk},
        )
        inline = next(one for one in self.inlines if one.model is model)
        may_add = inline(self.model, self.admin_site).has_add_permission(request, whole)
        if not (self.has_change_permission(request, whole) and may_add):
            raise PermissionDenied
        if model._default_manager.filter(pk=kept.id).exists():
            messages.info(request, gettext("It is there already."))
            return self._back(whole)
        row = kept.instance
        row._state.adding = True
        form_class = modelform_factory(model, fields="__all__")
        return self._restore(request, whole, row, form_class, kept, [])

    def _lost_with(self, row: Any) -> list[Any]:
        """Return the last versions of what was deleted together with a record."""
        rows = self.model.history.filter(id=row.pk, history_type="-")
        gone_at = rows.latest("history_date", "history_id").history_date
        lost: list[Any] = []
        for part in self._parts():
            if not part.lost_only:
                found = part.model.history.filter(
                    **{f"{part.column}_id": row.pk},
                    history_type="-",
                    history_date__range=(gone_at - AT_ONCE, gone_at + AT_ONCE),
                )
                lost += found.order_by("history_id")
        return lost

    def _restore(
        self,
        request: HttpRequest,
        whole: Any,
        row: Any,
        form_class: Any,
        kept: Any,
        lost: Sequence[Any],
    ) -> HttpResponse:
        """Ask, or do it. ``row`` is what is restored, ``whole`` whose page it is."""
        name = str(row)  # before the form writes into it
        differences = would_change(row, kept, form_class.base_fields, request.user)
        form = filled_in(form_class, row, kept)
        if request.method == "POST" and form.is_valid():
            try:
                saved = restore(form=form, version=kept, lost=lost)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                self.log_change(request, whole, restoring_message(kept))
                messages.success(request, gettext("Restored: %(row)s.") % {"row": saved})
                return self._back(whole)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Restore a version of %(row)s") % {"row": name},
            "opts": self.opts,
            "subject": whole,
            "kept": kept,
            "lost": lost,
            "differences": differences,
            "problems": _problems(form) if not form.is_valid() else [],
        }
        return TemplateResponse(request, "admin/companies/restore.html", context)

    def _back(self, row: Any) -> HttpResponse:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_history"
        return HttpResponseRedirect(reverse(name, args=[row.pk]))


def _column(part: type[Model], whole: type[Model]) -> str:
    """Return the name of the foreign key from a part to what it belongs to."""
    return next(one.name for one in part._meta.concrete_fields if one.related_model is whole)


def _problems(form: Any) -> list[str]:
    return [
        f"{form.fields[name].label}: {error}" if name in form.fields else str(error)
        for name, errors in form.errors.items()
        for error in errors
    ]
