"""Alerts in the preview of a status change, and in the steps that correct one."""

from __future__ import annotations

import datetime as dt

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from alerts.channels.letters import Personal
from alerts.services import audience_of, foretell
from campaigns.models import StatusChange
from campaigns.services import register_audience, register_preview


def foresee(change: StatusChange, now: dt.datetime) -> SafeString:
    """Return whom a status change would reach, and the mail."""
    foretold = foretell(change_id=change.pk, now=now)
    nobody = Personal(
        address="",
        message_id="",
        unsubscribe_link=_("[the reader’s own link]"),
        manage_link=_("[the reader’s own link]"),
        reasons=_("[what the reader follows]"),
    )
    context = {"change": change, "foretold": foretold, "mail": foretold.letter.to(nobody)}
    return render_to_string("admin/alerts/preview.html", context)


def recall(change: StatusChange) -> SafeString:
    """Return who was told of a status change."""
    context = {"change": change, "audience": audience_of(change_id=change.pk)}
    return render_to_string("admin/alerts/audience.html", context)


register_preview(foresee)
register_audience(recall)
