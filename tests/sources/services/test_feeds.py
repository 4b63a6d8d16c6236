"""Polling feeds: each new entry is a text of its own."""

import datetime as dt
import json
from collections.abc import Callable

import pytest

from campaigns.models import Target
from campaigns.statuses import Status
from config.demo.site import Site
from sources.kinds import PollResult, SourceKind
from sources.models import Finding, KnownEntry, Poll, Snapshot, Source
from sources.services import poll_sources
from tests.sources.factories import make_source, make_watch
from tests.sources.pages import ANNOUNCEMENT, DAY_OF_ANNOUNCEMENT, rss

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

NOW = DAY_OF_ANNOUNCEMENT
HOUR = dt.timedelta(hours=1)
OLD = ("1", "Cloud prices fall", "Storage is cheaper from today.")
NEWS = ("2", "An update on Rekognition", ANNOUNCEMENT)


def atom(*items: tuple[str, str, str]) -> bytes:
    entries = "".join(
        f'<entry><id>{guid}</id><link href="https://press.example/{guid}"/><title>{title}</title>'
        f"<updated>2020-06-10T12:00:00Z</updated><content>{text}</content></entry>"
        for guid, title, text in items
    )
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Press</title>{entries}</feed>'.encode()
    )


def json_feed(*items: tuple[str, str, str]) -> bytes:
    entries = [
        {"id": i, "url": f"https://press.example/{i}", "title": title, "content_text": text}
        for i, title, text in items
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": entries}).encode()


def poll(source: Source, hours: int = 0) -> Poll:
    [result] = poll_sources(source_ids=[source.pk], now=NOW + hours * HOUR)
    return result


def watched_feed(site: Site, target: Target, body: bytes) -> Source:
    source = make_source(site.set("/feed", body), kind=SourceKind.FEED)
    make_watch(source, target)
    return source


@pytest.mark.parametrize("form", [rss, atom, json_feed])
def test_a_new_entry_is_read_and_what_was_there_before_is_not(
    site: Site, amazon: Target, form: Callable[..., bytes]
) -> None:
    source = watched_feed(site, amazon, form(OLD))
    assert poll(source).result == PollResult.BASELINE
    site.set("/feed", form(NEWS, OLD))
    assert poll(source, 1).result == PollResult.CHANGED
    finding = Finding.objects.get()
    assert (finding.target, finding.proposed_status) == (amazon, Status.PAUSED)
    assert finding.url == "https://press.example/2"
    assert finding.title == "An update on Rekognition"
    text = finding.snapshot.text
    assert text[finding.passage_start : finding.passage_end] == finding.passage
    assert "Storage is cheaper" not in text


def test_the_entries_of_the_first_poll_are_a_silent_baseline(site: Site, amazon: Target) -> None:
    source = watched_feed(site, amazon, rss(NEWS, OLD))
    assert poll(source).result == PollResult.BASELINE
    assert not Finding.objects.exists()
    assert KnownEntry.objects.count() == 2


def test_the_offsets_fit_when_several_entries_are_new(site: Site, amazon: Target) -> None:
    source = watched_feed(site, amazon, rss(OLD))
    poll(source)
    site.set("/feed", rss(("3", "Other news", "A new region opens."), NEWS, OLD))
    poll(source, 1)
    finding = Finding.objects.get()
    text = finding.snapshot.text
    assert finding.passage_start > len("Other news")
    assert text[finding.passage_start : finding.passage_end] == finding.passage


def test_of_entries_that_say_the_same_one_finding_is_made(site: Site, amazon: Target) -> None:
    source = watched_feed(site, amazon, rss(OLD))
    poll(source)
    repost = ("3", "Amazon pauses", f"Reported elsewhere. {ANNOUNCEMENT}")
    site.set("/feed", rss(repost, NEWS, OLD))
    poll(source, 1)
    assert Finding.objects.count() == 1


def test_reordered_shrinking_and_returning_entries_are_no_news(site: Site, amazon: Target) -> None:
    source = watched_feed(site, amazon, rss(OLD, NEWS))
    poll(source)
    for hours, items in enumerate([(NEWS, OLD), (OLD,), (NEWS,), (OLD, NEWS)], start=1):
        site.set("/feed", rss(*items))
        assert poll(source, hours).result == PollResult.UNCHANGED
    assert Snapshot.objects.count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "&lt;" * 5000,
        "&lt;div&gt;" * 5000,
        "&lt;script&gt;alert(1)&lt;/script&gt;text",
        "\u202e\u200b text",
        "]]&gt; &#xD7FF; text",
    ],
)
def test_a_hostile_entry_crashes_nothing(site: Site, amazon: Target, text: str) -> None:
    source = watched_feed(site, amazon, rss(OLD))
    poll(source)
    site.set("/feed", rss(("2", "Title", text), OLD))
    assert poll(source, 1).cause in ("", "too_large")
