"""“Try it”: what a source says now, before anything is saved."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from config.demo.site import Site
from outbound import background
from sources.admin import trying
from sources.models import Host, KnownEntry, Poll, RobotsFile, Snapshot, Source
from sources.services import workshop
from tests.sources.admin.trials import POLICY, RSS, TRY, address, form, form_of, keep
from tests.sources.factories import make_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]


def counts() -> tuple[int, ...]:
    tables = (Source, Poll, Snapshot, KnownEntry)
    return tuple(table.objects.count() for table in tables)


def test_a_page_shows_its_text_and_the_sentences_that_count_before_it_has_a_name(
    admin_client: Client, site: Site
) -> None:
    url = site.set("/policy", POLICY)
    answer = admin_client.post(TRY, form(url, ignored=r"Signed by [\d,]+ people"))
    assert answer.context["page"].title == "Our policy"
    sentences = answer.context["items"]
    assert "We sell our software to no police force anywhere in the world." in sentences
    assert not any("Last updated" in sentence for sentence in sentences)
    assert "no police force" in answer.context["text"]
    assert "200" in answer.content.decode()


def test_nothing_is_written_but_what_the_host_asks_for(
    admin_client: Client, site: Site, settings: Settings
) -> None:
    settings.POLL_HOST_SECONDS = 0.1
    settings.POLL_ROBOTS = True
    source = make_source(site.set("/policy", POLICY), name="As it was")
    keep(source, 1, POLICY)
    before = counts()
    admin_client.post(address(source), form_of(source, name="Edited", include="main"))
    assert counts() == before
    source.refresh_from_db()
    assert (source.name, source.rules, source.lease) == ("As it was", {}, None)
    assert source.last_polled_at is None
    host = Host.objects.get()
    assert (host.lease, host.leased_until) == (None, None)
    assert host.next_request_at is not None
    assert host.next_request_at > timezone.now() - dt.timedelta(minutes=1)
    assert RobotsFile.objects.get().origin == site.url().rstrip("/")


def test_a_host_with_long_pauses_is_tried_again_after_the_first_one(
    admin_client: Client, site: Site, settings: Settings
) -> None:
    settings.POLL_ROBOTS = True
    robots = "User-agent: *\nCrawl-delay: 40"
    site.set("/robots.txt", robots, headers={"Content-Type": "text/plain"})
    url = site.set("/policy", POLICY)
    page = admin_client.post(TRY, form(url)).content.decode()
    assert "127.0.0.1 wants to be left alone until" in page
    Host.objects.update(next_request_at=timezone.now())
    assert admin_client.post(TRY, form(url)).context["page"]
    assert [request.path for request in site.requests()] == ["/robots.txt", "/policy"]


@pytest.mark.django_db(transaction=True)
def test_while_a_host_is_asked_no_transaction_is_open_and_then_it_is_given_back(
    admin_client: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    was_open: list[bool] = []

    def run_and_note(work: Any) -> Any:
        was_open.append(connection.in_atomic_block)
        return background.run(work)

    monkeypatch.setattr(workshop, "run", run_and_note)
    assert admin_client.post(TRY, form(site.set("/policy", POLICY))).context["page"]
    assert set(was_open) == {False}
    assert Host.objects.get().lease is None


def test_an_invalid_form_shows_its_errors_and_fetches_nothing(
    admin_client: Client, site: Site
) -> None:
    url = site.set("/policy", POLICY)
    answer = admin_client.post(TRY, form(url, include="p:::<b>"))
    page = answer.content.decode()
    assert "is not a CSS selector" in page
    assert "p:::&lt;b&gt;" in page
    assert "<b>” " not in page
    assert "Read only" in page
    assert site.requests() == []


def test_a_failure_is_named_with_its_status_and_the_address_that_answered(
    admin_client: Client, site: Site
) -> None:
    url = site.set("/old", "", 301, {"Location": "/new"})
    site.set("/new", "<script>alert(1)</script>", 503)
    page = admin_client.post(TRY, form(url)).content.decode()
    assert "It could not be read: the host has an error of its own." in page
    assert "<dd>503</dd>" in page
    assert site.url("/new") in page


def test_what_rules_do_not_find_any_more_is_named(admin_client: Client, site: Site) -> None:
    url = site.set("/policy", POLICY)
    answer = admin_client.post(TRY, form(url, include=".gone"))
    assert answer.context["trial"].failure.cause == "selector_gone"
    assert ".gone" in answer.content.decode()


def test_robots_txt_is_obeyed_and_named(
    admin_client: Client, site: Site, settings: Settings
) -> None:
    settings.POLL_ROBOTS = True
    site.set("/robots.txt", "User-agent: *\nDisallow: /", headers={"Content-Type": "text/plain"})
    url = site.set("/policy", POLICY)
    answer = admin_client.post(TRY, form(url))
    assert answer.context["trial"].failure.cause == "robots"
    assert "the host asks robots not to read this address" in answer.content.decode()
    assert site.requests("/policy") == []


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (
            {"lease": uuid.uuid4(), "leased_until": dt.timedelta(minutes=1)},
            "are being polled at this moment",
        ),
        ({"next_request_at": dt.timedelta(minutes=1)}, "wants to be left alone until"),
    ],
)
def test_a_host_that_is_busy_is_not_asked(
    admin_client: Client, site: Site, columns: dict[str, Any], said: str
) -> None:
    url = site.set("/policy", POLICY)
    now = timezone.now()
    moments = {k: now + v if isinstance(v, dt.timedelta) else v for k, v in columns.items()}
    host = Host.objects.create(name="127.0.0.1", **moments)
    assert said in admin_client.post(TRY, form(url)).content.decode()
    assert site.requests() == []
    host.refresh_from_db()
    assert host.lease == columns.get("lease")


def test_entries_of_a_feed_are_shown_and_escaped(admin_client: Client, site: Site) -> None:
    url = site.set("/feed", RSS, headers={"Content-Type": "application/rss+xml"})
    answer = admin_client.post(TRY, form(url, kind="feed"))
    page = answer.content.decode()
    assert [body for _, body in answer.context["items"]] == [
        "We stop selling it.",
        "More about it.",
    ]
    assert answer.context["items"][0][0].title == "First post"
    assert 'href="https://blog.example/first"' in page
    assert "2 Jan 2024" in page
    assert "<script>alert" not in page
    assert "javascript:" not in page
    assert answer.context["items"][0][0].key[:12] in page


@pytest.mark.parametrize("choice", [{}, {"reads_articles": "on"}])
def test_a_trial_says_that_articles_will_be_read_and_fetches_none(
    admin_client: Client, site: Site, choice: dict[str, str]
) -> None:
    url = site.set("/feed", RSS, headers={"Content-Type": "application/rss+xml"})
    page = admin_client.post(TRY, form(url, kind="feed", **choice)).content.decode()
    assert ("the article is read, too" in page) is bool(choice)
    assert len(site.requests()) == 1


def test_rows_show_the_fields_that_count(admin_client: Client, site: Site) -> None:
    rows = [{"id": 1, "status": "open <i>", "views": 7}, {"id": 2, "status": "shut", "views": 9}]
    url = site.set("/data", json.dumps(rows), headers={"Content-Type": "application/json"})
    fields = {"json_kind": "rows", "path": "$", "key": "id", "ignored_fields": "views"}
    answer = admin_client.post(TRY, form(url, kind="json", **fields))
    page = answer.content.decode()
    assert answer.context["items"] == [("1", [("status", "open <i>")]), ("2", [("status", "shut")])]
    assert "open &lt;i&gt;" in page
    assert "views" not in page.split('id="content-main"')[1]


def test_a_value_is_shown_with_what_it_says_of_the_target(admin_client: Client, site: Site) -> None:
    url = site.set("/data", '{"a": "Done"}', headers={"Content-Type": "application/json"})
    fields = {"json_kind": "value", "path": "$.a", "statuses": "Done = met"}
    answer = admin_client.post(TRY, form(url, kind="json", **fields))
    assert answer.context["value"].value == "Done"
    assert answer.context["value"].status == "met"


def test_long_texts_and_lists_are_cut(
    admin_client: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "TEXT_SHOWN", 10)
    monkeypatch.setattr(trying, "ITEMS_SHOWN", 1)
    answer = admin_client.post(TRY, form(site.set("/policy", POLICY)))
    assert len(answer.context["text"]) == 10
    assert "The first 1 of" in answer.content.decode()


@pytest.mark.parametrize(
    ("codename", "allows_new", "allows_known"),
    [("view_source", 403, 403), ("add_source", 200, 403), ("change_source", 403, 200)],
)
def test_only_who_may_save_may_fetch(
    client: Client, site: Site, codename: str, allows_new: int, allows_known: int
) -> None:
    user = User.objects.create_user("somebody", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(user)
    source = make_source(site.set("/policy", POLICY))
    assert client.post(TRY, form(site.set("/other", POLICY))).status_code == allows_new
    assert client.post(address(source), form_of(source)).status_code == allows_known
    assert len(site.requests()) == [allows_new, allows_known].count(200)


def test_a_link_cannot_make_us_fetch(admin_client: Client, site: Site) -> None:
    assert admin_client.get(TRY, form(site.set("/policy", POLICY))).status_code == 405
    assert site.requests() == []
    assert Client(enforce_csrf_checks=True).post(TRY).status_code in (302, 403)


def test_the_button_is_there_for_who_may_save(admin_client: Client, client: Client) -> None:
    source = make_source()
    change = f"/admin/sources/source/{source.pk}/change/"
    assert f'formaction="{address(source)}"' in admin_client.get(change).content.decode()
    add = admin_client.get("/admin/sources/source/add/").content.decode()
    assert f'formaction="{TRY}"' in add
    assert "/paste/" in add
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_source"))
    client.force_login(user)
    assert "formaction" not in client.get(change).content.decode()
