"""Where a target stands, told beside what of it can be edited."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.formats import format_on
from campaigns.models import Target
from companies.access import sees_all


class StandingColumns:
    """Where a target stands, and the way to record a change of it, beside what can be edited."""

    def has_page(self, target: Target) -> bool:
        """Whether the site shows the target."""
        return target.campaign.is_public

    def may_record(self, request: HttpRequest, row: Model | None) -> bool:
        """Whether the person may record what happens to a target, or to those of a campaign."""
        person = request.user
        # Django's backend knows permissions of models, not of rows: what stewards have.
        asked = None if sees_all(person) else row
        return person.has_perm("campaigns.add_statuschange", asked)

    @admin.display(description=_("status"))
    def status_now(self, target: Target) -> str:
        return status_of(target)

    @admin.display(description=_("status change"))
    def record(self, target: Target) -> str:
        return record_link(target)


def status_of(target: Target) -> str:
    """Return the status and its day in words: "paused, since 10 June 2020"."""
    if not target.status:
        return gettext("nothing on record")
    since = format_on(target.status_since, target.status_precision)
    return gettext("%(status)s, since %(since)s") % {
        "status": target.get_status_display(),
        "since": since,
    }


def record_link(target: Target) -> str:
    """Return a link to the form that records a status change of the target."""
    if target._state.adding:
        return ""
    address = reverse("admin:campaigns_statuschange_add") + f"?target={target.pk}"
    return format_html('<a href="{}">{}</a>', address, _("Record a status change"))
