"""The articles of feeds: read in full, and judged together with their entries."""

import datetime as dt
import gzip

import pytest
from pytest_django import Settings

from campaigns.models import Target
from campaigns.statuses import Status
from config.demo.site import Site
from sources import evidence
from sources.causes import Cause
from sources.kinds import PollResult, SourceKind
from sources.models import Article, Finding, Snapshot
from sources.services import (
    Pushed,
    accept_finding,
    poll_sources,
    push_document,
    try_source,
    view_of,
    warc_of_copy,
)
from sources.services.announcing import entry_of
from tests.sources.factories import PASSAGE, make_article, make_snapshot, make_source, make_watch
from tests.sources.pages import ANNOUNCEMENT
from tests.sources.press import (
    FEED,
    HOUR,
    NOW,
    OLD,
    TEASER,
    article,
    asked,
    poll,
    publish,
    read,
    watched_feed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

FULL = ("/news", "An update on Rekognition", ANNOUNCEMENT)


def test_a_new_entry_is_read_in_full_and_its_finding_cites_the_article(
    site: Site, amazon: Target
) -> None:
    source = watched_feed(site, amazon)
    url = site.set("/news", article(ANNOUNCEMENT))
    publish(site, TEASER, OLD)
    assert poll(source) == PollResult.CHANGED
    assert not Finding.objects.exists()
    [found] = read()
    assert (found.state, found.url, asked(site, "/news")) == (Article.State.READ, url, 1)
    finding = Finding.objects.get()
    assert (finding.target, finding.proposed_status) == (amazon, Status.PAUSED)
    assert "one-year moratorium" in finding.passage
    assert (finding.url, finding.title) == (url, "What we decided about Rekognition")
    assert finding.published_on == dt.date(2020, 6, 9)
    snapshot = finding.snapshot
    assert snapshot == found.snapshot
    assert snapshot.text[finding.passage_start : finding.passage_end] == finding.passage
    assert "Home" not in snapshot.text
    assert read(NOW + 2 * HOUR) == []
    assert asked(site, "/news") == 1


def test_what_is_read_is_evidence_like_any_other(site: Site, amazon: Target) -> None:
    source = watched_feed(site, amazon)
    body = article(ANNOUNCEMENT)
    url = site.set("/news", body)
    publish(site, TEASER, OLD)
    poll(source)
    read()
    finding = Finding.objects.get()
    snapshot = finding.snapshot
    assert (snapshot.source, snapshot.poll, snapshot.kind) == (source, None, SourceKind.PAGE)
    assert evidence.get(snapshot.body_hash) == body.encode()
    assert "one-year moratorium" in view_of(snapshot.body_hash).text
    warc = gzip.decompress(warc_of_copy(snapshot.body_hash))
    assert f"WARC-Target-URI: {url}".encode() in warc
    assert body.encode() in warc
    change = accept_finding(finding=finding, reviewer=None, now=NOW + 2 * HOUR)
    citation = change.citations.get()
    assert (citation.document.url, citation.document.title) == (
        url,
        "What we decided about Rekognition",
    )
    assert citation.document.published_on == dt.date(2020, 6, 9)
    assert citation.snapshot_hash == snapshot.body_hash


def test_articles_of_a_baseline_are_not_read(site: Site, amazon: Target) -> None:
    site.set("/old", article(ANNOUNCEMENT))
    watched_feed(site, amazon)
    assert (read(), asked(site, "/old")) == ([], 0)


def test_without_the_option_the_entry_is_judged_by_what_it_says(site: Site, amazon: Target) -> None:
    source = watched_feed(site, amazon, reads_articles=False)
    site.set("/news", article(ANNOUNCEMENT))
    publish(site, FULL, OLD)
    poll(source)
    assert Finding.objects.get().snapshot.kind == SourceKind.FEED
    assert (read(), asked(site, "/news")) == ([], 0)


def test_a_feed_whose_articles_are_read_is_compared_with_itself(site: Site, amazon: Target) -> None:
    source = watched_feed(site, amazon)
    site.set("/news", article(ANNOUNCEMENT))
    publish(site, TEASER, OLD)
    poll(source)
    read(NOW + 2 * HOUR)
    assert poll(source, NOW + 3 * HOUR) == PollResult.UNCHANGED
    publish(site, ("/more", "More", "Another region opens."), TEASER, OLD)
    assert poll(source, NOW + 4 * HOUR) == PollResult.CHANGED
    trial = try_source(source=source, now=NOW + 5 * HOUR)
    assert [judged.decision.result for judged in trial.judged] == [
        PollResult.BASELINE,
        PollResult.CHANGED,
        PollResult.CHANGED,
        PollResult.UNCHANGED,
    ]
    assert asked(site, "/news") == 1


def test_what_entry_and_article_both_say_is_found_once_in_the_article(
    site: Site, amazon: Target
) -> None:
    source = watched_feed(site, amazon)
    site.set("/news", article(ANNOUNCEMENT))
    short = "Amazon has paused police use of Rekognition for one year."
    publish(site, ("/news", "An update", short), OLD)
    poll(source)
    read()
    assert Finding.objects.get().snapshot.kind == SourceKind.PAGE


def test_what_only_the_entry_says_is_found_although_its_article_was_read(
    site: Site, amazon: Target
) -> None:
    source = watched_feed(site, amazon)
    url = site.set("/news", article("Please accept our cookies to go on reading this article."))
    publish(site, FULL, OLD)
    poll(source)
    [found] = read()
    assert found.state == Article.State.READ
    finding = Finding.objects.get()
    assert finding.snapshot == found.feed_snapshot
    assert finding.url == url
    text = finding.snapshot.text
    assert text[finding.passage_start : finding.passage_end] == finding.passage


def test_an_article_that_moved_is_cited_where_it_is(site: Site, amazon: Target) -> None:
    source = watched_feed(site, amazon)
    url = site.set("/2020/news", article(ANNOUNCEMENT))
    site.set("/news", "", status=301, headers={"Location": "/2020/news"})
    publish(site, TEASER, OLD)
    poll(source)
    read()
    assert Finding.objects.get().url == url


def test_of_many_new_entries_only_so_many_articles_are_read(
    site: Site, amazon: Target, settings: Settings
) -> None:
    settings.ARTICLES_PER_POLL = 2
    source = watched_feed(site, amazon)
    teasers = [(f"/{n}", f"Release {n}", f"Our cloud has news, number {n}.") for n in range(3)]
    last = ("/last", "An update on Rekognition", ANNOUNCEMENT)
    publish(site, *teasers, last, OLD)
    poll(source)
    assert {found.url for found in Article.objects.all()} == {site.url("/0"), site.url("/1")}
    assert Finding.objects.get().url == site.url("/last")


def test_a_feed_of_strangers_announces_no_article(site: Site, amazon: Target) -> None:
    source = watched_feed(site, amazon)
    publish(site, *((f"/old/{n}", f"Old {n}", f"Old release {n}.") for n in range(6)))
    assert poll(source) == PollResult.CHANGED
    known = Article.objects.count()
    publish(site, *((f"/s/{n}", f"S {n}", f"Something strange {n}.") for n in range(500)))
    assert poll(source, NOW + 2 * HOUR) == PollResult.FAILED
    assert Article.objects.count() == known


@pytest.mark.parametrize("paths", [("", ""), ("/list", "/list"), ("/list#a", "/list#b")])
def test_an_entry_without_an_address_of_its_own_is_judged_at_once(
    site: Site, amazon: Target, paths: tuple[str, str]
) -> None:
    source = watched_feed(site, amazon)
    first = (paths[0], "An update on Rekognition", ANNOUNCEMENT)
    publish(site, first, (paths[1], "Other news", "Another region opens."), OLD)
    poll(source)
    assert not Article.objects.exists()
    assert Finding.objects.get().target == amazon


def test_a_text_that_was_brought_is_not_fetched(site: Site, amazon: Target) -> None:
    source = watched_feed(site, amazon)
    url = site.set("/news", article(ANNOUNCEMENT))
    brought = Pushed(text=ANNOUNCEMENT, title="An update", url=url)
    push_document(source=source, document=brought, by="scraper", now=NOW + HOUR)
    assert Finding.objects.count() == 1
    assert (read(), asked(site, "/news")) == ([], 0)


def test_articles_of_a_source_that_is_off_wait_until_it_is_on(site: Site, amazon: Target) -> None:
    source = watched_feed(site, amazon)
    site.set("/news", article(ANNOUNCEMENT))
    publish(site, TEASER, OLD)
    poll(source)
    source.is_active = False
    source.save()
    assert read() == []
    source.is_active = True
    source.save()
    assert [found.state for found in read()] == [Article.State.READ]


def test_the_rows_of_articles_are_written_with_the_snapshot_or_not_at_all(
    site: Site, amazon: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(BaseException):
        """The worker was killed."""

    def die(*args: object) -> None:
        raise Died

    source = watched_feed(site, amazon)
    site.set("/news", article(ANNOUNCEMENT))
    publish(site, TEASER, OLD)
    with monkeypatch.context() as patch:
        patch.setattr("sources.services.settling.write_notices", die)
        with pytest.raises(Died):
            poll(source)
    assert (Article.objects.count(), Snapshot.objects.count()) == (0, 1)
    later = NOW + 2 * HOUR
    assert poll(source, later) == PollResult.FAILED
    assert poll(source, later + HOUR) == PollResult.CHANGED
    assert (Article.objects.count(), Snapshot.objects.count()) == (1, 2)


def test_the_entry_of_an_article_is_found_among_characters_of_all_sizes() -> None:
    source = make_source(kind=SourceKind.FEED)
    text = f"Fête 🎉🎉 in the cloud\n\n{PASSAGE}\n\nQuestions are welcome. 🎉"
    entry = entry_of(make_article(source, feed_snapshot=make_snapshot(source, text)))
    assert entry.body == text[entry.offset : entry.offset + len(entry.body)] == PASSAGE


def test_a_trusted_watch_takes_the_article_over_once(site: Site, amazon: Target) -> None:
    source = make_source(publish(site, OLD), kind=SourceKind.FEED, reads_articles=True)
    make_watch(source, amazon, is_trusted=True)
    poll_sources(source_ids=[source.pk], now=NOW)
    site.set("/news", article(ANNOUNCEMENT))
    publish(site, FULL, OLD)
    poll(source)
    read()
    amazon.refresh_from_db()
    assert amazon.status == Status.PAUSED
    assert Finding.objects.get().review.verdict == "accepted"


def test_an_article_that_cannot_be_read_is_no_failure_of_its_feed(
    site: Site, amazon: Target
) -> None:
    source = watched_feed(site, amazon)
    publish(site, TEASER, OLD)
    poll(source)
    [found] = read()
    assert (found.state, found.last_cause) == (Article.State.WAITING, Cause.NOT_FOUND)
    source.refresh_from_db()
    assert (source.is_failing, source.polls.filter(result="failed").count()) == (False, 0)
    assert asked(site, FEED) == 2
