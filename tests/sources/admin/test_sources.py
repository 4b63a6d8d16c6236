"""Sources in the admin."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from selectolax.lexbor import LexborHTMLParser

from campaigns.models import Target
from sources import tasks
from sources.models import Poll, Source
from tests.factories import NOW
from tests.sources.factories import make_article, make_snapshot, make_source, make_watch

pytestmark = pytest.mark.django_db

LIST = "/admin/sources/source/"
ADD = "/admin/sources/source/add/"


@pytest.fixture(autouse=True)
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The batches that were put into the queue."""
    batches: list[list[int]] = []

    def note(args: tuple[list[int]], **options: object) -> None:
        batches.append(args[0])

    monkeypatch.setattr(tasks.poll_batch, "apply_async", note)
    return batches


def filled_in(url: str, target: Target | None = None, **fields: Any) -> dict[str, Any]:
    return {
        "name": "Amazon policy blog",
        "slug": "amazon-policy",
        "url": url,
        "kind": "page",
        "interval_minutes": "30",
        "is_active": "on",
        "watches-TOTAL_FORMS": "1",
        "watches-INITIAL_FORMS": "0",
        "watches-0-target": target.pk if target else "",
        "watches-0-is_trusted": "",
    } | fields


def test_a_source_is_added_with_its_watches_on_one_page(
    admin_client: Client, amazon: Target
) -> None:
    answer = admin_client.post(ADD, filled_in("https://acme.example/policy", amazon), follow=True)
    assert answer.status_code == 200
    source = Source.objects.get()
    assert (source.url, source.interval_minutes) == ("https://acme.example/policy", 30)
    watch = source.watches.get()
    assert (watch.target, watch.is_trusted) == (amazon, False)
    assert Source.objects.due(timezone.now()).exists()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("ftp://acme.example/", "must begin with http:// or https://"),
        ("http://127.0.0.1/", "127.0.0.1 is a loopback address"),
        ("http://0x7f.1/", "127.0.0.1 is a loopback address"),
        ("http://169.254.169.254/", "is a link-local address"),
        ("", "This field is required"),
    ],
)
def test_a_url_that_may_not_be_fetched_is_refused_at_its_field(
    admin_client: Client, amazon: Target, url: str, problem: str
) -> None:
    answer = admin_client.post(ADD, filled_in(url, amazon))
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert set(errors) == {"url"}
    assert problem in " ".join(errors["url"])
    assert not Source.objects.exists()


@pytest.mark.parametrize("minutes", ["0", "525601", "99999999999"])
def test_an_interval_is_from_a_minute_to_a_year(
    admin_client: Client, amazon: Target, minutes: str
) -> None:
    fields = filled_in("https://acme.example/policy", amazon)
    answer = admin_client.post(ADD, fields | {"interval_minutes": minutes})
    assert set(answer.context["adminform"].form.errors) == {"interval_minutes"}
    assert not Source.objects.exists()
    admin_client.post(ADD, fields | {"interval_minutes": "525600"})
    assert Source.objects.get().interval_minutes == 525_600


def test_health_is_shown_with_the_latest_polls_and_escaped(admin_client: Client) -> None:
    source = make_source()
    make_snapshot(source)
    Poll.objects.create(
        source=source,
        started_at=NOW,
        finished_at=NOW,
        result="failed",
        cause="error_page",
        detail="<script>alert(1)</script>",
    )
    Source.objects.update(
        failing_since=NOW,
        failures_count=3,
        last_cause="error_page",
        last_detail="<script>alert(1)</script>",
    )
    page = admin_client.get(f"{LIST}{source.pk}/change/").content.decode()
    assert "failing since 1 Mar 2026, 12:00: the answer is an error page" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page
    assert "changed" in page


@pytest.mark.parametrize(
    ("health", "names"),
    [("failing", "BDE"), ("broken", "DE"), ("quarantined", "E"), ("well", "C"), ("new", "A")],
)
def test_the_list_is_filtered_by_health(admin_client: Client, health: str, names: str) -> None:
    make_source(name="Source A")
    make_source(
        name="Source B", failing_since=NOW, failures_count=1, last_cause="dns", last_polled_at=NOW
    )
    make_source(name="Source C", last_success_at=NOW, last_polled_at=NOW)
    failing: dict[str, Any] = {"failing_since": NOW, "failures_count": 9, "last_polled_at": NOW}
    make_source(name="Source D", last_cause="not_found", broken_since=NOW, **failing)
    quarantined = failing | {"last_cause": "parse_limits", "quarantined_at": NOW}
    make_source(name="Source E", broken_since=NOW, **quarantined)
    page = admin_client.get(LIST, {"health": health})
    found = [source.name for source in page.context["cl"].result_list]
    assert found == [f"Source {name}" for name in names]


