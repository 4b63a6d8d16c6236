"""Findings are told to the endpoints of staff, and to nobody else."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
import redis
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from alerts import tasks
from alerts.models import Delivery, Event
from alerts.services import announce_findings, send_webhooks
from sources.events import announce
from sources.services import dismiss_finding
from tests.alerts.hooks import HookSink, make_endpoint, make_owner, names_of_tasks, states
from tests.factories import NOW, make_campaign, make_company, make_target
from tests.sources.factories import make_finding

pytestmark = pytest.mark.django_db(transaction=True)

TYPES = ("finding.created",)


def test_a_finding_is_posted_with_the_page_where_it_is_reviewed(hook_sink: HookSink) -> None:
    endpoint = make_endpoint(hook_sink.url("/a"), event_types=TYPES)
    make_endpoint(hook_sink.url("/b"))
    finding = make_finding(created_at=NOW, reasons=["It says “moratorium”."])
    assert announce_findings(now=NOW) == 1
    assert announce_findings(now=NOW) == 0
    assert send_webhooks(now=NOW) == Counter(delivered=1)
    [received] = hook_sink.received()
    told = received.json["data"]["finding"]
    assert (told["id"], told["passage"]) == (finding.pk, finding.passage)
    assert told["proposed_status"] == finding.proposed_status
    assert told["reasons"] == ["It says “moratorium”."]
    page = f"http://followthrough.test/admin/sources/finding/{finding.pk}/change/"
    assert told["html_url"] == page
    assert states(endpoint) == ["delivered"]


@pytest.mark.parametrize("format", ["slack", "mattermost", "discord"])
def test_a_chat_is_told_of_findings_as_well(hook_sink: HookSink, format: str) -> None:
    make_endpoint(hook_sink.url("/a"), event_types=TYPES, format=format)
    finding = make_finding(created_at=NOW)
    announce_findings(now=NOW)
    send_webhooks(now=NOW)
    [received] = hook_sink.received()
    assert f"/admin/sources/finding/{finding.pk}/change/".encode() in received.body


def test_filters_hold_for_findings_as_well() -> None:
    company = make_company()
    wanted = make_endpoint(event_types=TYPES, company=company, to_statuses=["paused"])
    make_endpoint(event_types=TYPES, company=make_company())
    make_endpoint(event_types=TYPES, to_statuses=["met"])
    target = make_target(make_campaign(is_public=False), company)
    make_finding(target=target, proposed_status="paused", created_at=NOW)
    announce_findings(now=NOW)
    assert [one.endpoint for one in Delivery.objects.all()] == [wanted]


def test_who_is_not_staff_any_more_is_told_nothing(hook_sink: HookSink) -> None:
    former, later = make_owner(), make_owner()
    make_endpoint(hook_sink.url("/a"), event_types=TYPES, owner=former)
    make_endpoint(hook_sink.url("/b"), event_types=TYPES, owner=later)
    User.objects.filter(pk=former.pk).update(is_staff=False)
    make_finding(created_at=NOW)
    assert announce_findings(now=NOW) == 1
    User.objects.filter(pk=later.pk).update(is_staff=False)
    assert send_webhooks(now=NOW) == Counter(cancelled=1)
    assert hook_sink.received() == []


def test_what_is_old_or_decided_is_no_news() -> None:
    make_endpoint(event_types=TYPES)
    make_finding(created_at=NOW - dt.timedelta(days=4))
    decided = make_finding(created_at=NOW)
    reviewer = User.objects.create_user("reviewer")
    dismiss_finding(finding=decided, reviewer=reviewer, reason="No news", now=NOW)
    assert announce_findings(now=NOW) == 0
    assert not Event.objects.exists()


def test_a_new_finding_wakes_a_worker_once_it_is_committed(valkey: redis.Redis) -> None:
    with transaction.atomic():
        announce(1)
        assert names_of_tasks(valkey, "alerts") == []
    assert names_of_tasks(valkey, "alerts") == ["alerts.tasks.announce_findings"]


def test_the_sweep_makes_up_for_a_lost_wake_up(valkey: redis.Redis) -> None:
    make_endpoint(event_types=TYPES)
    make_finding(created_at=timezone.now())
    tasks.sweep()
    assert Event.objects.get().type == "finding.created"
    assert names_of_tasks(valkey, "webhooks") == ["alerts.tasks.send_webhooks"]
