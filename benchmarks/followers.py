"""Campaigns that many follow."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils import timezone

from alerts.models import Subscriber, Subscription
from campaigns.models import Campaign, StatusChange, Target
from campaigns.services import record_status_change
from companies.models import Company


def followed_target(slug: str, followers: int) -> Target:
    """Write a target whose campaign so many follow, each at once and confirmed a day ago."""
    now = timezone.now() - dt.timedelta(days=1)
    campaign = Campaign.objects.create(title="Bench", slug=slug, published_at=now)
    company, _is_new = Company.objects.get_or_create(name="Bench", slug="bench")
    emails = (f"{number}@{slug}.example" for number in range(followers))
    subscribers = Subscriber.objects.bulk_create(
        (Subscriber(email=email, language="en", created_at=now) for email in emails),
        batch_size=2000,
    )
    Subscription.objects.bulk_create(
        (
            Subscription(
                subscriber=subscriber,
                campaign=campaign,
                criteria_key=f"campaign={campaign.pk}",
                requested_at=now,
                confirmed_at=now,
            )
            for subscriber in subscribers
        ),
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the database itself does after a while
    return Target.objects.create(campaign=campaign, company=company, demand="Be quick")


def changed(target: Target) -> StatusChange:
    """Change the status of a target to another than it has."""
    target.refresh_from_db()
    status = "refused" if target.status != "refused" else "under_review"
    now = timezone.now()
    return record_status_change(target=target, to_status=status, effective_on=now.date(), now=now)