def test_the_list_says_what_is_broken_and_what_is_quarantined(admin_client: Client) -> None:
    failing: dict[str, Any] = {"failing_since": NOW, "failures_count": 9, "broken_since": NOW}
    make_source(last_cause="not_found", **failing)
    make_source(last_cause="parse_limits", quarantined_at=NOW, **failing)
    page = admin_client.get(LIST).content.decode()
    assert "broken since 1 Mar 2026, 12:00: the page is gone" in page
    assert "quarantined since 1 Mar 2026, 12:00, polled only on request" in page


def test_the_rules_of_the_kind_are_open_and_those_of_others_folded(admin_client: Client) -> None:
    rules = {"kind": "value", "path": "$.status", "statuses": {}}
    source = make_source(kind="json", rules=rules)
    page = LexborHTMLParser(admin_client.get(f"{LIST}{source.pk}/change/").content)
    folded = [heading.text() for heading in page.css("details h2.fieldset-heading")]
    assert "What is read of a web page" in folded
    assert "Which bill, and who tells" in folded
    assert "What is read of JSON" not in folded


def test_who_adds_a_source_is_its_steward_unless_they_say_otherwise(admin_client: Client) -> None:
    form = admin_client.get(ADD).context["adminform"].form
    assert form.initial["stewards"] == [User.objects.get(username="admin").pk]


def test_who_may_only_look_sees_the_rules(client: Client) -> None:
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_source"))
    client.force_login(user)
    source = make_source(rules={"include": ["main", "<b>"]})
    answer = client.get(f"{LIST}{source.pk}/change/")
    assert answer.status_code == 200
    assert "include: main, &lt;b&gt;" in answer.content.decode()


def test_the_list_takes_as_many_queries_for_many_as_for_one(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        make_watch(make_source())
    with django_assert_num_queries(6):
        assert admin_client.get(LIST).status_code == 200


def test_poll_now_makes_sources_due_and_wakes_a_worker(
    admin_client: Client, enqueued: list[list[int]]
) -> None:
    later = NOW.replace(year=2999)
    source, other = make_source(next_poll_at=later), make_source(next_poll_at=later)
    data = {"action": "poll_now", "_selected_action": [source.pk]}
    answer = admin_client.post(LIST, data, follow=True)
    assert "1 source is polled now." in answer.content.decode()
    assert list(Source.objects.due(timezone.now())) == [source]
    assert enqueued == [[source.pk]]
    assert other.pk not in enqueued[0]


def test_a_source_whose_url_was_edited_is_due_at_once(admin_client: Client) -> None:
    source = make_source(next_poll_at=NOW.replace(year=2999))
    data = filled_in("https://acme.example/moved") | {"watches-TOTAL_FORMS": "0"}
    admin_client.post(f"{LIST}{source.pk}/change/", data)
    assert list(Source.objects.due(timezone.now())) == [source]


def test_who_may_only_look_cannot_poll(client: Client) -> None:
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_source"))
    client.force_login(user)
    source = make_source(next_poll_at=NOW.replace(year=2999))
    client.post(LIST, {"action": "poll_now", "_selected_action": [source.pk]})
    assert not Source.objects.due(timezone.now()).exists()


@pytest.mark.parametrize(("kind", "is_read"), [("feed", True), ("page", False)])
def test_only_a_feed_reads_articles(admin_client: Client, kind: str, is_read: bool) -> None:
    fields = filled_in("https://acme.example/feed", kind=kind, reads_articles="on")
    admin_client.post(ADD, fields)
    assert Source.objects.get().reads_articles is is_read


def test_the_articles_of_a_feed_are_counted_and_those_that_fail_listed_and_escaped(
    admin_client: Client,
) -> None:
    source = make_source(kind="feed", reads_articles=True)
    make_article(source, title="Quiet")
    make_article(source, title="Late", tries_count=1, last_cause="timeout")
    given_up = {"state": "given_up", "settled_at": NOW, "last_cause": "not_found"}
    make_article(source, title="<b>Gone</b>", last_detail="HTTP 404 <i>", **given_up)
    make_article(source, title="Read", state="read", settled_at=NOW, snapshot=make_snapshot())
    page = admin_client.get(f"{LIST}{source.pk}/change/").content.decode()
    assert "2 waiting, 1 read, 1 given up" in page
    assert "the host took too long" in page
    assert "tried again at 1 Mar 2026, 12:00 UTC" in page
    assert "&lt;b&gt;Gone&lt;/b&gt;</a>: the page is gone (HTTP 404 &lt;i&gt;)" in page
    assert "given up: its entry was judged instead" in page
    assert "Quiet" not in page
