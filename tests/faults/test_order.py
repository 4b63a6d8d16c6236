"""The result of each mail is committed before the content of the next goes out."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone
from pytest_django import Settings

from alerts.models import Delivery, State
from alerts.services import fan_out, mailing, send_mail
from alerts.services.claiming import LEASE
from campaigns.models import StatusChange
from tests.faults.runs import Run
from tests.faults.sinks import FaultySink

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

SECONDS = 20.0
A_MOMENT = 0.5
"""Far longer than a mail takes."""

BLOCKED = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s"


@pytest.fixture
def owed(sink: FaultySink, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[Delivery]:
    """Three mails to send; the server is slow to answer to the first."""
    # What is read again in between would wait for the result, too.
    monkeypatch.setattr(mailing, "_REASONS_SECONDS", 60.0)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    run = Run(sink, followers=3, moods={"slow": 1})
    run.record(1)
    fan_out(change_id=StatusChange.objects.get().pk, now=timezone.now())
    return list(Delivery.objects.order_by("pk"))


@pytest.fixture
def sender() -> Iterator[ThreadPoolExecutor]:
    """A worker beside this one, with a connection of its own."""
    with ThreadPoolExecutor(1) as pool:
        yield pool
        pool.submit(connections.close_all).result()


def sending(sender: ThreadPoolExecutor) -> Future[Any]:
    return sender.submit(lambda: send_mail(now=timezone.now()))


def test_the_next_envelope_travels_meanwhile_and_its_content_waits(
    sink: FaultySink, owed: list[Delivery], sender: ThreadPoolExecutor
) -> None:
    with transaction.atomic():
        result = sending(sender)
        assert sink.wait_until(lambda ledger: ledger.count == 1, SECONDS)
        # Before the server answers, so that its answer cannot be written down.
        Delivery.objects.select_for_update().get(pk=owed[0].pk)
        assert sink.wait_until(lambda ledger: len(ledger.announced) == 2, SECONDS)
        assert not sink.wait_until(lambda ledger: ledger.count == 2, A_MOMENT)
    assert result.result(SECONDS) == {State.DELIVERED: 3}
    assert sink.ledger.count == 3
    assert Delivery.objects.filter(state=State.DELIVERED, attempts_count=1).count() == 3


def test_a_result_that_cannot_be_written_down_ends_the_batch(
    sink: FaultySink, owed: list[Delivery], sender: ThreadPoolExecutor
) -> None:
    with transaction.atomic():
        result = sending(sender)
        assert sink.wait_until(lambda ledger: ledger.count == 1, SECONDS)
        Delivery.objects.select_for_update().get(pk=owed[0].pk)
        assert sink.wait_until(lambda ledger: len(ledger.announced) == 2, SECONDS)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT pg_terminate_backend(pid) FROM ({BLOCKED}) AS blocked",
                [connection.settings_dict["NAME"]],
            )
            assert cursor.rowcount == 1
        with pytest.raises(OperationalError):
            result.result(SECONDS)
    assert sink.ledger.count == 1
    sender.submit(connections.close_all).result()
    later = timezone.now() + LEASE
    while send_mail(now=later):
        pass
    mails = sink.ledger.mails
    assert sorted(mails.values()) == [1, 1, 2]
    assert mails.most_common(1)[0][0][0] == "slow-0@example.org"
    assert not Delivery.objects.filter(state=State.WAITING).exists()
