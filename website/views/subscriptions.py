"""Forms to be told of changes, and to be told no more.

The links in mails carry a token that is all the proof there is: cookies would add nothing, and
the browser inside a mail program may have none. So those pages take a POST without a CSRF cookie.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from alerts import services
from alerts.cadences import Cadence
from alerts.errors import InvalidAddress, InvalidToken, TooManyRequests
from alerts.models import Subscription
from alerts.services.matching import wants_warnings
from alerts.services.subscribing import Wish
from alerts.tokens import manage_token
from campaigns.visibility import public_companies
from website.criteria import InvalidQuery
from website.forms import SubscribeForm
from website.wishes import FILTER, read_wish
from website.zones import UTC

PAGE_AND_FORM = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(PAGE_AND_FORM)
def subscribe(request: HttpRequest) -> HttpResponse:
    """Take an address; the answer is the same whether it is known or not."""
    try:
        wish = read_wish(request.GET)
    except InvalidQuery as error:
        refused = {"error": str(error), "query": request.GET[FILTER]}
        return render(request, "website/subscribe_filter.html", refused, status=400)
    form = _subscribe_form(request, wish)
    try:
        if form.is_valid():
            _subscribe(request, wish, form.cleaned_data)
            return redirect("website:subscribe-sent")
    except TooManyRequests as refusal:
        return _too_many(request, refusal)
    except InvalidAddress as error:
        form.add_error("email", str(error))
    followed = wish.as_subscription().followed
    context = {"form": form, "wish": wish, "followed": followed}
    return render(request, "website/subscribe.html", context)


def _subscribe_form(request: HttpRequest, wish: Wish) -> SubscribeForm:
    is_scope = wish.company is not None and FILTER not in request.GET
    return SubscribeForm(
        request.POST if request.method == "POST" else None,
        estimate=services.estimate_mails(
            subscription=wish.as_subscription(), time_zone=UTC, now=timezone.now()
        ),
        has_warnings=wants_warnings(wish.as_subscription()),
        has_subsidiaries=is_scope and public_companies().filter(parent=wish.company).exists(),
    )


def _subscribe(request: HttpRequest, wish: Wish, chosen: dict[str, Any]) -> None:
    now = timezone.now()
    client = request.META["CLIENT_NETWORK"]
    services.count_request(email=chosen["email"], client=client, now=now)
    services.subscribe(
        email=chosen["email"],
        wish=replace(
            wish,
            cadence=chosen["cadence"],
            warns_of_expiry=chosen.get("warns_of_expiry", wish.warns_of_expiry),
            includes_subsidiaries=chosen.get("includes_subsidiaries", wish.includes_subsidiaries),
        ),
        language=get_language() or settings.LANGUAGE_CODE,
        time_zone=chosen["time_zone"],
        now=now,
    )


def _too_many(request: HttpRequest, refusal: TooManyRequests) -> HttpResponse:
    context = {"refusal": refusal, "minutes": -(-refusal.seconds // 60)}
    answer = render(request, "website/too_many.html", context, status=429)
    answer["Retry-After"] = str(refusal.seconds)
    return answer


@require_safe
def subscribe_sent(request: HttpRequest) -> HttpResponse:
    """Say that a confirmation mail is on its way, if one was needed."""
    return render(request, "website/subscribe_sent.html")


@never_cache
@csrf_exempt
@require_http_methods(PAGE_AND_FORM)
def confirm_subscription(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm on POST only: mail scanners open every link, and must confirm nothing."""
    now = timezone.now()
    try:
        if request.method == "POST":
            subscription = services.confirm(token=token, now=now)
            return render(request, "website/confirmed.html", _with_manage_link(subscription))
        subscription = services.subscription_to_confirm(token=token, now=now)
    except InvalidToken as error:
        return invalid_link(request, error)
    zone = subscription.subscriber.time_zone
    estimate = services.estimate_mails(subscription=subscription, time_zone=zone, now=now)
    context = {
        "subscription": subscription,
        "mails_count": estimate.mails_count(Cadence(subscription.cadence)),
        "has_warnings": subscription.warns_of_expiry and wants_warnings(subscription),
        "warnings_count": estimate.warnings_count,
    }
    return render(request, "website/confirm.html", context)


def _with_manage_link(subscription: Subscription) -> dict[str, Any]:
    token = manage_token(subscriber_id=subscription.subscriber_id)
    link = reverse("website:manage", args=[token])
    return {"subscription": subscription, "manage_link": link}


@never_cache
@csrf_exempt
@require_http_methods(PAGE_AND_FORM)
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
        return invalid_link(request, error)
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


def invalid_link(request: HttpRequest, error: InvalidToken) -> HttpResponse:
    """Say what is wrong with the link of a mail."""
    return render(request, "website/invalid_link.html", {"error": str(error)}, status=404)
