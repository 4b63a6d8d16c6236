"""Workers that post to endpoints: several at once, killed, woken."""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from alerts import tasks
from alerts.models import Delivery, Endpoint
from alerts.services import send_webhooks
from alerts.services.claiming import LEASE, MAX_CRASHES
from alerts.services.endpoint_leases import lease_endpoints
from config.processes import Group
from tests.alerts.hooks import (
    HookSink,
    Received,
    answering,
    hanging,
    make_changes,
    make_endpoint,
    names_of_tasks,
    states,
)
from tests.conftest import LOOPBACK, address_of_test_database
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 3


class Watch:
    """Notices when two messages are under way to one endpoint."""

    def __init__(self) -> None:
        self.overlaps = 0
        self._busy: Counter[str] = Counter()
        self._lock = threading.Lock()

    def answer(self, handler: object) -> None:
        path = getattr(handler, "path")  # noqa: B009 - of any handler
        with self._lock:
            self._busy[path] += 1
            self.overlaps += self._busy[path] > 1
        answering(204)(handler)  # type: ignore[arg-type]
        with self._lock:
            self._busy[path] -= 1


def test_workers_at_once_post_each_message_once_and_in_order(hook_sink: HookSink) -> None:
    watch = Watch()
    endpoints = [make_endpoint(hook_sink.url(f"/{number}")) for number in range(5)]
    hook_sink.moods = {f"/{number}": watch.answer for number in range(5)}
    changes = make_changes(6)
    gate = threading.Barrier(WORKERS)

    def work() -> int:
        try:
            connection.ensure_connection()
            gate.wait(timeout=10)
            return send_webhooks(now=NOW).total()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        counts = [future.result() for future in [pool.submit(work) for _ in range(WORKERS)]]
    assert sum(counts) == 30
    for number, endpoint in enumerate(endpoints):
        told = [one.json["data"]["status_change"]["id"] for one in hook_sink.received(f"/{number}")]
        assert told == [change.pk for change in changes]
        assert states(endpoint) == ["delivered"] * 6
    assert watch.overlaps == 0
    assert not Endpoint.objects.exclude(leased_until=None).exists()


def test_a_worker_killed_before_it_noted_the_answer_repeats_one_message_with_its_id(
    hook_sink: HookSink, tmp_path: Path
) -> None:
    endpoint = make_endpoint(hook_sink.url("/a"))
    make_changes(3)
    arrived = threading.Event()

    def second(one: Received) -> None:
        if len(hook_sink.received()) == 2:
            hook_sink.moods["/a"] = hanging
            arrived.set()

    hook_sink.on_post = second
    environ = os.environ | {
        "DATABASE_URL": address_of_test_database(),
        "OUTBOUND_ALLOWED_NETWORKS": LOOPBACK,
    }
    with Group(logs=tmp_path, environ=environ) as group:
        child = group.start("deliver", [sys.executable, "manage.py", "deliver"])
        assert arrived.wait(60), child.tail()
        os.kill(child.pid, signal.SIGKILL)
        child.wait(30)
    del hook_sink.moods["/a"]
    hook_sink.on_post = lambda one: None
    assert states(endpoint) == ["delivered", "waiting", "waiting"]
    assert send_webhooks(now=timezone.now()) == Counter()
    later = timezone.now() + LEASE
    assert send_webhooks(now=later) == Counter(delivered=2)
    ids = Counter(one.headers["webhook-id"] for one in hook_sink.received())
    assert sorted(ids.values()) == [1, 1, 2]
    assert [one.headers["webhook-id"] for one in hook_sink.received()][1] == max(ids, key=ids.get)  # type: ignore[arg-type]


def test_a_message_that_brings_down_every_worker_is_given_up(hook_sink: HookSink) -> None:
    endpoint = make_endpoint(hook_sink.url("/a"))
    make_changes(2)
    moment = NOW
    poison = Delivery.objects.filter(pk=Delivery.objects.earliest("pk").pk)
    for _ in range(MAX_CRASHES):
        poison.update(leased_until=moment)
        assert lease_endpoints(now=moment, limit=5) == [endpoint]
        moment += LEASE
    assert send_webhooks(now=moment) == Counter(failed=1, delivered=1)
    assert states(endpoint) == ["failed", "delivered"]


def test_an_endpoint_whose_message_was_cut_off_twice_is_taken_alone() -> None:
    suspect, other = make_endpoint(), make_endpoint()
    make_changes(1)
    interrupted = Delivery.objects.filter(endpoint=suspect)
    interrupted.update(leased_until=NOW, crashes_count=0)
    assert set(lease_endpoints(now=NOW, limit=5)) == {suspect, other}
    Endpoint.objects.update(leased_until=None)
    interrupted.update(leased_until=NOW)
    assert lease_endpoints(now=NOW, limit=5) == [other]
    assert lease_endpoints(now=NOW, limit=5) == [suspect]
    assert lease_endpoints(now=NOW, limit=5) == []
    assert interrupted.get().crashes_count == 2


def test_fanning_out_wakes_one_worker_for_all_endpoints(valkey: redis.Redis) -> None:
    make_endpoint()
    make_endpoint()
    [change] = make_changes(1)
    Delivery.objects.all().delete()
    type(change.event).objects.all().delete()
    tasks.fan_out(change.pk)
    assert names_of_tasks(valkey, "webhooks") == ["alerts.tasks.send_webhooks"]


def test_the_sweep_wakes_for_what_is_due_and_for_nothing_else(valkey: redis.Redis) -> None:
    endpoint = make_endpoint()
    make_changes(1)
    tasks.sweep()
    assert names_of_tasks(valkey, "webhooks") == ["alerts.tasks.send_webhooks"]
    valkey.delete("webhooks")
    soon = timezone.now() + dt.timedelta(minutes=5)
    for columns in ({"held_until": soon}, {"held_until": None, "disabled_at": NOW}):
        Endpoint.objects.filter(pk=endpoint.pk).update(**columns)
        tasks.sweep()
        assert names_of_tasks(valkey, "webhooks") == []


def test_an_owner_who_is_to_be_told_is_told_in_the_queue_of_mail(valkey: redis.Redis) -> None:
    make_endpoint()
    Endpoint.objects.update(disabled_at=timezone.now(), disabled_because="It answered 410 Gone.")
    tasks.sweep()
    assert names_of_tasks(valkey, "mail") == ["alerts.tasks.tell_owners"]


def test_the_command_posts_what_is_due_and_fails_if_it_could_not(
    hook_sink: HookSink, capsys: pytest.CaptureFixture[str]
) -> None:
    make_endpoint(hook_sink.url("/a"))
    hook_sink.moods["/b"] = answering(500)
    make_changes(2)
    call_command("deliver")
    assert "webhooks: 2 sent" in capsys.readouterr().out
    make_endpoint(hook_sink.url("/b"))
    make_changes(1)
    with pytest.raises(CommandError, match="1 messages could not be sent"):
        call_command("deliver")
    assert "webhooks: 1 put off, 1 sent" in capsys.readouterr().out
