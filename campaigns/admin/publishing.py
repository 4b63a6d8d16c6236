"""Publishing and withdrawing campaigns, chosen in the list of them."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import DatabaseError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from campaigns.services import Publication, publish_campaign, withdraw_campaign

logger = logging.getLogger(__name__)

CampaignModelAdmin = admin.ModelAdmin[Campaign]


@admin.action(description=_("Publish the selected campaigns"), permissions=["publish"])
def publish(
    model_admin: CampaignModelAdmin, request: HttpRequest, campaigns: QuerySet[Campaign]
) -> None:
    """Publish the drafts among the selected campaigns."""

    def turn(campaign: Campaign, now: dt.datetime) -> Publication:
        return publish_campaign(campaign=campaign, now=now)

    count = _turn_each(model_admin, request, campaigns, turn, gettext("Published."))
    message = ngettext("%(count)d campaign published.", "%(count)d campaigns published.", count)
    model_admin.message_user(request, message % {"count": count})


@admin.action(description=_("Withdraw the selected campaigns"), permissions=["publish"])
def withdraw(
    model_admin: CampaignModelAdmin, request: HttpRequest, campaigns: QuerySet[Campaign]
) -> TemplateResponse | None:
    """Say what would become invisible; once that is confirmed, withdraw the campaigns."""
    if "confirmed" not in request.POST:
        return _ask(model_admin, request, campaigns)

    def turn(campaign: Campaign, now: dt.datetime) -> Publication:
        return withdraw_campaign(campaign=campaign, now=now)

    count = _turn_each(model_admin, request, campaigns, turn, gettext("Withdrawn."))
    message = ngettext("%(count)d campaign withdrawn.", "%(count)d campaigns withdrawn.", count)
    model_admin.message_user(request, message % {"count": count})
    return None


def _ask(
    model_admin: CampaignModelAdmin, request: HttpRequest, campaigns: QuerySet[Campaign]
) -> TemplateResponse | None:
    public = campaigns.filter(published_at__isnull=False).annotate(
        changes_count=Count("targets__status_changes", distinct=True),
        actions_count=Count("actions", distinct=True),
        responses_count=Count("targets__responses", distinct=True),
    )
    shown = list(public)
    if not shown:
        model_admin.message_user(
            request, gettext("None of these campaigns is public."), messages.WARNING
        )
        return None
    context = {
        **model_admin.admin_site.each_context(request),
        "title": gettext("Withdraw campaigns"),
        "opts": model_admin.opts,
        "campaigns": shown,
        "checkbox_name": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/campaigns/campaign/withdraw.html", context)


def _turn_each(
    model_admin: CampaignModelAdmin,
    request: HttpRequest,
    campaigns: QuerySet[Campaign],
    turn: Callable[[Campaign, dt.datetime], Publication],
    note: str,
) -> int:
    """Turn campaign after campaign, each in its own transaction; return how many changed."""
    count = 0
    for campaign in campaigns:
        try:
            publication = turn(campaign, timezone.now())
        except (DatabaseError, Campaign.DoesNotExist):
            logger.exception("Campaign %s was neither published nor withdrawn", campaign.pk)
            model_admin.message_user(
                request,
                gettext("“%(title)s” stays as it is: something went wrong. Try it again.")
                % {"title": campaign},
                messages.ERROR,
            )
            continue
        if publication.has_changed:
            count += 1
            model_admin.log_change(request, campaign, note)
    return count
