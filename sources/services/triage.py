"""Who looks at a finding, and when: assigned, deferred, opened. Nothing is decided here."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from campaigns.models import Role
from sources.errors import InvalidDeferral, NoReviewer
from sources.models import Finding
from sources.services.review import claimed_finding

_REVIEW = "sources.change_finding"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def reviewers_of(finding: Finding) -> QuerySet[User]:
    """Return who may review a finding, by name.

    Editors and managers of the organizations that its campaign is shared with, and stewards who
    were granted it.
    """
    roles = [role for role in Role if role.covers(Role.EDITOR)]
    granted = User.objects.with_perm(_REVIEW, backend=_BACKEND).filter(
        Q(is_staff=True) | Q(is_superuser=True)
    )
    member = Q(
        memberships__role__in=roles,
        memberships__organization__in=finding.target.campaign.shared_with.values("pk"),
    )
    people = User.objects.filter(member | Q(pk__in=granted.values("pk")), is_active=True)
    return people.distinct().order_by("username")


@transaction.atomic
def assign_finding(*, finding: Finding, assignee: User | None) -> Finding:
    """Say who is to review a finding; ``None`` takes it back from whoever was.

    Raises:
        AlreadyReviewed: it waits no more.
        NoReviewer: this person may not review it.
    """
    fresh = claimed_finding(finding)
    if assignee and not reviewers_of(fresh).filter(pk=assignee.pk).exists():
        raise NoReviewer(_("%(name)s may not review this.") % {"name": assignee})
    fresh.assigned_to = assignee
    fresh.save(update_fields=["assigned_to"])
    return fresh


@transaction.atomic
def defer_finding(*, finding: Finding, until: dt.date | None, today: dt.date) -> Finding:
    """Put a finding off until a day, on which it waits again; ``None`` brings it back at once.

    Raises:
        AlreadyReviewed: it waits no more.
        InvalidDeferral: the day is not after today.
    """
    fresh = claimed_finding(finding)
    if until is not None and until <= today:
        raise InvalidDeferral(_("Choose a day after today."))
    fresh.deferred_until = until
    fresh.save(update_fields=["deferred_until"])
    return fresh


def open_finding(*, finding: Finding, reader: User, now: dt.datetime) -> None:
    """Note that a person who may review it has a pending finding before them.

    It is no claim: others can still decide. Whoever opens it next is told of the last one only.
    """
    pending = Finding.objects.pending().filter(pk=finding.pk)
    pending.update(opened_by=reader, opened_at=now)
