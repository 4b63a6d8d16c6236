"""The page on which an article is logged from: its parts, as they are suggested or were sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin import site
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from campaigns.admin.agreeing import fingerprint, is_unlike_preview
from campaigns.admin.forms import is_key
from campaigns.models import Action
from sources.admin.log_forms import (
    ActionPart,
    ArticleForm,
    DocumentPart,
    Part,
    ResponsePart,
    StatusPart,
)
from sources.admin.log_permits import About, may_log, permission_for, who_may
from sources.admin.log_similar import Offered, offered_actions, similar_campaigns
from sources.admin.log_suggestions import Evidence, suggest, suggest_campaigns
from sources.clipping import TEXT_LENGTH
from sources.services import Article, Likely, Understood

_AGREED = ("document-", "status-")
"""What the names of fields begin with of which a status change is made."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry.

    Attributes:
        part: the name of its part of the page.
        form: the part.
        heading: of the part.
        button: that saves it.
        about: the field that says in which campaign, or of which target, it is logged.
    """

    part: str
    form: type[Part]
    heading: StrOrPromise
    button: StrOrPromise
    about: str


KINDS: dict[Likely, Kind] = {
    "action": Kind("action", ActionPart, _("Action"), _("Save as action"), "campaign"),
    "response": Kind("response", ResponsePart, _("Response"), _("Save as response"), "target"),
    "status_change": Kind(
        "status", StatusPart, _("Status change"), _("Record status change"), "target"
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A field, with where its value comes from and what is to be mended."""

    field: forms.BoundField
    beside: Sequence[Evidence]
    errors: Sequence[str]

    @property
    def is_box(self) -> bool:
        """Whether it is a box to tick, whose label follows it."""
        return isinstance(self.field.field, forms.BooleanField)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page, as it is shown.

    Attributes:
        denied: who may save it as it stands; "" if the person may.
        is_offered: whether it has a button: the person may save such entries somewhere.
        similar: what is on record and perhaps the same.
    """

    kind: str
    heading: str
    button: str
    rows: Sequence[Row]
    errors: Sequence[str]
    denied: str = ""
    is_offered: bool = True
    similar: Offered | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent to be saved or previewed, and was not saved.

    Attributes:
        kind: the kind of entry.
        document: the part about the document.
        part: the part about the entry.
        preview: what it would come to, if that was asked and is not refused.
    """

    kind: Likely
    document: DocumentPart
    part: Part
    preview: list[SafeString] | None = None


class Desk:
    """The parts as they are suggested, or as they were sent if they were not saved."""

    def __init__(
        self,
        request: HttpRequest,
        article: Article,
        understood: Understood | None,
        sent: Sent | None = None,
    ) -> None:
        self._request = request
        self._article = article
        self._sent = sent
        self._suggested = suggest(article, understood)
        self._likely: Iterable[Likely] = understood.likely if understood else KINDS
        campaigns = similar_campaigns(request.user, article.title, understood)
        suggest_campaigns(self._suggested["action"], campaigns)

    def context(self) -> dict[str, Any]:
        """Return what the page shows."""
        sent = self._sent
        document = sent.document if sent else self._part(DocumentPart, "document")
        parts: dict[Likely, Part] = {kind: self._part_of(kind) for kind in self._likely}
        sections = [self._section(kind, part) for kind, part in parts.items()]
        first = sent.kind if sent else ""
        sections.sort(key=lambda one: (one.kind != first, bool(one.denied) and not sent))
        rows = self._rows(document, "document", is_tried=sent is not None)
        return {
            "sections": sections,
            "offered": [one for one in sections if not one.denied],
            "document": Section("document", "", "", rows, ()),
            "carried": self._carried(),
            "is_refused": sent is not None and sent.preview is None,
            "preview": sent.preview if sent else None,
            "previewed": fingerprint(self._request.POST, *_AGREED),
            "media": sum(
                (part.media for part in parts.values()),
                site.get_model_admin(Action).media + document.media,
            ),
        }

    def _part_of(self, kind: Likely) -> Part:
        if self._sent and self._sent.kind == kind:
            return self._sent.part
        return self._part(KINDS[kind].form, KINDS[kind].part)

    def _part(self, form: type[Part], name: str) -> Part:
        """Return a part as it is suggested, or as it was sent beside the one that was not saved."""
        part = form(self._request, prefix=name, initial={**self._suggested[name].initial})
        if self._sent:
            # Not bound: what nobody asked to save is not to be mended.
            sent = self._request.POST
            part.initial = {
                field.name: field.field.widget.value_from_datadict(
                    sent, MultiValueDict(), field.html_name
                )
                for field in part
            }
        return part

    def _section(self, kind: Likely, part: Part) -> Section:
        how = KINDS[kind]
        is_tried = self._sent is not None and kind == self._sent.kind
        person, about = self._request.user, self._about(part, how.about)
        may = may_log(person, kind, about) if about else person.has_perm(permission_for(kind))
        return Section(
            kind=kind,
            heading=str(how.heading),
            button=str(how.button),
            rows=self._rows(part, how.part, is_tried=is_tried),
            errors=[str(said) for said in part.non_field_errors()] if is_tried else [],
            denied="" if may else who_may(person, about),
            is_offered=may or person.has_perm(permission_for(kind)),
            similar=offered_actions(person, part) if isinstance(part, ActionPart) else None,
        )

    def _about(self, part: Part, name: str) -> About | None:
        """Return the campaign or the target that stands in a part."""
        key, field = part[name].value(), part.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        assert field.queryset is not None
        return field.queryset.filter(pk=key).first() if is_key(key) else None

    def _rows(self, part: Part, name: str, *, is_tried: bool) -> list[Row]:
        suggestion = self._suggested[name]
        part.offer(suggestion.offered)
        return [
            Row(
                field,
                suggestion.beside.get(field.name, ()),
                [str(error) for error in field.errors] if is_tried else [],
            )
            for field in part
            # A precision is read from what is typed as the date.
            if not field.name.endswith("_precision")
        ]

    def _carried(self) -> ArticleForm:
        article = self._article
        names = ("url", "title", "publisher", "published_on", "published_precision", "language")
        initial = {name: getattr(article, name) for name in names}
        return ArticleForm(prefix="read", initial=initial | {"text": article.text[:TEXT_LENGTH]})


def is_unlike_agreed(request: HttpRequest) -> bool:
    """Whether a preview was shown of another status change than what was sent."""
    return is_unlike_preview(request.POST, *_AGREED)
