"""Documents in the admin: what was published, at which URL."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.admin.filters import PublishedFilter
from campaigns.admin.searching import Searched
from campaigns.admin.typed import PrecisionField, TypedDateField, TypedDates
from campaigns.models import Citation, Document
from campaigns.services import merge_documents
from campaigns.services.shelving import part_from_others, told_since
from companies.access import Person, sees_all, visible
from companies.merge_pages import WithMerging


class DocumentForm(TypedDates, forms.ModelForm[Document]):
    """A document, published on a day as people write it."""

    published_on = TypedDateField(label=_("Published on"), required=False)
    published_precision = PrecisionField()
    person: ClassVar[Person]

    def clean_url(self) -> str:
        """Refuse the URL of a document that the person sees: they can cite that one.

        Of documents that only others see nothing is told.
        """
        url: str = self.cleaned_data["url"]
        at_url = Document.objects.filter(Q(url=url) | Q(old_urls__url=url))
        known = visible(at_url, self.person).first()
        if self.instance._state.adding and known is not None:
            said = _("This document is on record: %(title)s")
            raise forms.ValidationError(said % {"title": known})
        return url

    def save(self, commit: bool = True) -> Document:
        """Save it at once; whoever sees only some of the drafts that cite it writes for these."""
        if self.has_changed():
            part_from_others(document=self.instance, seen=seen_citations(self.person))
        return super().save(commit)


def seen_citations(person: Person) -> QuerySet[Citation]:
    return visible(Citation.objects.all(), person)


@admin.register(Document)
class DocumentAdmin(WithMerging, Searched):
    """What was published."""

    merge_rows = staticmethod(merge_documents)

    form = DocumentForm

    list_display = ["title", "publisher", "published_on", "url"]
    list_filter = [PublishedFilter]

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)
        form.person = request.user
        return form

    def told_since(self, request: HttpRequest, row: Document) -> dt.datetime | None:
        """Return since when the person may read what is said of a document."""
        if sees_all(request.user):
            return None
        return told_since(document=row, seen=seen_citations(request.user))

    def response_change(self, request: HttpRequest, obj: Document) -> HttpResponse:
        """Go on with the document that was saved, which may be another than was asked for."""
        response = super().response_change(request, obj)
        if "_continue" in request.POST:
            address = reverse("admin:campaigns_document_change", args=[obj.pk])
            return HttpResponseRedirect(address)
        return response

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["url"] if obj else []
