"""Public pages in the preview of a status change."""

from __future__ import annotations

import datetime as dt

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from campaigns.models import StatusChange
from campaigns.services import register_preview
from website.timelines import change_item


def foresee(change: StatusChange, now: dt.datetime) -> SafeString:
    """Return the entry as the page of its campaign would show it."""
    return render_to_string("website/preview.html", {"item": change_item(change)})


register_preview(foresee)
