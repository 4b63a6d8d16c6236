"""Offers, while a new record is typed, those on record that are perhaps the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from companies.similar import Similar

ANYWAY = "_anyway"
"""The button that saves although something is alike; its value names what was shown."""


class WithSimilar(admin.ModelAdmin[Any]):
    """The form for a new record asks whether it is on record already; so does its script."""

    compared_by: ClassVar[Sequence[str]] = ("name",)
    """The fields that make the script ask."""

    def similar(self, request: HttpRequest, typed: Mapping[str, str]) -> list[Similar]:
        """Return what is perhaps the same as what is typed, among what the person may see."""
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_similar"
        view = self.admin_site.admin_view(self.similar_view)
        return [path("similar/", view, name=name), *super().get_urls()]

    def similar_view(self, request: HttpRequest) -> JsonResponse:
        """Answer what is perhaps the same, for the script of the form."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        found = self.similar(request, request.GET.dict())
        rows = [{"text": str(one.row), "why": str(one.why), "url": _address(one)} for one in found]
        return JsonResponse({"title": _("Already on record?"), "similar": rows})

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return a form that asks before a new record is saved that is perhaps there."""
        form = super().get_form(request, obj, change, **kwargs)
        # What is deleted is restored by such a form as well, and nobody types that.
        page = request.resolver_match and request.resolver_match.url_name
        is_new = page == f"{self.opts.app_label}_{self.opts.model_name}_add"
        return _comparing(form, self, request) if is_new else form


def _comparing(form: type[forms.ModelForm[Any]], bench: WithSimilar, request: HttpRequest) -> Any:
    class Compared(form):  # type: ignore[misc, valid-type]
        class Media:
            js = ("companies/similar.js",)
            css: ClassVar[dict[str, tuple[str, ...]]] = {"all": ("companies/similar.css",)}

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            for name in bench.compared_by:
                if name in self.fields:
                    self.fields[name].widget.attrs["data-similar"] = "../similar/"

        def _post_clean(self) -> None:
            super()._post_clean()
            if self.errors:
                return
            found = [one for one in bench.similar(request, self.data.dict()) if one.is_likely]
            if found and self.data.get(ANYWAY) != mark(found):
                self.add_error(None, _question(found))

    Compared.__name__ = form.__name__
    return Compared


def mark(found: Sequence[Similar]) -> str:
    """Name what was shown: something else that is alike is asked about anew."""
    return "-".join(str(one.row.pk) for one in found)


def _question(found: Sequence[Similar]) -> SafeString:
    links = format_html_join(
        "; ",
        '<a href="{}" target="_blank" rel="noopener">{}</a> ({})',
        ((_address(one), one.row, one.why) for one in found),
    )
    return format_html(
        '{} {}. <button type="submit" class="button" name="{}" value="{}">{}</button>',
        _("Already on record?"),
        links,
        ANYWAY,
        mark(found),
        _("Save anyway"),
    )


def _address(one: Similar) -> str:
    meta = one.row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[one.row.pk])
