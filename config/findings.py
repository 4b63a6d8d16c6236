"""What alerts tell staff of findings: the two apps do not know each other, and meet here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.dispatch import receiver
from django.urls import reverse

from alerts.models import Event
from alerts.services import FindingNews, register_news
from alerts.tasks import wake_findings
from sources.events import finding_created
from sources.models import Finding

RECENT = dt.timedelta(days=3)
"""What was found earlier is no news, should it still have no event."""


@receiver(finding_created, dispatch_uid="config.wake_findings")
def wake(**kwargs: Any) -> None:
    """Wake a worker for a new finding."""
    wake_findings()


def new_findings(now: dt.datetime) -> Iterator[FindingNews]:
    """Yield recent findings that wait for review and have no event, the older ones first."""
    told = Event.objects.filter(finding_id=OuterRef("pk"))
    waiting = Finding.objects.pending().filter(~Exists(told), created_at__gt=now - RECENT)
    for finding in waiting.order_by("created_at", "pk"):
        yield FindingNews(
            finding_id=finding.pk,
            target_id=finding.target_id,
            proposed_status=finding.proposed_status,
            occurred_at=finding.created_at,
            details={
                "passage": finding.passage,
                "proposed_status": finding.proposed_status,
                "reasons": finding.reasons,
                "title": finding.title,
                "document_url": finding.url,
                "path": reverse("admin:sources_finding_change", args=[finding.pk]),
            },
        )


register_news(new_findings)
