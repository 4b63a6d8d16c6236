"""Feeds of status changes, and calendars of what is to end: translate in, read, translate out.

An address without a noun takes the filters of the API's list of status changes; one below a
campaign, company, organization or topic is of that, a company with its subsidiaries.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from alerts.models import Subscription
from website.addresses import follows_moves, row_at
from website.answering import answer
from website.calendars import icalendar
from website.calendars.answers import answer_events
from website.calendars.outcomes import outcome_events
from website.criteria import (
    OF_CHANGES,
    OF_TARGETS,
    THINGS,
    InvalidQuery,
    check_parameters,
    read_criteria,
    read_number,
)
from website.feeds.documents import BEFORE, FORMS, Place
from website.feeds.pages import feed_page
from website.links import absolute


@gzip_page
@require_safe
@follows_moves
def changes_feed(
    request: HttpRequest, form: str, noun: str = "", slug: str = ""
) -> HttpResponseBase:
    """The status changes, those that became public last first."""
    try:
        criteria = _criteria(request, OF_CHANGES, noun, slug, BEFORE)
        before = _read_before(request)
    except InvalidQuery as error:
        return _refusal(error)
    home_page = reverse(f"website:{noun}", args=[slug]) if noun else reverse("website:home")
    place = Place(
        address=_address(request),
        what=criteria.in_words(),
        home_page=absolute(home_page),
        before=before,
    )
    write, media_type = FORMS[form]
    body = write(place, feed_page(criteria, before=before))
    return answer(request, body, content_type=f"{media_type}; charset=utf-8", now=timezone.now())


@gzip_page
@require_safe
@follows_moves
def outcomes_calendar(request: HttpRequest, noun: str = "", slug: str = "") -> HttpResponseBase:
    """The days on which outcomes expire or are to be reviewed, or an answer is asked for."""
    try:
        criteria = _criteria(request, OF_TARGETS, noun, slug)
    except InvalidQuery as error:
        return _refusal(error)
    now = timezone.now()
    name = _("Followthrough: %(what)s") % {"what": criteria.in_words()}
    events = [*outcome_events(criteria, now=now), *answer_events(criteria, now=now)]
    body = icalendar.write_calendar(name, events)
    return answer(request, body, content_type=f"{icalendar.MEDIA_TYPE}; charset=utf-8", now=now)


def _criteria(
    request: HttpRequest, filters: tuple[str, ...], noun: str, slug: str, *more: str
) -> Subscription:
    if not noun:
        check_parameters(request.GET, (*filters, *more))
        return read_criteria(request.GET.dict()).as_subscription()
    thing = row_at(THINGS[noun](), slug)
    check_parameters(request.GET, more)
    return Subscription(**{noun: thing})


def _read_before(request: HttpRequest) -> int | None:
    if BEFORE not in request.GET:
        return None
    number = read_number(request.GET[BEFORE])
    if number is None:
        shown = {"name": BEFORE, "value": request.GET[BEFORE][:60]}
        raise InvalidQuery(_("Parameter “%(name)s”: “%(value)s” is not a number.") % shown)
    return number


def _address(request: HttpRequest) -> str:
    """Return the address of the first page, the same however its filters are ordered."""
    chosen = {name: request.GET[name] for name in sorted(request.GET) if name != BEFORE}
    return absolute(f"{request.path}?{urlencode(chosen)}" if chosen else request.path)


def _refusal(error: InvalidQuery) -> HttpResponse:
    return HttpResponse(f"{error}\n", status=400, content_type="text/plain; charset=utf-8")
