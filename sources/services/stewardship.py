"""What people looked after where they do not work any more."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef

from campaigns.models import Membership
from sources.models import Finding, Source, Watch
from sources.services.triage import reviewers_of


@transaction.atomic
def release_duties(*, user_id: int) -> None:
    """Take from a person, whose role ended or changed, what they may not look after any more.

    Findings that were assigned to them wait for anybody again; of sources that nothing is watched
    for they stay stewards only while they work for some organization.
    """
    assigned = Finding.objects.pending().filter(assigned_to=user_id)
    for finding in assigned.select_related("target__campaign"):
        if not reviewers_of(finding).filter(pk=user_id).exists():
            finding.assigned_to = None
            finding.save(update_fields=["assigned_to"])
    if not Membership.objects.filter(user=user_id).exists():
        unwatched = ~Exists(Watch.objects.filter(source=OuterRef("source")))
        left = Source.stewards.through.objects.filter(
            unwatched, user=user_id, user__is_staff=False, user__is_superuser=False
        )
        Source.stewards.through.objects.filter(
            pk__in=list(left.values_list("pk", flat=True))
        ).delete()
