"""Documents in the admin: what was published, at which URL."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaigns.admin.filters import PublishedFilter
from campaigns.admin.searching import Searched
from campaigns.admin.typed import PrecisionField, TypedDateField, TypedDates
from campaigns.models import Document
from campaigns.services import merge_documents
from companies.access import Person, visible
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

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["url"] if obj else []
