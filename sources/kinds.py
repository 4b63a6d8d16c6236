"""What kinds of source there are, and how a visit to one can end: pure."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SourceKind(TextChoices):
    """What is expected at the URL of a source."""

    PAGE = "page", _("web page")
    FEED = "feed", _("RSS, Atom or JSON feed")
    JSON = "json", _("JSON: one value, or a list")
    BILL = "bill", _("bill, from Open States or Congress.gov")


class PollResult(TextChoices):
    """How a poll ended. The values are public."""

    BASELINE = "baseline", _("baseline")
    NOT_MODIFIED = "not_modified", _("not modified")
    UNCHANGED = "unchanged", _("unchanged")
    CHANGED = "changed", _("changed")
    FAILED = "failed", _("failed")
