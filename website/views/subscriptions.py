"""Forms to be told of changes, and to be told no more.

The links in mails carry a token that is all the proof there is: cookies would add nothing, and
the browser inside a mail program may have none. So those pages take a POST without a CSRF cookie.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from alerts import services
from alerts.errors import InvalidAddress, InvalidToken
from alerts.services.subscribing import Wish
from campaigns.models import Campaign
from campaigns.visibility import public_companies
from companies.models import Company
from website.forms import ScopeForm, SubscribeForm

_PAGE_AND_FORM = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class _Scope:
    """What the visitor would be told of; everything when neither is given."""

    campaign: Campaign | None = None
    company: Company | None = None


@never_cache
@require_http_methods(_PAGE_AND_FORM)
def subscribe(request: HttpRequest) -> HttpResponse:
    """Take an address; the answer is the same whether it is known or not."""
    scope = _requested_scope(request)
    form = SubscribeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.subscribe(
                email=form.cleaned_data["email"],
                wish=Wish(campaign=scope.campaign, company=scope.company),
                language=get_language() or settings.LANGUAGE_CODE,
                now=timezone.now(),
            )
        except InvalidAddress as error:
            form.add_error("email", str(error))
        else:
            return redirect("website:subscribe-sent")
    return render(request, "website/subscribe.html", {"form": form, "scope": scope})


def _requested_scope(request: HttpRequest) -> _Scope:
    asked = ScopeForm(request.GET)
    if not asked.is_valid():
        raise BadRequest("no scope of a subscription")
    campaign, company = asked.cleaned_data["campaign"], asked.cleaned_data["company"]
    return _Scope(
        campaign=get_object_or_404(Campaign.objects.public(), slug=campaign) if campaign else None,
        company=get_object_or_404(public_companies(), slug=company) if company else None,
    )


@require_safe
def subscribe_sent(request: HttpRequest) -> HttpResponse:
    """Say that a confirmation mail is on its way, if one was needed."""
    return render(request, "website/subscribe_sent.html")


@never_cache
@csrf_exempt
@require_http_methods(_PAGE_AND_FORM)
def confirm_subscription(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm on POST only: mail scanners open every link, and must confirm nothing."""
    try:
        if request.method == "POST":
            subscription = services.confirm(token=token, now=timezone.now())
            return render(request, "website/confirmed.html", {"subscription": subscription})
        subscription = services.subscription_to_confirm(token=token, now=timezone.now())
    except InvalidToken as error:
        return _invalid_link(request, error)
    return render(request, "website/confirm.html", {"subscription": subscription})


@never_cache
@csrf_exempt
@require_http_methods(_PAGE_AND_FORM)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """List an address's subscriptions, and end one or all of them.

    A mail program ends all with the body ``List-Unsubscribe=One-Click`` (RFC 8058), which is
    answered without a redirect.
    """
    try:
        if request.method == "POST":
            return _end(request, token)
        subscriptions = list(services.subscriptions_of(token))
    except InvalidToken as error:
        return _invalid_link(request, error)
    return render(request, "website/unsubscribe.html", {"subscriptions": subscriptions})


def _end(request: HttpRequest, token: str) -> HttpResponse:
    if request.POST.get("List-Unsubscribe") == "One-Click":
        services.unsubscribe(token=token, now=timezone.now())
        return HttpResponse(_("You are unsubscribed."), content_type="text/plain; charset=utf-8")
    chosen = request.POST.get("subscription", "")
    if chosen == "all":
        services.unsubscribe(token=token, now=timezone.now())
    elif chosen.isascii() and chosen.isdecimal():
        only = services.subscriptions_of(token).filter(pk=chosen).first()
        if only:  # else it was ended meanwhile, in another window
            services.unsubscribe(token=token, now=timezone.now(), only=only)
    else:
        raise BadRequest("say which subscription to end")
    return redirect(request.path)


def _invalid_link(request: HttpRequest, error: InvalidToken) -> HttpResponse:
    return render(request, "website/invalid_link.html", {"error": str(error)}, status=404)
