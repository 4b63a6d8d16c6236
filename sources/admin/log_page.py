"""Log from a link: paste an address or a text, look at what was read from it, save with a click."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.admin import site
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.admin.forms import is_key
from campaigns.models import Action, Response, StatusChange, Target
from companies.access import visible
from sources.admin.log_desk import KINDS, Desk, Sent, is_unlike_agreed
from sources.admin.log_forms import ArticleForm, DocumentPart, PasteForm, StatusPart
from sources.admin.log_known import address_of, known_at, words_of
from sources.admin.log_saving import Logged, preview, save
from sources.services import (
    Article,
    NotRead,
    Understood,
    article_of_text,
    fetch_article,
    on_record,
    understand,
)

_MODELS: dict[str, type[Logged]] = {
    "action": Action,
    "response": Response,
    "status_change": StatusChange,
}


@require_http_methods(["GET", "POST"])
def log_from_link(request: HttpRequest) -> HttpResponse:
    """Ask for an address or a text; a POST reads it, others preview and save what was read."""
    if request.method == "GET":
        if "saved" in request.GET:
            return _saved(request)
        return _paste(request, PasteForm(initial={"url": request.GET.get("url", "")}))
    if "save" in request.POST:
        return _save(request, request.POST["save"])
    if "preview" in request.POST:
        return _save(request, request.POST["preview"], is_preview=True)
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
    return _entry(request, Desk(request, article, understood))


def _save(request: HttpRequest, kind: str, *, is_preview: bool = False) -> HttpResponse:
    """Save what was sent, or show what it would come to; else show it with what is to be mended."""
    if kind not in KINDS or (is_preview and kind != "status_change"):
        return HttpResponseRedirect(reverse("log-from-link"))
    how = KINDS[kind]
    document = DocumentPart(request, request.POST, prefix="document")
    part = how.form(request, request.POST, prefix=how.part)
    foreseen = None
    if isinstance(part, StatusPart) and (is_preview or is_unlike_agreed(request)):
        foreseen = preview(request, document, part)
    elif logged := save(request, kind, document, part):
        return HttpResponseRedirect(
            f"{reverse('log-from-link')}?{urlencode({'saved': kind, 'id': logged.pk})}"
        )
    article = ArticleForm(request.POST, prefix="read").article()
    try:
        understood = _understand(request, article)
    except NotRead:
        # What was typed is kept, without the passages.
        understood = None
    sent = Sent(kind, document, part, foreseen)
    return _entry(request, Desk(request, article, understood, sent))


def _understand(request: HttpRequest, article: Article) -> Understood:
    targets = visible(Target.objects.all(), request.user)
    return understand(article=article, targets=targets)


def _entry(request: HttpRequest, desk: Desk) -> HttpResponse:
    return _page(request, "entry", _("Log from a link"), desk.context())


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
