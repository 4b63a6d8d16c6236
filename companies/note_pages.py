"""Notes in the admin: beside the form of a record, and pages to write and delete one's own."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.models import Note
from companies.notes import add_note, delete_note, edit_note, notes_about


class NoteForm(forms.ModelForm[Note]):
    """The text of a note."""

    class Meta:
        model = Note
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        labels = {"text": _("Note, for who works on this only")}


class WithNotes(admin.ModelAdmin[Any]):
    """A page of the admin for records that have notes beside them."""

    is_worked_on_together: ClassVar[bool]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path("<path:object_id>/notes/", view(self.notes_view), name=f"{name}_notes"),
            path("<path:object_id>/notes/<int:key>/", view(self.note_view), name=f"{name}_note"),
        ]
        return own + super().get_urls()

    def notes_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Return what the notes beside a record are shown from."""
        if not isinstance(row.pk, int):
            return {}
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        notes = [
            (note, note.author == request.user and reverse(f"{name}_note", args=[row.pk, note.pk]))
            for note in self._notes(request, row)
        ]
        address = reverse(f"{name}_notes", args=[row.pk])
        return {"notes": notes, "notes_address": address}

    def notes_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Write a note beside a record; a mistake is shown on a page of its own."""
        row = self._seen(request, object_id)
        form = NoteForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            author = cast(User, request.user)
            add_note(about=row, author=author, text=form.cleaned_data["text"], now=timezone.now())
            return self._noted(request, row, gettext("The note is kept."))
        return self._note_page(request, row, form, None)

    def note_view(self, request: HttpRequest, object_id: str, key: int) -> HttpResponse:
        """Edit one's own note, or delete it."""
        row = self._seen(request, object_id)
        note = get_object_or_404(self._notes(request, row), pk=key)
        if note.author != request.user:
            raise PermissionDenied
        if request.method == "POST" and "delete" in request.POST:
            delete_note(note=note)
            return self._noted(request, row, gettext("The note is deleted."))
        form = NoteForm(request.POST or None, instance=note)
        if request.method == "POST" and form.is_valid():
            edit_note(note=note, text=form.cleaned_data["text"], now=timezone.now())
            return self._noted(request, row, gettext("The note is kept."))
        return self._note_page(request, row, form, note)

    def _notes(self, request: HttpRequest, row: Any) -> QuerySet[Note]:
        return notes_about(
            self.model,
            row.pk,
            person=request.user,
            among_colleagues=not self.is_worked_on_together,
        )

    def _seen(self, request: HttpRequest, object_id: str) -> Any:
        """Return the record, if the person sees it.

        Raises:
            Http404: they do not, or it has no notes.
        """
        row = self.get_object(request, object_id)
        if row is None or not isinstance(row.pk, int):
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def _noted(self, request: HttpRequest, row: Any, said: str) -> HttpResponse:
        messages.success(request, said)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[row.pk]) + "#notes")

    def _note_page(
        self, request: HttpRequest, row: Any, form: NoteForm, note: Note | None
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Note beside %(row)s") % {"row": row},
            "opts": self.opts,
            "subject": row,
            "form": form,
            "note": note,
        }
        return TemplateResponse(request, "admin/companies/note.html", context)
