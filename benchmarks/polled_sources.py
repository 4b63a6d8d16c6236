"""Sources of the polled site, each watched for the target whose company may be in its news."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from benchmarks.polled_site import COMPANIES, PolledSite, host_of
from campaigns.models import Campaign, Target, Topic
from campaigns.services import record_status_change
from companies.models import Company
from sources.models import Source, Watch


def make_sources(site: PolledSite, count: int) -> list[Source]:
    """Make sources, numbered from 0, that were never polled."""
    targets = _make_targets()
    sources = Source.objects.bulk_create(
        Source(
            name=f"Source {number}",
            slug=f"polled-source-{number}",
            url=site.url(number),
            host=host_of(number),
        )
        for number in range(count)
    )
    Watch.objects.bulk_create(
        Watch(source=source, target=targets[number % COMPANIES])
        for number, source in enumerate(sources)
    )
    return sources


def _make_targets() -> list[Target]:
    now = timezone.now()
    campaign = Campaign.objects.create(title="Polled", slug="polled", published_at=now)
    campaign.topics.add(Topic.objects.create(name="Police face recognition", slug="polled"))
    companies = [
        Company.objects.create(name=f"Company {number}", slug=f"polled-company-{number}")
        for number in range(COMPANIES)
    ]
    targets = [
        Target.objects.create(
            campaign=campaign, company=company, demand="Stop selling face recognition to police"
        )
        for company in companies
    ]
    for target in targets:
        day = now.date() - dt.timedelta(days=365)
        record_status_change(target=target, to_status="called_on", effective_on=day, now=now)
    return targets
