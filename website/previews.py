"""Public pages in the preview of a status change."""

from __future__ import annotations

import datetime as dt

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from campaigns.models import StatusChange
from campaigns.services import register_preview
from website.timelines import foreseen_items


def foresee(change: StatusChange, now: dt.datetime) -> SafeString:
    """Return the entry as the page of its campaign would show it, and what it corrects."""
    context = {"items": foreseen_items(change), "change": change, "foreseen": change.pk}
    return render_to_string("website/preview.html", context)


register_preview(foresee)
