"""TimelineJS 3 (https://timeline.knightlab.com/docs/json-format.html), by Knight Lab."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django.utils.html import conditional_escape, format_html
from django.utils.translation import gettext as _

from api.formats.happenings import date_parts, happenings_of
from api.formats.kinds import Format, Whole, dumps
from api.problems import InvalidParameters, ParameterError
from campaigns.formats import format_on
from campaigns.telling.happenings import Happening
from campaigns.telling.markup import as_html

MOST_EVENTS = 1_000
"""Of one kind: more than anybody can leaf through."""


class TimelineFormat(Format):
    """The records of a list on the days on which they happened."""

    name = "timeline"
    # Nothing is registered for it; a name of its own lets the header Accept ask for it.
    media_type = "application/x-timelinejs+json"
    ending = "json"
    help = (
        "What happened, on the days on which it happened, as TimelineJS 3 reads it: for lists of "
        "up to 1,000 records. What was corrected since, and retractions, are left out. Of an "
        "imprecise date only the year, or year and month, is given."
    )
    is_download = False
    is_json = True
    is_short = True
    refused: ClassVar[tuple[str, ...]] = (*Format.refused, "fields", "expand", "ordering")

    def check(self, whole: Whole) -> None:
        super().check(whole)
        if whole.reading.count(whole.selection, most=MOST_EVENTS + 1) > MOST_EVENTS:
            detail = _("format: this list has more than %d records: narrow it.")
            raise InvalidParameters([ParameterError("format", detail % MOST_EVENTS)])

    def write(self, whole: Whole) -> Iterator[bytes]:
        resource = whole.reading.resource
        page = whole.reading.page(whole.selection, place=None, limit=MOST_EVENTS)
        yield timeline(happenings_of(resource.name, page.items))


def timeline(happenings: Iterable[Happening], title: dict[str, Any] | None = None) -> bytes:
    """Return a timeline as JSON.

    Args:
        happenings: in any order.
        title: the slide that comes first, if there is to be one.
    """
    told = sorted(
        (happening for happening in happenings if not happening.is_undone),
        key=lambda happening: (happening.day, happening.recorded_at, happening.key),
    )
    slides = {"events": [_slide(happening) for happening in told]}
    return dumps(slides if title is None else {"title": title, **slides})


def title_slide(headline: str, text: str, page: str) -> dict[str, Any]:
    """Return the slide that says what a timeline is of."""
    link = format_html('<p><a href="{}">{}</a></p>', page, page)
    return {
        "unique_id": "title",
        "text": {
            "headline": conditional_escape(headline),
            "text": format_html("<p>{}</p>{}", text, link) if text else link,
        },
        "autolink": False,
    }


def _slide(happening: Happening) -> dict[str, Any]:
    more = format_html('<p><a href="{}">{}</a></p>', happening.page, _("More"))
    slide = {
        "unique_id": happening.key,
        "start_date": _date(happening.day, happening.precision),
        "display_date": format_on(happening.day, happening.precision),
        # Both are read as HTML.
        "text": {
            "headline": conditional_escape(happening.headline),
            "text": f"{as_html(happening)}{more}",
        },
        "group": _label(happening.group),
        "autolink": False,
    }
    if happening.last_day is not None and happening.last_day[0] > happening.day:
        slide["end_date"] = _date(*happening.last_day)
    return slide


def _label(text: str) -> str:
    """Return a text for where TimelineJS takes markup out first, and then reads HTML again."""
    return conditional_escape(text.replace("<", "‹").replace(">", "›"))


def _date(day: dt.date, precision: str) -> dict[str, int]:
    return dict(zip(("year", "month", "day"), date_parts(day, precision), strict=False))
