"""How a campaign is shown to the public, and hidden from it again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef

from campaigns.models import Action, Campaign, FeedEntry, LogHead, StatusChange, Target
from campaigns.services.feed import enter_feed
from campaigns.services.recording import lock_log
from campaigns.services.shelving import cite_as_public
from companies.models import Product

_INSTANT = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What publishing or withdrawing a campaign did.

    Attributes:
        has_changed: whether the campaign became public or ceased to be; if not, it was so before.
        entries: what was appended to the public feed.
    """

    has_changed: bool
    entries: list[FeedEntry]


@transaction.atomic
def publish_campaign(*, campaign: Campaign, now: dt.datetime) -> Publication:
    """Make a campaign public, and enter its status changes into the public feed in log order.

    A campaign that is public keeps its ``published_at``, and whatever is in the feed already is
    not entered again. Nobody is alerted of what was recorded in a draft.

    Args:
        campaign: the instance is brought up to date as well.
        now: the moment of publishing, with time zone. It is moved behind everything on record, so
            that a change recorded in a draft never seems to have been public at once.

    Raises:
        Campaign.DoesNotExist: it was deleted meanwhile.
    """
    return _turn(campaign, now, is_public=True)


@transaction.atomic
def withdraw_campaign(*, campaign: Campaign, now: dt.datetime) -> Publication:
    """Make a campaign a draft again, and take back its status changes in the public feed.

    Its pages answer 404 until it is published again. A draft stays as it is.

    Args:
        campaign: the instance is brought up to date as well.
        now: the moment of withdrawing, with time zone.

    Raises:
        Campaign.DoesNotExist: it was deleted meanwhile.
    """
    return _turn(campaign, now, is_public=False)


def _turn(campaign: Campaign, now: dt.datetime, *, is_public: bool) -> Publication:
    head = lock_log()
    moment = max(now, head.last_recorded_at + _INSTANT) if head.last_recorded_at else now
    has_changed = _decide(campaign, moment, is_public=is_public)
    changes = StatusChange.objects.filter(target__campaign=campaign).order_by("sequence")
    is_seen = Exists(FeedEntry.objects.standing().filter(status_change=OuterRef("pk")))
    if is_public:
        event, news = FeedEntry.Event.PUBLISHED, changes.filter(~is_seen)
    else:
        event, news = FeedEntry.Event.WITHDRAWN, changes.filter(is_seen)
    entries = enter_feed(news, event, head=head, entered_at=moment)
    if has_changed or entries:
        # What is recorded next is not dated before this.
        LogHead.objects.filter(pk=head.pk).update(last_recorded_at=moment)
    return Publication(has_changed=has_changed, entries=entries)


def _decide(campaign: Campaign, moment: dt.datetime, *, is_public: bool) -> bool:
    row = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    has_changed = row.is_public != is_public
    if has_changed:
        if is_public:
            cite_as_public(row)
        row.published_at = moment if is_public else None
        # Through the instance, so that whoever keeps its history is told.
        row.save(update_fields=["published_at", "updated_at"])
        _note_elsewhere(row)
    campaign.published_at, campaign.updated_at = row.published_at, row.updated_at
    return has_changed


def _note_elsewhere(campaign: Campaign) -> None:
    """Note what the public sees of other records because this one turned, or no longer sees."""
    products = campaign.targets.values_list("product", flat=True)
    others = Target.objects.public().exclude(campaign=campaign)
    Product.touch_companies(others.leave_unnamed(set(products)))
    naming = Action.objects.public().filter(targets__campaign=campaign)
    Action.touch(set(naming.exclude(campaign=campaign).values_list("pk", flat=True)))
