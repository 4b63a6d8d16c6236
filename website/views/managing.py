"""Pages behind the manage link in every mail: what an address gets, and what is kept of it.

The link is all the proof there is, so a POST needs no CSRF cookie; a GET changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import BadRequest
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from alerts import services
from alerts.errors import InvalidDay, InvalidToken
from website import subscriber_pages
from website.forms import CadenceForm, PauseForm, SettingsForm
from website.views.subscriptions import PAGE_AND_FORM, invalid_link

_LONGEST_KEY = 18

_SAID = {
    "change": gettext_lazy("The subscription was changed."),
    "end": gettext_lazy("The subscription was ended."),
    "end-all": gettext_lazy("All subscriptions were ended: you get no more mail from us."),
    "settings": gettext_lazy("Time zone and language were changed."),
    "pause": gettext_lazy("Nothing is sent until that day."),
    "resume": gettext_lazy("Mail is sent again."),
    "confirm": gettext_lazy(
        "If none was sent within the hour, a message with a link is on its way."
    ),
}
"""What is shown once it is done."""


@never_cache
@csrf_exempt
@require_http_methods(PAGE_AND_FORM)
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """Show all that an address gets; a POST changes one thing, which its field ``do`` names."""
    day_error = ""
    try:
        if request.method == "POST":
            action = request.POST.get("do", "")
            if action not in _ACTIONS:
                raise BadRequest("say what to do")
            try:
                _ACTIONS[action](request.POST, token)
            except InvalidDay as error:
                day_error = str(error)
            else:
                return redirect(f"{request.path}?done={action}")
        page = subscriber_pages.manage_page(token=token, now=timezone.now())
    except InvalidToken as error:
        return invalid_link(request, error)
    context = {
        "page": page,
        "token": token,
        "day_error": day_error,
        "said": _SAID.get(request.GET.get("done", "")) if request.method != "POST" else None,
    }
    return render(request, "website/manage.html", context)


def _change(posted: QueryDict, token: str) -> None:
    chosen = _read(CadenceForm(posted))
    services.change_subscription(
        token=token,
        subscription_id=_key(posted),
        cadence=chosen["cadence"],
        warns_of_expiry=chosen["warns_of_expiry"],
    )


def _end(posted: QueryDict, token: str) -> None:
    services.end_subscriptions(token=token, now=timezone.now(), subscription_id=_key(posted))


def _end_all(posted: QueryDict, token: str) -> None:
    services.end_subscriptions(token=token, now=timezone.now())


def _set(posted: QueryDict, token: str) -> None:
    chosen = _read(SettingsForm(posted))
    services.change_settings(
        token=token, time_zone=chosen["time_zone"], language=chosen["language"]
    )


def _pause(posted: QueryDict, token: str) -> None:
    form = PauseForm(posted)
    if not form.is_valid():
        raise InvalidDay(_("Enter a day."))
    services.pause_subscriber(token=token, until=form.cleaned_data["until"], now=timezone.now())


def _resume(posted: QueryDict, token: str) -> None:
    services.resume_subscriber(token=token)


def _confirm(posted: QueryDict, token: str) -> None:
    services.confirm_anew(token=token, now=timezone.now())


_ACTIONS: Mapping[str, Callable[[QueryDict, str], None]] = {
    "change": _change,
    "end": _end,
    "end-all": _end_all,
    "settings": _set,
    "pause": _pause,
    "resume": _resume,
    "confirm": _confirm,
}


def _read(form: Form) -> dict[str, Any]:
    """Return what was chosen from lists; who chooses what is not on them did not use the page."""
    if not form.is_valid():
        raise BadRequest("not on the list")
    return form.cleaned_data


def _key(posted: QueryDict) -> int:
    chosen = posted.get("subscription", "")
    if not (chosen.isascii() and chosen.isdecimal() and len(chosen) <= _LONGEST_KEY):
        raise BadRequest("say which subscription")
    return int(chosen)


@never_cache
@require_safe
def sent(request: HttpRequest, token: str) -> HttpResponse:
    """Everything ever sent to an address, and why."""
    try:
        page = subscriber_pages.sent_page(token=token, number=request.GET.get("page", "1"))
    except InvalidToken as error:
        return invalid_link(request, error)
    return render(request, "website/sent.html", {"page": page, "token": token})


@never_cache
@require_safe
def export(request: HttpRequest, token: str) -> HttpResponse:
    """All that is kept of an address, as a JSON file."""
    try:
        facts = services.export_subscriber(token=token, now=timezone.now())
    except InvalidToken as error:
        return invalid_link(request, error)
    return JsonResponse(
        facts,
        json_dumps_params={"indent": 2, "ensure_ascii": False},
        headers={"Content-Disposition": 'attachment; filename="followthrough-alerts.json"'},
    )


@never_cache
@csrf_exempt
@require_http_methods(PAGE_AND_FORM)
def erase(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether to forget an address, and forget it on POST."""
    try:
        if request.method == "POST":
            services.erase_subscriber(token=token, now=timezone.now())
            return render(request, "website/erased.html")
        subscriber = services.managed_subscriber(token=token)
    except InvalidToken as error:
        return invalid_link(request, error)
    context = {"subscriber": subscriber, "token": token}
    return render(request, "website/erase.html", context)
