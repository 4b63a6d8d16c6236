"""What an entry of a feed says: all that is known of a status change, and nothing as markup."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from selectolax.lexbor import LexborHTMLParser

from campaigns.telling.atom import Feed, Link, write_atom
from campaigns.telling.happenings import Cited, Happening
from campaigns.telling.markup import as_html
from tests.factories import (
    NOW,
    make_campaign,
    make_change,
    make_citation_draft,
    make_company,
    make_document,
    make_outcome_draft,
    make_target,
)
from tests.website.feeds.reading import ATOM, SITE, assert_is_atom, atom, json_feed, numbers
from tests.website.stories import EXEMPTIONS, tell_story

ALL = "/feeds/changes.atom"
HOSTILE = ']]> <script>alert(1)</script> & "quoted" \x01\x0b\ufffe Zoë 🙂'

texts = st.text(max_size=60)


@pytest.mark.django_db
def test_a_change_is_told_with_its_dates_terms_quotes_and_sources(client: Client) -> None:
    story = tell_story()
    feed = atom(client, "/campaigns/face-recognition/changes.atom")
    [entry] = [entry for entry in feed.entries if entry.id.endswith(f"/{story.paused.pk}/")]
    assert entry.title == "Amazon: refused → paused (Stop selling face recognition to police)"
    assert entry.id == entry.link == f"{SITE}/changes/{story.paused.pk}/"
    assert entry.summary == "Amazon pauses police use of Rekognition for one year."
    assert entry.published == entry.updated == "2026-03-01T12:00:00Z"
    [related] = [link.href for link in entry.links if link.rel == "related"]
    assert related == story.paused.citations.get().document.url
    content = LexborHTMLParser(entry.content[0].value).text()
    for said in (
        "Effective: 10 June 2020", "One-year moratorium on police use", *EXEMPTIONS,
        "Police use in the United States", "Congress puts rules in place", "AB",
        "Expires: 10 June 2021", "We’re implementing a one-year moratorium", "Amazon, 10 June 2020",
    ):  # fmt: skip
        assert said in content, said
    assert f"{SITE}/evidence/{'a' * 64}/" in entry.content[0].value


@pytest.mark.django_db
def test_both_formats_say_the_same(client: Client) -> None:
    tell_story()
    entries = atom(client, ALL).entries
    items = json_feed(client, "/feeds/changes.json")["items"]
    assert len(items) == 4
    for entry, item in zip(entries, items, strict=True):
        assert (item["id"], item["url"], item["title"]) == (entry.id, entry.link, entry.title)
        assert item["content_html"].count("<li>") == entry.content[0].value.count("<li>")
        dates = (item["date_published"], item["date_modified"])
        assert dates == (entry.published, entry.updated)


@pytest.mark.django_db
def test_an_imprecise_date_is_told_as_imprecise_as_it_is(client: Client) -> None:
    outcome = make_outcome_draft(expires_on=dt.date(2030, 5, 1), expires_precision="month")
    make_change(
        to_status="paused",
        effective_on=dt.date(2018, 1, 1),
        effective_precision="year",
        outcome=outcome,
    )
    [entry] = atom(client, ALL).entries
    content = LexborHTMLParser(entry.content[0].value).text()
    assert "Effective: 2018" in content
    assert "Expires: May 2030" in content


@pytest.mark.django_db
def test_the_last_published_is_first_whenever_it_happened(client: Client) -> None:
    target = make_target()
    first = make_change(target, "called_on", dt.date(2020, 1, 1), now=NOW)
    second = make_change(target, "paused", dt.date(2020, 3, 1), now=NOW + dt.timedelta(hours=1))
    late = make_change(target, "refused", dt.date(2020, 2, 1), now=NOW + dt.timedelta(hours=2))
    assert numbers(client, ALL) == [late.pk, second.pk, first.pk]


@pytest.mark.django_db
def test_hostile_texts_stay_texts(client: Client) -> None:
    document = make_document(title=HOSTILE, publisher=HOSTILE, url="javascript:alert(1)")
    make_change(
        make_target(make_campaign(HOSTILE), make_company(HOSTILE), demand=HOSTILE),
        "paused",
        summary=HOSTILE,
        citations=[make_citation_draft(HOSTILE, document=document)],
        outcome=make_outcome_draft(terms=HOSTILE, exemptions=(HOSTILE,)),
    )
    data = client.get(ALL).content
    assert_is_atom(data)
    assert b"javascript:" not in data
    [item] = json_feed(client, "/feeds/changes.json")["items"]
    for told in (ET.fromstring(data).findtext(f"{ATOM}entry/{ATOM}content"), item["content_html"]):
        page = LexborHTMLParser(told or "")
        assert page.css("script, [href^=javascript]") == []
        assert page.text().count("<script>alert(1)</script>") == 9
        assert "Zoë 🙂" in page.text()


@given(text=texts)
def test_whatever_a_text_is_a_reader_gets_it_as_text(text: str) -> None:
    happening = Happening(
        key="one", address=f"{SITE}/changes/1/", page=f"{SITE}/changes/1/", headline=text,
        summary=text, day=NOW.date(), precision="day", group=text, facts=((text, text),),
        related=((text, f"{SITE}/changes/2/"),), recorded_at=NOW, updated_at=NOW,
        citations=[
            Cited(
                quote=text, title=text, publisher=text, published_on=None,
                published_precision="day", url=text, copy_url="",
            )
        ],
    )  # fmt: skip
    link = Link("self", f"{SITE}/feeds/changes.atom")
    data = write_atom(Feed(address=SITE, title=text, subtitle=text, links=(link,)), [happening])
    entry = ET.fromstring(data).find(f"{ATOM}entry")
    assert entry is not None
    # XML reads every kind of line end as one.
    said = (entry.findtext(f"{ATOM}title") or "").replace("\r", "\n")
    assert len(said) == len(text.replace("\r\n", "\n"))
    elements = LexborHTMLParser(as_html(happening)).css("body *")
    assert {one.tag for one in elements} <= {"p", "a", "ul", "li", "b", "blockquote"}


@pytest.mark.django_db
def test_a_feed_without_entries_is_valid_and_always_the_same(client: Client) -> None:
    assert atom(client, ALL).feed.updated == "1970-01-01T00:00:00Z"
    assert client.get(ALL).content == client.get(ALL).content
    assert json_feed(client, "/feeds/changes.json")["items"] == []


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["atom", "json"])
def test_the_queries_of_a_feed_are_the_same_however_many_its_entries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, form: str
) -> None:
    def tell_more() -> None:
        make_change(
            None,
            "paused",
            outcome=make_outcome_draft(exemptions=("Thorn",)),
            citations=[make_citation_draft()],
        )

    tell_more()
    # Entries; changes, exemptions, citations, documents, what supports outcomes; logs.
    for _ in range(2):
        with django_assert_num_queries(7):
            client.get(f"/feeds/changes.{form}")
        for _more in range(5):
            tell_more()


@pytest.mark.django_db
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(summary=texts.map(lambda text: text.replace("\0", "")))
def test_whatever_an_advocate_writes_the_feed_is_valid(client: Client, summary: str) -> None:
    change = make_change(summary=summary)
    address = f"{change.target.campaign.get_absolute_url()}changes.atom"
    assert_is_atom(client.get(address).content)
