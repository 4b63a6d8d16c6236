"""How the record is written on a page: days, statuses, addresses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaigns.dates import Precision
from campaigns.formats import format_on
from campaigns.statuses import MEANINGS, Status
from website import links

register = template.Library()

# A shape for each group, so that nobody needs to see colours.
_LOOKS = {
    Status.CALLED_ON: ("waiting", "○"),
    Status.UNDER_REVIEW: ("waiting", "○"),
    Status.IN_COURT: ("waiting", "○"),
    Status.REFUSED: ("against", "✕"),
    Status.REVERSED: ("against", "↩"),
    Status.EXPIRED: ("against", "↩"),
    Status.PARTIAL: ("partly", "◐"),
    Status.COMMITTED: ("partly", "◐"),
    Status.PAUSED: ("partly", "◐"),
    Status.SETTLED: ("won", "●"),
    Status.MET: ("won", "●"),
    Status.MANDATED: ("won", "●"),
    Status.WITHDRAWN: ("nothing", "–"),
}
_MACHINE_FORMATS = {Precision.DAY: "%Y-%m-%d", Precision.MONTH: "%Y-%m", Precision.YEAR: "%Y"}


@register.simple_tag
def status(value: str | None) -> SafeString:
    """Write a status as a badge: a shape, a colour and always its name."""
    if not value:
        return format_html('<span class="badge nothing">{}</span>', _("nothing on record"))
    known = Status(value)
    look, shape = _LOOKS[known]
    return format_html(
        '<span class="badge {}" title="{}"><span aria-hidden="true">{}</span> {}</span>',
        look,
        MEANINGS[known],
        shape,
        known.label,
    )


@register.simple_tag
def day(value: dt.date | None, precision: str = Precision.DAY) -> SafeString | str:
    """Write a date as precise as it is known, for people and for machines."""
    if value is None:
        return ""
    known = Precision(precision or Precision.DAY)
    machine = value.strftime(_MACHINE_FORMATS[known])
    return format_html('<time datetime="{}">{}</time>', machine, format_on(value, known))


@register.simple_tag
def moment(value: dt.datetime) -> SafeString:
    """Write a moment in UTC, with its zone."""
    utc = value.astimezone(dt.UTC)
    text = f"{date_format(utc, 'j F Y, H:i')} UTC"
    return format_html('<time datetime="{}">{}</time>', utc.isoformat(timespec="seconds"), text)


@register.simple_tag
def outside(url: str, text: str = "") -> SafeString:
    """Write a link to another site, or only its text if the address is none of the web."""
    if not links.is_web_address(url):
        return format_html("{}", text or url)
    return format_html('<a href="{}" rel="external noopener">{}</a>', url, text or url)


@register.filter
def web_address(url: str) -> str:
    """Return the address if it is one of the web, else nothing."""
    return url if links.is_web_address(url) else ""


@dataclass(frozen=True, slots=True)
class Feeds:
    """Where the status changes can be followed, and the calendar of what is to end."""

    atom: str
    json: str
    calendar: str


@register.simple_tag
def feeds_of(noun: str = "", slug: str = "") -> Feeds:
    """Return the feeds of a campaign, company, organization or topic; without one, of all."""
    prefix = f"website:{noun}-" if noun else "website:"
    names = ("changes-atom", "changes-json", "outcomes-ics")
    return Feeds(*(reverse(f"{prefix}{name}", args=[slug] if noun else None) for name in names))


@register.simple_tag
def permanent(path: str) -> str:
    """Return the full address of a path of this site."""
    return links.absolute(path)
