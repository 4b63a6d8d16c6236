"""Asking a language model of the operator's own about findings; off unless a setting says so.

What it answers is one more reason beside a finding that waits for a person. Nothing else follows
from it, and whatever goes wrong leaves the finding as it was.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import replace
from http import HTTPStatus
from ipaddress import ip_network
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from outbound.background import kept, run
from outbound.client import Client, Fetched
from outbound.errors import OutboundError
from outbound.limits import Limits
from sources.extraction.tidying import tidy_line
from sources.models import Finding
from sources.opinions import NoOpinion, Question, read_answer, reason_of, request_body
from sources.passages import context_of, shortened

logger = logging.getLogger(__name__)

RUN_SECONDS = 40.0
"""After so long no other finding is asked about: the next tick goes on."""
ANSWER_BYTES = 65_536
_AGE = dt.timedelta(days=1)
_PASSAGE_LENGTH = 2_000
_TROUBLE_LENGTH = 200


class _Unreachable(NoOpinion):
    """No whole answer came. The others would wait as long."""


def ask_second_opinions(*, now: dt.datetime) -> int:
    """Ask about findings of the last day that wait for review; return how many were answered.

    Each is asked about once, one after the other, the likeliest of each visit first and at most
    ``SECOND_OPINIONS_PER_POLL`` of one. Those of drafts are not asked about, nor is what was read
    from no words or has been removed. To be called outside of transactions.

    Raises:
        ValueError: the settings name no network or no time.
    """
    if not settings.SECOND_OPINION_URL:
        return 0
    limits = _limits()
    began, count = monotonic(), 0
    while monotonic() - began < RUN_SECONDS and (finding := _next(now)):
        if not Finding.objects.filter(pk=finding.pk, opinion_asked_at=None).update(
            opinion_asked_at=now
        ):
            continue
        try:
            count += _ask(finding, limits)
        except NoOpinion as error:
            logger.warning("Finding %s got no second opinion: %s", finding.pk, error)
            trouble = tidy_line(str(error), _TROUBLE_LENGTH)
            Finding.objects.filter(pk=finding.pk).update(opinion_trouble=trouble)
            if isinstance(error, _Unreachable):
                break
    return count


def _limits() -> Limits:
    """The bounds of all requests, tighter, and with the operator's own networks in their place."""
    networks = tuple(ip_network(one) for one in settings.SECOND_OPINION_NETWORKS)
    limits = Limits.from_settings()
    seconds = settings.SECOND_OPINION_SECONDS
    return replace(
        limits,
        total_seconds=seconds,
        connect_seconds=min(seconds, limits.connect_seconds),
        read_seconds=seconds,  # it thinks before it says the first word
        max_bytes=min(ANSWER_BYTES, limits.max_bytes),
        max_decoded_bytes=min(ANSWER_BYTES, limits.max_decoded_bytes),
        allowed_networks=networks,
        # A proxy leads to the outside, and not to what stands beside us.
        proxy=None if networks else limits.proxy,
    )


def _next(now: dt.datetime) -> Finding | None:
    """Return the finding to be asked about next."""
    asked = Q(snapshot__findings__opinion_asked_at__isnull=False)
    return (
        Finding.objects.pending()
        .filter(
            opinion_asked_at=None,
            created_at__gt=now - _AGE,
            body_end__isnull=False,
            snapshot__removed_at=None,
            target__campaign__published_at__isnull=False,
        )
        .annotate(asked_count=Count("snapshot__findings", filter=asked))
        .filter(asked_count__lt=settings.SECOND_OPINIONS_PER_POLL)
        .select_related("snapshot", "target__company", "target__product")
        .order_by("created_at", "snapshot", "-score", "pk")
        .first()
    )


def _ask(finding: Finding, limits: Limits) -> bool:
    """Ask, and write the answer; ``False`` if the finding was reviewed meanwhile.

    Raises:
        NoOpinion: there is no answer.
    """
    model = settings.SECOND_OPINION_MODEL
    body = request_body(_question(finding), model)
    try:
        fetched = run(_post(body, limits))
    except OutboundError as error:
        raise _Unreachable(str(error)) from error
    if fetched.status != HTTPStatus.OK:  # a wrong key or too many requests: the next fails, too
        raise _Unreachable(_("the answer is HTTP %d") % fetched.status)
    reason = reason_of(read_answer(fetched.body), finding.proposed_status, model)
    return _add(finding, reason)


def _question(finding: Finding) -> Question:
    target = finding.target
    start, end = finding.passage_start, finding.passage_end
    around = context_of(finding.snapshot.text, start, end)
    return Question(
        passage=shortened(finding.passage, _PASSAGE_LENGTH),
        before=around.before,
        after=around.after,
        company=target.company.name,
        product=target.product.name if target.product else "",
        demand=target.demand,
        status_on_record=target.status,
        proposed_status=finding.proposed_status,
        extends=finding.extends,
    )


async def _post(body: bytes, limits: Limits) -> Fetched:
    key = settings.SECOND_OPINION_API_KEY
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    client = await kept(Client, limits)
    return await client.post(
        settings.SECOND_OPINION_URL, body, accept="application/json", headers=headers
    )


@transaction.atomic
def _add(finding: Finding, reason: str) -> bool:
    waiting = Finding.objects.pending().select_for_update(of=("self",))
    fresh = waiting.filter(pk=finding.pk).first()
    if fresh is None:
        return False
    fresh.reasons = [*fresh.reasons, reason]
    fresh.save(update_fields=["reasons"])
    return True
