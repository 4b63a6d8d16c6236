"""Asking a language model of the operator's own about findings; off unless a setting says so.

What it answers is one more reason beside a finding that waits for a person. Nothing else follows
from it, and whatever goes wrong leaves the finding as it was.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from dataclasses import replace
from http import HTTPStatus
from ipaddress import ip_network
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from outbound.background import kept, run
from outbound.client import Client, Fetched
from outbound.errors import FetchError, OutboundError
from outbound.limits import Limits
from sources.errors import AlreadyReviewed
from sources.extraction.tidying import tidy_line
from sources.models import Finding
from sources.opinions import (
    LONGEST_WAIT,
    NoOpinion,
    Question,
    read_answer,
    reason_of,
    request_body,
)
from sources.passages import shortened
from sources.querysets import FindingQuerySet
from sources.services.looking_back import surroundings_of
from sources.services.review import claimed_finding

logger = logging.getLogger(__name__)

RUN_SECONDS = 25.0
"""After so long no other finding is asked about: the next tick goes on. A run that begins late and
ends with the longest wait is over by then, so that two never hold two workers."""
ANSWER_BYTES = 65_536
_AGE = dt.timedelta(days=1)
_PASSAGE_LENGTH = 2_000
_TROUBLE_LENGTH = 200


class _Unreachable(NoOpinion):
    """No whole answer came. The others would wait as long.

    ``detail`` is for the operator: it may name the host of the model, which reviewers need not
    know.
    """

    def __init__(self, said: str, detail: str = "") -> None:
        super().__init__(said)
        self.detail = detail or said


def ask_second_opinions(*, now: dt.datetime) -> int:
    """Ask about findings of the last day that wait for review; return how many were answered.

    Each is asked about once, one after the other, the likeliest of each visit first and at most
    ``SECOND_OPINIONS_PER_POLL`` of one; until it is answered, it bears that it was asked and has
    not been. Those of drafts are not asked about, nor is what was read from no words or has been
    removed. To be called outside of transactions.

    Raises:
        ValueError: the settings name no network or no time.
    """
    if not settings.SECOND_OPINION_URL:
        return 0
    limits = _limits()
    began, count = monotonic(), 0
    for key in _due(now):
        if monotonic() - began >= RUN_SECONDS:
            break
        finding = _claimed(key, now)
        if finding is None:
            continue
        try:
            count += _ask(finding, limits)
        except _Unreachable as error:
            _note(finding, str(error), error.detail)
            break
        except NoOpinion as error:
            _note(finding, str(error), str(error))
    return count


def _note(finding: Finding, trouble: str, detail: str) -> None:
    """Say why there is no opinion: to reviewers, and in detail to the operator."""
    logger.warning("Finding %s got no second opinion: %s", finding.pk, detail)
    trouble = tidy_line(trouble, _TROUBLE_LENGTH)
    Finding.objects.filter(pk=finding.pk).update(opinion_trouble=trouble)


def _limits() -> Limits:
    """The bounds of all requests, tighter, and with the operator's own networks in their place."""
    networks = tuple(ip_network(one) for one in settings.SECOND_OPINION_NETWORKS)
    limits = Limits.from_settings()
    # A worker starts although a check of the settings fails.
    seconds = min(settings.SECOND_OPINION_SECONDS, LONGEST_WAIT)
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


def _waiting(now: dt.datetime) -> FindingQuerySet:
    return Finding.objects.pending().filter(
        opinion_asked_at=None,
        created_at__gt=now - _AGE,
        body_end__isnull=False,
        snapshot__removed_at=None,
        target__campaign__published_at__isnull=False,
    )


def _due(now: dt.datetime) -> list[int]:
    """Return the keys of the findings to be asked about, in their order; makes two queries."""
    waiting = _waiting(now)
    asked = (
        Finding.objects.filter(
            opinion_asked_at__isnull=False, snapshot__in=waiting.order_by().values("snapshot")
        )
        .order_by()
        .values_list("snapshot")
        .annotate(Count("pk"))
    )
    asked_count = Counter(dict(asked))
    keys = []
    rows = waiting.order_by("created_at", "snapshot", "-score", "pk").values_list("pk", "snapshot")
    for key, snapshot in rows:
        if asked_count[snapshot] < settings.SECOND_OPINIONS_PER_POLL:
            asked_count[snapshot] += 1
            keys.append(key)
    return keys


def _claimed(key: int, now: dt.datetime) -> Finding | None:
    """Return a finding that is noted as asked about; ``None`` if it waits for that no more."""
    parts = ("snapshot", "target__company", "target__product")
    finding = _waiting(now).select_related(*parts).filter(pk=key).first()
    is_ours = finding and Finding.objects.filter(pk=key, opinion_asked_at=None).update(
        opinion_asked_at=now,
        # Who is killed while it waits has said so already.
        opinion_trouble=_("it was asked, and has not answered"),
    )
    return finding if is_ours else None


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
        said = error.cause.sentence if isinstance(error, FetchError) else str(error)
        raise _Unreachable(said, str(error)) from error
    if fetched.status != HTTPStatus.OK:  # a wrong key or too many requests: the next fails, too
        raise _Unreachable(_("the answer is HTTP %d") % fetched.status)
    reason = reason_of(read_answer(fetched.body), finding.proposed_status, model)
    return _add(finding, reason)


def _question(finding: Finding) -> Question:
    target = finding.target
    around = surroundings_of(finding)
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
    try:
        fresh = claimed_finding(finding)
    except AlreadyReviewed:
        said = _("it was decided before the answer came")
        Finding.objects.filter(pk=finding.pk).update(opinion_trouble=said)
        return False
    fresh.reasons = [*fresh.reasons, reason]
    fresh.opinion_trouble = ""
    fresh.save(update_fields=["reasons", "opinion_trouble"])
    return True
