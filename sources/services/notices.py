"""Telling stewards, once, that a source is broken, and once that it can be read again."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from sources.access import stewardships
from sources.models import Notice, Source
from sources.services.census import Census, take_census

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 10
FIRST_RETRY = dt.timedelta(minutes=10)
"""Also the time for which whoever sends a notice has it to himself."""


def write_notices(broken_before: Mapping[Source, dt.datetime | None]) -> None:
    """Write what is owed to the stewards of sources that broke just now, or recovered.

    To be called in the transaction that writes the health of the sources. Only who was told that a
    source broke is told that it recovered, and nobody who may not know of the source any more.

    Args:
        broken_before: sources with their new health, each with ``broken_since`` as it was.
    """
    owed: list[Notice] = []
    for source, before in broken_before.items():
        if source.broken_since and not before:
            stewards = stewardships().filter(source=source).values_list("user", flat=True)
            detail = str(source.get_last_cause_display())
            since = source.broken_since
            owed += [_notice(Notice.Kind.BROKEN, key, source, since, detail) for key in stewards]
        elif before and not source.broken_since:
            may_know = stewardships().filter(source=source).values("user")
            told = Notice.objects.filter(
                kind=Notice.Kind.BROKEN, source=source, since=before, steward__in=may_know
            )
            owed += [
                _notice(Notice.Kind.RECOVERED, key, source, before, "")
                for key in told.values_list("steward_id", flat=True)
            ]
    if owed:
        Notice.objects.bulk_create(owed, ignore_conflicts=True)


def _notice(
    kind: Notice.Kind, steward_id: int, source: Source, since: dt.datetime, detail: str
) -> Notice:
    return Notice(
        kind=kind,
        steward_id=steward_id,
        source=source,
        since=since,
        detail=detail,
        next_attempt_at=since,
    )


@transaction.atomic
def owe_health_mails(*, now: dt.datetime) -> int:
    """Owe this week's health mail to every active steward who has not got it.

    Returns:
        how many are new.
    """
    monday = (now - dt.timedelta(days=now.weekday())).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    weekly = Notice.objects.filter(kind=Notice.Kind.WEEKLY, since=monday)
    stewards = set(stewardships().values_list("user", flat=True))
    missing = stewards - set(weekly.values_list("steward_id", flat=True))
    notices = [
        Notice(kind=Notice.Kind.WEEKLY, steward_id=key, since=monday, next_attempt_at=now)
        for key in sorted(missing)
    ]
    return len(Notice.objects.bulk_create(notices, ignore_conflicts=True))


def send_notices(*, now: dt.datetime) -> int:
    """Send the notices that are due and return how many were; one that fails is due again later.

    Any number of workers may try at once: each notice is taken by one. Should that one die, the
    notice is sent again, with the same Message-ID.
    """
    sent = 0
    due = Notice.objects.due(now).order_by("next_attempt_at", "pk")
    for notice in due.select_related("source", "steward"):
        sent += _take(notice, now) and _send(notice, now)
    return sent


def _take(notice: Notice, now: dt.datetime) -> bool:
    wait = FIRST_RETRY * 2 ** min(notice.attempts_count, MOST_ATTEMPTS)
    is_last = notice.attempts_count + 1 >= MOST_ATTEMPTS
    due = Notice.objects.due(now).filter(pk=notice.pk)
    return bool(
        due.update(
            next_attempt_at=None if is_last else now + wait,
            attempts_count=F("attempts_count") + 1,
        )
    )


def _send(notice: Notice, now: dt.datetime) -> bool:
    row = Notice.objects.filter(pk=notice.pk)
    message = _build(notice, now)
    if message is None:
        row.update(sent_at=now, last_error=_("There was nothing to say."))
        return False
    try:
        message.send()
    except OSError as error:  # of the SMTP client, all kinds
        logger.warning("Notice %s could not be sent: %s", notice.pk, error)
        row.update(last_error=str(error))
        return False
    row.update(sent_at=now, last_error="")
    return True


def _build(notice: Notice, now: dt.datetime) -> EmailMessage | None:
    """Return the mail; ``None`` if it would be empty, or its steward has no address or left."""
    if not (notice.steward.is_active and notice.steward.email):
        return None
    census: Census | None = None
    if notice.kind == Notice.Kind.WEEKLY:
        census = take_census(steward=notice.steward, now=now)
        if census.is_empty:
            return None
    subject = {
        Notice.Kind.BROKEN: _("Source broken: %(source)s"),
        Notice.Kind.RECOVERED: _("Source read again: %(source)s"),
        Notice.Kind.WEEKLY: _("Health of your sources this week"),
    }[Notice.Kind(notice.kind)] % {"source": notice.source}
    context: dict[str, Any] = {
        "notice": notice,
        "source": notice.source,
        "census": census,
        "admin_links": dict(_admin_links(_named(notice, census))),
    }
    body = render_to_string(f"sources/mail/{notice.kind}.txt", context)
    host = urlsplit(settings.BASE_URL).hostname
    headers = {
        "Message-ID": f"<source-notice-{notice.pk}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(" ".join(subject.split()), body, to=[notice.steward.email], headers=headers)


def _named(notice: Notice, census: Census | None) -> Iterable[Source]:
    if notice.source:
        return [notice.source]
    return census.sources if census else ()


def _admin_links(sources: Iterable[Source]) -> Iterable[tuple[int, str]]:
    for source in sources:
        path = reverse("admin:sources_source_change", args=[source.pk])
        yield source.pk, f"{settings.BASE_URL.rstrip('/')}{path}"
