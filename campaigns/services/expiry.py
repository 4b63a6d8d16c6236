"""The clock: what was promised for a time lapses by itself."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.errors import InvalidStatusChange
from campaigns.formats import format_on
from campaigns.models import StatusChange, Target
from campaigns.services.recording import lock_log, record_status_change
from campaigns.statuses import Status

logger = logging.getLogger(__name__)


def expire_outcomes(*, now: dt.datetime) -> list[StatusChange]:
    """Record ``expired`` for every target whose outcome has lapsed by ``now``.

    Running it twice, or twice at once, records nothing twice: each target is read again under
    the lock of the log. A target whose history does not let it lapse is logged as an error.

    Returns:
        The status changes that were recorded.
    """
    candidates = Target.objects.filter(expires_on__lte=now.date()).order_by("expires_on", "pk")
    changes = []
    for pk in list(candidates.values_list("pk", flat=True)):
        try:
            change = _expire(pk, now)
        except InvalidStatusChange:
            # One odd history must not keep the others from lapsing; a person has to look at it.
            logger.exception("The outcome of target %s has lapsed and cannot be recorded so", pk)
        else:
            changes += [change] if change else []
    return changes


@transaction.atomic
def _expire(target_pk: int, now: dt.datetime) -> StatusChange | None:
    lock_log()
    target = Target.objects.select_related("outcome").get(pk=target_pk)
    outcome = target.outcome
    if outcome is None or outcome.lapses_on is None or outcome.lapses_on > now.date():
        return None
    return record_status_change(
        target=target,
        to_status=Status.EXPIRED,
        effective_on=outcome.lapses_on,
        summary=_("The %(kind)s lapsed: it was to last until %(day)s.")
        % {
            "kind": outcome.get_kind_display(),
            "day": format_on(outcome.expires_on, outcome.expires_precision),
        },
        now=now,
    )
