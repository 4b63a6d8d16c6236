"""Log from a link: paste an address or a text, look at what was read from it, save with a click."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from campaigns.admin.forms import is_key
from campaigns.models import Action, Response, StatusChange, Target
from companies.access import visible
from sources.admin.log_forms import (
    ActionPart,
    ArticleForm,
    DocumentPart,
    Part,
    PasteForm,
    ResponsePart,
    StatusPart,
)
from sources.admin.log_known import address_of, known_at, words_of
from sources.admin.log_saving import Logged, save
from sources.admin.log_suggestions import Evidence, suggest
from sources.clipping import TEXT_LENGTH
from sources.services import (
    Article,
    Likely,
    NotRead,
    Understood,
    article_of_text,
    fetch_article,
    on_record,
    understand,
)

_KINDS: dict[Likely, tuple[str, type[Part], Any, Any]] = {
    "action": ("action", ActionPart, gettext_lazy("Action"), gettext_lazy("Save as action")),
    "response": (
        "response",
        ResponsePart,
        gettext_lazy("Response"),
        gettext_lazy("Save as response"),
    ),
    "status_change": (
        "status",
        StatusPart,
        gettext_lazy("Status change"),
        gettext_lazy("Record status change"),
    ),
}
"""For each kind of entry: the name of its part, the part, its heading, its button."""
_MODELS: dict[str, type[Logged]] = {
    "action": Action,
    "response": Response,
    "status_change": StatusChange,
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
    """A part of the page, as it is shown."""

    kind: str
    heading: str
    button: str
    rows: Sequence[Row]
    errors: Sequence[str]
    is_open: bool


@require_http_methods(["GET", "POST"])
def log_from_link(request: HttpRequest) -> HttpResponse:
    """Ask for an address or a text; a POST reads it, and another saves what was read."""
    if request.method == "GET":
        if "saved" in request.GET:
            return _saved(request)
        return _paste(request, PasteForm(initial={"url": request.GET.get("url", "")}))
    if "save" in request.POST:
        return _save(request, request.POST["save"])
    form = PasteForm(request.POST)
    return _read(request, form) if form.is_valid() else _paste(request, form)


def _read(request: HttpRequest, form: PasteForm) -> HttpResponse:
    url, text = form.cleaned_data["url"], form.cleaned_data["text"]
    known = known_at(url, cast(User, request.user)) if url else None
    if known and "again" not in request.POST:
        return _paste(request, form, known=known)
    try:
        if text:
            article = article_of_text(text=text, url=url)
        else:
            article = fetch_article(url=url, now=timezone.now())
            known = known or known_at(article.url, cast(User, request.user))
            if known and "again" not in request.POST:
                return _paste(request, form, known=known)
        if known:
            article = on_record(article, known.document)
        understood = _understand(request, article)
    except NotRead as error:
        return _paste(request, form, problem=str(error))
    return _Desk(request, article, understood).show()


def _save(request: HttpRequest, kind: str) -> HttpResponse:
    article = ArticleForm(request.POST, prefix="read").article()
    if kind not in _KINDS:
        return HttpResponseRedirect(reverse("log-from-link"))
    part, form, _heading, _button = _KINDS[kind]
    document = DocumentPart(request, request.POST, prefix="document")
    written = form(request, request.POST, prefix=part)
    if logged := save(request, kind, document, written):
        return HttpResponseRedirect(
            f"{reverse('log-from-link')}?{urlencode({'saved': kind, 'id': logged.pk})}"
        )
    try:
        understood = _understand(request, article)
    except NotRead:
        # What was typed is kept, without the passages.
        understood = None
    desk = _Desk(request, article, understood, refused=kind)
    return desk.show(document, written)


def _understand(request: HttpRequest, article: Article) -> Understood:
    targets = visible(Target.objects.all(), request.user)
    return understand(article=article, targets=targets)


class _Desk:
    """The page on which an article is logged from."""

    def __init__(
        self,
        request: HttpRequest,
        article: Article,
        understood: Understood | None,
        refused: Likely | None = None,
    ) -> None:
        self._request = request
        self._article = article
        self._refused = refused
        self._suggested = suggest(article, understood)
        self._likely = self._order(understood)

    def show(
        self, document: DocumentPart | None = None, written: Part | None = None
    ) -> HttpResponse:
        """Show the parts as they are suggested, or as they were sent if saving was refused."""
        document_part = document or self._part(DocumentPart, "document")
        sections, media = [], document_part.media
        for kind in self._likely:
            name, form, heading, button = _KINDS[kind]
            part = written if written and kind == self._refused else self._part(form, name)
            media += part.media
            sections.append(self._section(part, name, kind, heading, button))
        context = {
            "sections": sections,
            "document": self._section(document_part, "document", "document", "", ""),
            "carried": self._carried(),
            "is_refused": self._refused is not None,
            "media": site.get_model_admin(Action).media + media,
        }
        return _page(self._request, "entry", _("Log from a link"), context)

    def _order(self, understood: Understood | None) -> Sequence[Likely]:
        """Return the kinds, the likeliest first; the one that was refused stays first."""
        likely: Iterable[Likely] = understood.likely if understood else _KINDS
        if self._refused:
            return sorted(likely, key=lambda kind: kind != self._refused)
        reported = understood.candidate.target if understood and understood.candidate else None
        ranked = understood.targets if understood else ()
        target = next((one.target for one in ranked if one.target.pk == reported), None)
        may_change = self._request.user.has_perm("campaigns.add_statuschange", target)
        return sorted(likely, key=lambda kind: kind == "status_change" and not may_change)

    def _part(self, form: type[Part], name: str) -> Part:
        """Return a part as it is suggested, or as it was sent beside the one that was refused."""
        part = form(self._request, prefix=name, initial={**self._suggested[name].initial})
        if self._refused:
            # Not bound: what nobody asked to save is not to be mended.
            sent = self._request.POST
            part.initial = {
                field.name: field.field.widget.value_from_datadict(
                    sent, MultiValueDict(), field.html_name
                )
                for field in part
            }
        return part

    def _section(self, part: Part, name: str, kind: str, heading: str, button: str) -> Section:
        is_tried = self._refused is not None and kind in ("document", self._refused)
        beside = self._suggested[name].beside
        part.offer(self._suggested[name].offered)
        rows = []
        for field in part:
            if field.name.endswith("_precision"):
                continue  # is read from what is typed as the date
            said = [str(error) for error in field.errors] if is_tried else []
            rows.append(Row(field, beside.get(field.name, ()), said))
        refused = [str(said) for said in part.non_field_errors()] if is_tried else []
        is_open = kind == self._likely[0]
        return Section(kind, str(heading), str(button), rows, refused, is_open)

    def _carried(self) -> ArticleForm:
        article = self._article
        names = ("url", "title", "publisher", "published_on", "published_precision", "language")
        initial = {name: getattr(article, name) for name in names}
        return ArticleForm(prefix="read", initial=initial | {"text": article.text[:TEXT_LENGTH]})


def _paste(request: HttpRequest, form: PasteForm, **context: Any) -> HttpResponse:
    context |= {"form": form, "problem": context.get("problem", "")}
    # After an answer, what it says is to be read first.
    form.fields["url"].widget.attrs["autofocus"] = not form.is_bound
    return _page(request, "paste", _("Log from a link"), context)


def _saved(request: HttpRequest) -> HttpResponse:
    """Say where an entry is that was saved, if the person may see it."""
    model = _MODELS.get(request.GET["saved"])
    key = request.GET.get("id", "")
    rows: Any = visible(model._default_manager.all(), request.user) if model else None
    logged = rows.filter(pk=key).first() if rows is not None and is_key(key) else None
    if logged is None:
        return HttpResponseRedirect(reverse("log-from-link"))
    campaign = logged.campaign if isinstance(logged, Action) else logged.target.campaign
    shown = logged if isinstance(logged, StatusChange) else campaign
    context = {
        "words": words_of(logged),
        "address": address_of(logged),
        "public_address": shown.get_absolute_url() if campaign.is_public else "",
        "campaign": campaign,
        "kind": logged._meta.verbose_name,
        "citation": logged.citations.select_related("document").first(),
    }
    return _page(request, "saved", _("It is on record"), context)


def _page(request: HttpRequest, name: str, title: str, context: dict[str, Any]) -> HttpResponse:
    context = {**site.each_context(request), "title": title, **context}
    return TemplateResponse(request, f"admin/log/{name}.html", context)
