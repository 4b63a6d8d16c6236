"""Writing down how a post to an endpoint ended, for the message and for the endpoint."""

from __future__ import annotations

import datetime as dt
import random

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alerts.channels.posts import Answer
from alerts.models import Attempt, Delivery, Endpoint, State
from alerts.retries import hold_after, webhook_pause_after
from alerts.services.switching import disable_endpoint

_MOST_COUNTED = 1000
_IN_A_ROW = dt.timedelta(days=2)
"""A failure longer after the last one says nothing of the time between, when nothing was tried."""


def record_answer(delivery: Delivery, answer: Answer, *, at: dt.datetime) -> State:
    """Write down what an endpoint answered to a message; returns what became of the message."""
    if answer.is_success:
        return _record_posted(delivery, answer, at)
    if answer.is_gone:
        return _record_gone(delivery, answer, at)
    return _record_failure(delivery, answer, at)


@transaction.atomic
def record_own_failure(delivery: Delivery, detail: str, *, at: dt.datetime) -> State:
    """Write down that a message could not be made, for which its endpoint cannot be blamed."""
    _attempt(delivery, Attempt.Result.TEMPORARY_FAILURE, detail, at)
    return _put_off(delivery, dt.timedelta(0), at)


@transaction.atomic
def record_undue(delivery: Delivery, state: State) -> State:
    """End a message that was not posted: it is not owed any more, or brought down its workers."""
    _held(delivery).update(state=state, leased_until=None)
    return state


@transaction.atomic
def _record_posted(delivery: Delivery, answer: Answer, at: dt.datetime) -> State:
    """Write down that a message arrived, whoever holds its lease by now."""
    _attempt(delivery, Attempt.Result.DELIVERED, answer.detail, at)
    Delivery.objects.filter(pk=delivery.pk, delivered_at=None).update(
        state=State.DELIVERED,
        delivered_at=at,
        leased_until=None,
        attempts_count=F("attempts_count") + 1,
    )
    failing = Endpoint.objects.filter(deliveries=delivery, failures_count__gt=0)
    failing.update(failing_since=None, failures_count=0, held_until=None)
    return State.DELIVERED


@transaction.atomic
def _record_gone(delivery: Delivery, answer: Answer, at: dt.datetime) -> State:
    _attempt(delivery, Attempt.Result.PERMANENT_FAILURE, answer.detail, at)
    tries = delivery.attempts_count + 1
    _held(delivery).update(state=State.FAILED, leased_until=None, attempts_count=tries)
    disable_endpoint(
        endpoint_id=delivery.endpoint_id or 0, because=_("It answered 410 Gone."), now=at
    )
    return State.FAILED


@transaction.atomic
def _record_failure(delivery: Delivery, answer: Answer, at: dt.datetime) -> State:
    _attempt(delivery, Attempt.Result.TEMPORARY_FAILURE, answer.detail, at)
    wait = answer.retry_after or dt.timedelta(0)
    endpoint = Endpoint.objects.select_for_update(of=("self",)).get(deliveries=delivery)
    if not answer.is_about_the_message:
        _count_against(endpoint, wait, at)
    else:
        endpoint.failures_count = min(endpoint.failures_count + 1, _MOST_COUNTED)
        endpoint.failing_since = endpoint.failing_since or at
        endpoint.save(update_fields=["failures_count", "failing_since"])
    return _put_off(delivery, wait, at)


def _count_against(endpoint: Endpoint, wait: dt.timedelta, at: dt.datetime) -> None:
    """Hold an endpoint that fails; disable it if it has failed for days, whenever it was asked."""
    held = endpoint.held_until
    if held is None or at - held > _IN_A_ROW:
        endpoint.failures_count, endpoint.failing_since = 0, at
    endpoint.failures_count = min(endpoint.failures_count + 1, _MOST_COUNTED)
    endpoint.failing_since = endpoint.failing_since or at
    endpoint.held_until = at + max(hold_after(endpoint.failures_count, _chance()), wait)
    endpoint.save(update_fields=["failures_count", "failing_since", "held_until"])
    longest = dt.timedelta(days=settings.WEBHOOK_FAILING_DAYS)
    if at - endpoint.failing_since >= longest:
        because = ngettext(
            "Nothing arrived there for %d day.", "Nothing arrived there for %d days.", longest.days
        )
        disable_endpoint(endpoint_id=endpoint.pk, because=because % longest.days, now=at)


def _put_off(delivery: Delivery, wait: dt.timedelta, at: dt.datetime) -> State:
    """Let a message be tried again, or give it up; returns which."""
    tries = delivery.attempts_count + 1
    pause = webhook_pause_after(tries, _chance())
    if pause is None:
        _held(delivery).update(state=State.FAILED, leased_until=None, attempts_count=tries)
        return State.FAILED
    _held(delivery).update(
        leased_until=None,
        next_attempt_at=at + max(pause, wait),
        attempts_count=tries,
        crashes_count=0,
    )
    return State.WAITING


def _held(delivery: Delivery) -> QuerySet[Delivery]:
    """The row if the lease is still ours: a slow worker must not undo another's work."""
    return Delivery.objects.filter(
        pk=delivery.pk, state=State.WAITING, leased_until=delivery.leased_until
    )


def _attempt(delivery: Delivery, result: Attempt.Result, detail: str, at: dt.datetime) -> None:
    Attempt.objects.create(delivery=delivery, started_at=at, result=result, detail=detail)


def _chance() -> float:
    return random.random()  # noqa: S311 - spreads load, hides nothing
