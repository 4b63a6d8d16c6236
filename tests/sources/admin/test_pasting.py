"""Adding a source by pasting its address."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from campaigns.models import Target
from config.demo.site import Site
from sources.kinds import SourceKind
from sources.models import Host, Poll, RobotsFile, Snapshot, Source
from sources.services import pasting
from tests.factories import make_campaign, make_company, make_target
from tests.sources.extraction.bills.samples import sample
from tests.sources.factories import make_source
from tests.sources.pages import policy_page, rss

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

PASTE = "/admin/sources/source/paste/"
ADD = "/admin/sources/source/add/"
RSS = {"Content-Type": "application/rss+xml"}


def onward(answer: Any) -> dict[str, list[str]]:
    """What the form that leads on to the add form sends as it stands."""
    page = LexborHTMLParser(answer.content)
    fields: dict[str, list[str]] = {}
    for field in page.css("form.source-onward input[name]"):
        attributes = field.attributes
        if attributes.get("type") != "checkbox" or "checked" in attributes:
            fields.setdefault(attributes["name"] or "", []).append(attributes.get("value") or "")
    return fields


def test_a_page_becomes_a_filled_in_form_that_is_saved_as_it_stands(
    admin_client: Client, site: Site, amazon: Target
) -> None:
    other = make_target(make_campaign("Something else"), make_company("Unrelated Industries"))
    url = site.set("/policy", policy_page())
    answer = admin_client.post(PASTE, {"url": url})
    fields = onward(answer)
    assert fields == {
        "url": [url],
        "kind": ["page"],
        "name": ["Our policy on Rekognition"],
        "slug": ["our-policy-on-rekognition"],
        "watch": [str(amazon.pk)],
    }
    assert str(other) not in answer.content.decode()
    assert not Source.objects.exists()
    form = LexborHTMLParser(admin_client.get(ADD, fields).content).css_first("#source_form")
    assert form is not None
    sent = values_of(form)
    assert sent["watches-0-target"] == [str(amazon.pk)]
    saved = admin_client.post(f"{ADD}?watch={amazon.pk}", sent)
    assert saved.status_code == 302
    source = Source.objects.get()
    assert (source.url, source.name) == (url, "Our policy on Rekognition")
    assert [watch.target for watch in source.watches.all()] == [amazon]
    assert [user.username for user in source.stewards.all()] == ["admin"]


def values_of(form: Any) -> dict[str, list[str]]:
    """The values of a form, as a browser would send them."""
    values: dict[str, list[str]] = {}
    for field in form.css("input[name], textarea[name], select[name]"):
        attributes, name = field.attributes, field.attributes["name"]
        if field.tag == "textarea":
            values[name] = [field.text().lstrip("\n")]
        elif field.tag == "select":
            values[name] = [option.attributes["value"] for option in field.css("option[selected]")]
        elif attributes.get("type") == "checkbox":
            if "checked" in attributes:
                values[name] = ["on"]
        elif attributes.get("type") not in ("submit", "button"):
            values[name] = [attributes.get("value") or ""]
    return values


def test_why_a_target_is_suggested_is_said(
    admin_client: Client, site: Site, amazon: Target
) -> None:
    page = admin_client.post(PASTE, {"url": site.set("/policy", policy_page())}).content.decode()
    assert "the title names the product: Rekognition" in page
    assert "the text names the company: Amazon" in page


def test_targets_of_drafts_are_suggested_too(admin_client: Client, site: Site) -> None:
    target = make_target(make_campaign("Draft", is_public=False), make_company("Examplesoft"))
    url = site.set("/policy", "<title>Examplesoft policy</title><p>We stop selling it to all.</p>")
    assert onward(admin_client.post(PASTE, {"url": url}))["watch"] == [str(target.pk)]


def test_feeds_of_a_page_are_offered_and_a_feed_is_recognized(
    admin_client: Client, site: Site
) -> None:
    feed = site.set("/news.xml", rss(("a", "We stop", "We stop selling it.")), headers=RSS)
    link = '<link rel="alternate" type="application/rss+xml" title="All <b> news" href="/news.xml">'
    url = site.set("/news", f"<head>{link}<title>News</title></head><p>What is new with us.</p>")
    answer = admin_client.post(PASTE, {"url": url})
    buttons = LexborHTMLParser(answer.content).css(".source-feeds input[name=url]")
    assert [button.attributes["value"] for button in buttons] == [feed]
    assert "All &lt;b&gt; news" in answer.content.decode()
    assert onward(admin_client.post(PASTE, {"url": feed}))["kind"] == ["feed"]


def test_usual_addresses_are_offered_where_a_page_speaks_of_no_feed_and_none_is_asked(
    admin_client: Client, site: Site
) -> None:
    url = site.set("/news", "<title>News</title><p>What is new with us.</p>")
    answer = admin_client.post(PASTE, {"url": url})
    buttons = LexborHTMLParser(answer.content).css(".source-feeds input[name=url]")
    assert site.url("/news/feed/") in [button.attributes["value"] for button in buttons]
    assert [request.path for request in site.requests()] == ["/news"]


def test_json_is_recognized(admin_client: Client, site: Site) -> None:
    url = site.set("/a.json", '{"title": "Bills"}', headers={"Content-Type": "application/json"})
    fields = onward(admin_client.post(PASTE, {"url": url}))
    assert (fields["kind"], fields["name"]) == (["json"], ["Bills"])


def test_an_address_of_a_tracker_is_a_bill(
    admin_client: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = site.set("/bill", "<h1>Gone</h1>", 404)
    monkeypatch.setattr(pasting, "form_of_url", lambda url: "openstates-v3")
    answer = admin_client.post(PASTE, {"url": url})
    found = answer.context["found"]
    assert (found.kind, found.failure.cause) == (SourceKind.BILL, "not_found")
    [link] = [
        parse_qs(urlsplit(node.attributes["href"] or "").query)
        for node in LexborHTMLParser(answer.content).css("#content-main a[href*='add/']")
    ]
    assert link == {"url": [url], "kind": ["bill"], "form": ["openstates-v3"]}
    form = LexborHTMLParser(admin_client.get(ADD, link).content)
    assert values_of(form)["form"] == ["openstates-v3"]
    assert values_of(form)["kind"] == ["bill"]


def test_a_bill_is_named_by_what_the_tracker_says(
    admin_client: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    bill = sample("openstates-ca-ab1215.json")
    url = site.set("/bill", bill, headers={"Content-Type": "application/json"})
    monkeypatch.setattr(pasting, "form_of_url", lambda url: "openstates-v3")
    fields = onward(admin_client.post(PASTE, {"url": url}))
    assert fields["name"][0].startswith("AB 1215: ")
    assert fields["form"] == ["openstates-v3"]


@pytest.mark.parametrize("is_moved", [False, True])
def test_an_address_that_is_a_source_already_says_so(
    admin_client: Client, site: Site, is_moved: bool
) -> None:
    url = site.set("/policy", policy_page())
    source = make_source(url, name="Known <b> policy")
    moved = site.set("/old", "", 301, {"Location": "/policy"})
    page = admin_client.post(PASTE, {"url": moved if is_moved else url}).content.decode()
    assert f'href="/admin/sources/source/{source.pk}/change/"' in page
    assert "Known &lt;b&gt; policy" in page
    assert bool(site.requests()) is is_moved


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://acme.example/", "must begin with http:// or https://"),
        ("http://169.254.169.254/", "is a link-local address"),
        ("", "This field is required"),
        ("https://acme.example/" + "a" * 500, "at most 500 characters"),
    ],
)
def test_an_address_that_may_not_be_fetched_is_refused(
    admin_client: Client, url: str, said: str
) -> None:
    assert said in admin_client.post(PASTE, {"url": url}).content.decode()


def test_a_failure_says_what_happened_and_leads_on_to_the_form(
    admin_client: Client, site: Site
) -> None:
    url = site.set("/secret?a=1&b=2", "<script>alert(1)</script>", 403)
    answer = admin_client.post(PASTE, {"url": url})
    page = answer.content.decode()
    assert "It could not be read: the host refused to show the page." in page
    assert "<script>alert(1)" not in page
    [link] = LexborHTMLParser(answer.content).css("#content-main a[href*='add/']")
    form = LexborHTMLParser(admin_client.get(link.attributes["href"] or "").content)
    assert values_of(form)["url"] == [url]


def test_hostile_titles_are_escaped(admin_client: Client, site: Site) -> None:
    title = "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &quot; onfocus=x"
    url = site.set("/x", f"<title>{title}</title><p>We stop selling it to the police.</p>")
    answer = admin_client.post(PASTE, {"url": url})
    page = answer.content.decode()
    assert "<script>alert" not in page
    assert '" onfocus' not in page
    assert onward(answer)["name"] == ['</title><script>alert(1)</script> " onfocus=x']
    assert "<script>alert" not in admin_client.get(ADD, onward(answer)).content.decode()


def test_a_host_that_is_being_polled_is_left_alone(admin_client: Client, site: Site) -> None:
    until = timezone.now() + dt.timedelta(minutes=1)
    Host.objects.create(name="127.0.0.1", lease=uuid.uuid4(), leased_until=until)
    page = admin_client.post(PASTE, {"url": site.set("/x", policy_page())}).content.decode()
    assert "are being polled at this moment" in page
    assert "Go on to the form without looking" in page
    assert site.requests() == []


def test_nothing_is_written(admin_client: Client, site: Site) -> None:
    admin_client.post(PASTE, {"url": site.set("/policy", policy_page())})
    for table in (Source, Poll, Snapshot, RobotsFile):
        assert not table._default_manager.exists()
    assert Host.objects.get().lease is None


def test_a_slug_that_is_taken_gets_a_number(admin_client: Client, site: Site) -> None:
    make_source(slug="news")
    make_source(slug="news-2")
    url = site.set("/news", "<title>News</title><p>What is new with us.</p>")
    assert onward(admin_client.post(PASTE, {"url": url}))["slug"] == ["news-3"]


def test_many_targets_take_no_more_queries_than_one(
    admin_client: Client, site: Site, amazon: Target
) -> None:
    url = site.set("/policy", policy_page())
    admin_client.post(PASTE, {"url": url})
    with CaptureQueriesContext(connection) as few:
        admin_client.post(PASTE, {"url": url})
    for number in range(5):
        company = make_company(f"Amazon {number}", aliases=(f"AWS {number}",))
        make_target(make_campaign(f"Rekognition {number}"), company)
    with CaptureQueriesContext(connection) as many:
        admin_client.post(PASTE, {"url": url})
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("codename", "status"), [("view_source", 403), ("change_source", 403), ("add_source", 200)]
)
def test_only_who_may_add_sources_may_paste(
    client: Client, site: Site, codename: str, status: int
) -> None:
    user = User.objects.create_user("somebody", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(user)
    url = site.set("/policy", policy_page())
    assert client.get(PASTE).status_code == status
    assert client.post(PASTE, {"url": url}).status_code == status
    assert len(site.requests()) == (status == 200)


def test_the_list_and_the_add_form_lead_to_it(admin_client: Client) -> None:
    tools = LexborHTMLParser(admin_client.get("/admin/sources/source/").content)
    links = [link.attributes["href"] for link in tools.css(".object-tools a")]
    assert links[0] == PASTE
    assert PASTE in admin_client.get(ADD).content.decode()


@pytest.mark.parametrize("watch", ["x", "-1", "9" * 30, "²"])
def test_a_link_that_names_no_target_is_harmless(admin_client: Client, watch: str) -> None:
    answer = admin_client.get(ADD, {"watch": watch, "kind": "nothing", "stewards": "x"})
    assert answer.status_code == 200
