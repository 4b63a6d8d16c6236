"""Endpoints, the delivery log and the switch that stops all alerts, in the admin."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from alerts.models import Delivery, Endpoint, Pause, Secret
from alerts.services import (
    fan_out,
    is_paused,
    remove_endpoint,
    send_webhooks,
    signing_secrets,
)
from tests.alerts.factories import make_delivery
from tests.alerts.hooks import HookSink, answering, make_changes, make_endpoint
from tests.factories import NOW, make_change, make_company

pytestmark = pytest.mark.django_db(transaction=True)

ADD = {
    "name": "Newsroom",
    "url": "https://hooks.example/in",
    "format": "standard",
    "event_types": ["status_change.recorded"],
    "includes_subsidiaries": "on",
}


@pytest.fixture
def boss() -> User:
    return User.objects.create_superuser("boss", email="boss@example.org")


@pytest.fixture
def admin(boss: User) -> Client:
    client = Client()
    client.force_login(boss)
    return client


def client_of(*permissions: str) -> tuple[Client, User]:
    """Staff with these permissions."""
    user = User.objects.create_user("advocate", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client, user


def at(name: str, *args: Any) -> str:
    return reverse(f"admin:alerts_{name}", args=args)


def secret_on(page: str) -> str:
    [secret] = re.findall(r"whsec_[A-Za-z0-9+/=]+", html.unescape(page))
    return str(secret)


def test_an_endpoint_is_added_with_its_filters_and_its_secret_is_shown_once(
    admin: Client, boss: User
) -> None:
    company = make_company()
    chosen = {"company": company.pk, "owner": boss.pk, "to_statuses": ["expired", "paused"]}
    page = admin.post(at("endpoint_add"), ADD | chosen)
    endpoint = Endpoint.objects.get()
    assert [secret_on(page.text)] == signing_secrets(endpoint, timezone.now())
    assert (endpoint.company, endpoint.owner) == (company, boss)
    assert endpoint.to_statuses == ",paused,expired,"
    assert endpoint.types == ["status_change.recorded"]
    page = admin.get(at("endpoint_change", endpoint.pk))
    assert "whsec_" not in page.text
    assert re.search(r'value="paused"[^>]*checked', page.text)
    assert not re.search(r'value="met"[^>]*checked', page.text)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"url": "http://127.0.0.1/in"}, "loopback"),
        ({"url": "https://user:secret@hooks.example/"}, "user name or password"),
        ({"url": "ftp://hooks.example/"}, "valid URL"),
        ({"event_types": []}, "required"),
        ({"event_types": ["moon.landed"]}, "Select a valid choice"),
    ],
)
def test_an_endpoint_that_could_not_be_posted_to_is_refused(
    admin: Client, boss: User, change: dict[str, Any], said: str
) -> None:
    page = admin.post(at("endpoint_add"), ADD | {"owner": boss.pk} | change)
    assert page.status_code == 200
    assert said in html.unescape(page.text)
    assert not Endpoint.objects.exists()


def test_findings_are_for_endpoints_of_staff_only(admin: Client) -> None:
    outsider = User.objects.create_user("outsider")
    findings = {"owner": outsider.pk, "event_types": ["finding.created"]}
    assert "staff only" in admin.post(at("endpoint_add"), ADD | findings).text
    assert not Endpoint.objects.exists()


def test_staff_own_what_they_add(admin: Client, boss: User) -> None:
    client, user = client_of("add_endpoint", "view_endpoint")
    client.post(at("endpoint_add"), ADD | {"owner": boss.pk})
    assert Endpoint.objects.get().owner == user


def test_changing_it_keeps_what_workers_wrote_meanwhile(admin: Client) -> None:
    endpoint = make_endpoint()
    Endpoint.objects.update(failures_count=3, failing_since=NOW)
    chosen = {"owner": endpoint.owner_id, "name": "Renamed"}
    assert admin.post(at("endpoint_change", endpoint.pk), ADD | chosen).status_code == 302
    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.failures_count) == ("Renamed", 3)


@pytest.mark.parametrize("act", ["rotate", "try", "replay", "disable", "enable"])
def test_acts_want_a_post_and_the_permission(admin: Client, act: str) -> None:
    endpoint = make_endpoint()
    reader, _user = client_of("view_endpoint")
    assert reader.get(at("endpoint_change", endpoint.pk)).status_code == 200
    assert reader.post(at(f"endpoint_{act}", endpoint.pk)).status_code == 403
    assert admin.get(at(f"endpoint_{act}", endpoint.pk)).status_code == 405
    assert admin.post(at(f"endpoint_{act}", endpoint.pk + 1)).status_code == 404
    assert Secret.objects.count() == 1


def test_a_rotated_secret_is_shown_once_and_the_old_one_goes_on_for_a_day(
    admin: Client,
) -> None:
    endpoint = make_endpoint()
    [old] = signing_secrets(endpoint, timezone.now())
    new = secret_on(admin.post(at("endpoint_rotate", endpoint.pk)).text)
    assert signing_secrets(endpoint, timezone.now()) == [new, old]
    assert signing_secrets(endpoint, timezone.now() + dt.timedelta(hours=25)) == [new]


def test_a_test_says_what_was_answered(admin: Client, hook_sink: HookSink) -> None:
    endpoint = make_endpoint(hook_sink.url("/a"))
    page = admin.post(at("endpoint_try", endpoint.pk), follow=True)
    assert "The test arrived: 204" in page.text
    hook_sink.moods["/a"] = answering(500, "<script>alert(1)</script>")
    page = admin.post(at("endpoint_try", endpoint.pk), follow=True)
    assert "It failed: 500 &lt;script&gt;" in page.text
    assert [one.json["type"] for one in hook_sink.received()] == ["test", "test"]


def test_what_failed_is_replayed_since_a_day(admin: Client) -> None:
    endpoint = make_endpoint()
    make_changes(2)
    Delivery.objects.update(state="failed")
    page = admin.post(at("endpoint_replay", endpoint.pk), {"since": "2026-03-02"}, follow=True)
    assert "0 messages will be posted again" in page.text
    page = admin.post(at("endpoint_replay", endpoint.pk), {"since": "2026-03-01"}, follow=True)
    assert "2 messages will be posted again" in page.text
    assert not Delivery.objects.exclude(state="waiting").exists()
    page = admin.post(at("endpoint_replay", endpoint.pk), {"since": "soon"}, follow=True)
    assert "Nothing was replayed" in page.text


def test_it_is_disabled_and_enabled_and_the_page_says_so(admin: Client) -> None:
    endpoint = make_endpoint()
    page = admin.post(at("endpoint_disable", endpoint.pk), follow=True)
    assert "boss disabled it" in page.text
    assert not Endpoint.objects.enabled().exists()
    admin.post(at("endpoint_enable", endpoint.pk))
    assert Endpoint.objects.enabled().exists()


def test_one_that_its_owner_removed_is_only_looked_at(admin: Client) -> None:
    endpoint = make_endpoint()
    make_changes(1)
    remove_endpoint(endpoint_id=endpoint.pk, now=NOW)
    page = admin.get(at("endpoint_change", endpoint.pk))
    assert "It was removed." in page.text
    assert "1 cancelled" in page.text
    for act in ("enable", "rotate"):
        assert admin.post(at(f"endpoint_{act}", endpoint.pk)).status_code == 403
    assert not Secret.objects.exists()


def test_what_an_endpoint_answered_is_shown_escaped(admin: Client, hook_sink: HookSink) -> None:
    make_endpoint(hook_sink.url("/a"))
    hook_sink.moods["/a"] = answering(500, "<img src=x>")
    make_changes(1)
    send_webhooks(now=NOW)
    page = admin.get(at("delivery_change", Delivery.objects.get().pk))
    assert "500 &lt;img src=x&gt;" in page.text


def test_the_log_is_filtered_by_event_endpoint_and_subscriber(admin: Client) -> None:
    endpoint = make_endpoint()
    first = make_delivery(email="reader@example.org")
    second = make_change()
    fan_out(change_id=second.pk, now=NOW)
    page = admin.get(at("endpoint_change", endpoint.pk)).text
    for link, count in [
        (f"?endpoint__id__exact={endpoint.pk}&amp;state__exact=waiting", 2),
        (f"?endpoint__id__exact={endpoint.pk}", 2),
    ]:
        assert f'{link}"' in page
        assert len(rows(admin, link)) == count
    page = admin.get(at("event_changelist")).text
    assert f'?event__id__exact={first.event_id}">2<' in page
    assert len(rows(admin, f"?event__id__exact={first.event_id}")) == 2
    page = admin.get(at("subscriber_change", first.subscriber_id)).text
    link = f"?subscriber__id__exact={first.subscriber_id}"
    assert f'{link}">2 owed<' in page
    assert len(rows(admin, link)) == 2


def rows(client: Client, query: str) -> list[Delivery]:
    page = client.get(at("delivery_changelist") + html.unescape(query))
    assert page.status_code == 200
    return list(page.context["cl"].result_list)


def test_chosen_webhooks_are_replayed_and_mails_are_not(admin: Client) -> None:
    make_endpoint()
    make_delivery()
    Delivery.objects.update(state="failed")
    chosen = {"action": "replay", "_selected_action": [one.pk for one in Delivery.objects.all()]}
    page = admin.post(at("delivery_changelist"), chosen, follow=True)
    assert "1 message will be posted again" in page.text
    assert "1 was left" in page.text
    states = Delivery.objects.order_by("channel").values_list("channel", "state")
    assert list(states) == [("email", "failed"), ("webhook", "waiting")]


def test_the_list_of_endpoints_takes_as_many_queries_for_one_as_for_many(admin: Client) -> None:
    counts = []
    for number in (1, 5):
        for _ in range(number):
            make_endpoint(company=make_company())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert admin.get(at("endpoint_changelist")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_switch_stops_all_alerts_and_every_page_says_so(admin: Client, boss: User) -> None:
    assert "paused since" not in admin.get(reverse("admin:index")).text
    assert admin.post(at("pause_add"), {"reason": "A wrong <import>"}).status_code == 302
    pause = Pause.objects.get()
    assert (pause.began_by, is_paused()) == (boss, True)
    for page in (reverse("admin:index"), at("event_changelist")):
        assert "A wrong &lt;import&gt;" in admin.get(page).text
    assert "A wrong" not in Client().get(reverse("admin:login")).text
    again = admin.post(at("pause_add"), {"reason": "Again"}, follow=True)
    assert "paused already" in again.text
    assert Pause.objects.count() == 1
    chosen = {"action": "resume", "_selected_action": [pause.pk]}
    admin.post(at("pause_changelist"), chosen)
    assert not is_paused()
    assert "paused since" not in admin.get(reverse("admin:index")).text


def test_only_who_may_add_a_pause_stops_alerts(settings: Settings) -> None:
    reader, _user = client_of("view_pause")
    assert reader.post(at("pause_add"), {"reason": "No"}).status_code == 403
    assert not is_paused()
