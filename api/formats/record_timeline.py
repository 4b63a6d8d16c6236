"""The timeline of a campaign or a company: all that was done, said and decided, in one."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from api.formats.happenings import READERS, happenings_of
from api.formats.timeline_format import MOST_EVENTS, timeline, title_slide
from api.problems import InvalidParameters, ParameterError
from api.reading import Reading
from api.resource import Selection, find_resource
from api.shapes import Item
from campaigns.telling.happenings import Happening

REFUSED = ("expand", "fields")
"""Parameters that would mean nothing: a timeline shows what it shows."""


def check_given(given: Collection[str]) -> None:
    """Refuse parameters that mean nothing to a timeline.

    Raises:
        InvalidParameters: names every one of them.
    """
    detail = _("%(name)s: has no meaning with format=%(format)s.")
    errors = [
        ParameterError(name, detail % {"name": name, "format": "timeline"})
        for name in REFUSED
        if name in given
    ]
    if errors:
        raise InvalidParameters(errors)


def record_timeline(reading: Reading, item: Item) -> bytes:
    """Return the timeline of a record, as the clocks of the reading stand.

    Args:
        reading: of a resource by whose singular name actions, responses and changes are filtered.
        item: the record, whole.

    Raises:
        InvalidParameters: it has more than 1,000 events of one kind.
    """
    headline = item.get("title") or item["name"]
    text = item.get("summary") or item.get("description") or ""
    happenings = [one for name in READERS for one in _happenings(reading, name, item["id"])]
    return timeline(happenings, title_slide(headline, text, item["html_url"]))


def _happenings(reading: Reading, name: str, pk: int) -> Iterable[Happening]:
    resource = find_resource(name)
    (owner,) = (one for one in resource.filters if one.name == reading.resource.singular)
    chosen = owner.choose(str(pk), {})
    assert chosen is not None
    selection = Selection(chosen=(chosen,), ordering=resource.all_orderings[0])
    page = reading.of(resource).page(selection, place=None, limit=MOST_EVENTS)
    if page.next is not None:
        detail = _(
            "format: there are more than %d records of one kind: ask for each list by itself."
        )
        raise InvalidParameters([ParameterError("format", detail % MOST_EVENTS)])
    return happenings_of(name, page.items)
