"""Adding a source by pasting an address: what is there, and whom it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Target
from companies.access import Person, visible
from sources.models import Source
from sources.services import HostBusy, look_at

if TYPE_CHECKING:
    SourceModelAdmin = ModelAdmin[Source]
else:
    SourceModelAdmin = ModelAdmin

MOST_TARGETS = 20
"""How many targets can be chosen on the way to the form."""
_MOST_DIGITS = 18


class PasteForm(forms.Form):
    """One address."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        widget=forms.TextInput(
            attrs={
                "class": "vURLField",
                "inputmode": "url",
                "placeholder": "https://",
            }
        ),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        # Of an answer, what was found is to be read first.
        self.fields["url"].widget.attrs["autofocus"] = data is None

    def clean_url(self) -> str:
        """Return the address in the form in which a source keeps it."""
        url = self.cleaned_data["url"]
        source = Source(url=url if "://" in url else f"https://{url}")
        try:
            source.clean()
            Source._meta.get_field("url").clean(source.url, source)
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return source.url


def paste_view(model_admin: SourceModelAdmin, request: HttpRequest) -> HttpResponse:
    """Ask for an address; a POST fetches it and shows what is there, on the way to the form."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    form = PasteForm(request.POST if request.method == "POST" else None)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Add a source by its address"),
        "opts": model_admin.opts,
        "form": form,
    }
    if form.is_bound and form.is_valid():
        context |= _looked_at(form.cleaned_data["url"], request.user)
    return TemplateResponse(request, "admin/sources/source/paste.html", context)


def _looked_at(url: str, person: Person) -> dict[str, Any]:
    """Return what the page shows of an address that may be fetched."""
    seen = visible(Source.objects.all(), person)
    if existing := Source.objects.filter(url=url).first():
        return {"url": url, "existing": existing, "is_seen": seen.filter(pk=existing.pk).exists()}
    try:
        found = look_at(url=url, now=timezone.now())
    except HostBusy as error:
        return {"url": url, "busy": str(error)}
    fetched = found.visited.fetched
    targets = visible(Target.objects.all(), person)
    theirs = set(
        targets.filter(pk__in=[suggested.target.pk for suggested in found.targets]).values_list(
            "pk", flat=True
        )
    )
    moved_to = fetched.final_url if fetched and fetched.final_url != url else ""
    return {
        "url": url,
        "found": found,
        "content_type": found.visited.headers.get("Content-Type", ""),
        "moved_to": moved_to,
        "moved_source": seen.filter(url=moved_to).first() if moved_to else None,
        "suggested": [
            (suggested, [(reason.label, words) for reason, words in suggested.suggestion.reasons])
            for suggested in found.targets
            if suggested.target.pk in theirs
        ],
    }


def chosen_targets(request: HttpRequest) -> list[int]:
    """Return the keys of the targets that the address of the add form names, as far as they are."""
    said = request.GET.getlist("watch")[:MOST_TARGETS]
    keys = [
        int(key) for key in said if key.isascii() and key.isdecimal() and len(key) <= _MOST_DIGITS
    ]
    targets = visible(Target.objects.all(), request.user)
    return list(targets.filter(pk__in=keys).values_list("pk", flat=True)) if keys else []
