"""Polling pages: fetch, decide, keep."""

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import pytest

from campaigns.models import StatusChange, Target
from campaigns.statuses import Status
from config.demo.site import Site
from sources import evidence
from sources.causes import Cause
from sources.kinds import PollResult
from sources.models import Finding, Poll, Review, Snapshot, Source
from sources.services import accept_finding, poll_sources
from tests.factories import make_target
from tests.sources.factories import make_source, make_watch
from tests.sources.pages import ANNOUNCEMENT, DAY_OF_ANNOUNCEMENT, policy_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

NOW = DAY_OF_ANNOUNCEMENT
HOUR = dt.timedelta(hours=1)


def poll(source: Source, now: dt.datetime = NOW, **options: Any) -> Poll:
    [result] = poll_sources(source_ids=[source.pk], now=now, jitter=lambda: 0.5, **options)
    source.refresh_from_db()
    return result


@pytest.fixture
def source(site: Site, amazon: Target) -> Source:
    """Amazon's policy page, polled once."""
    source = make_source(site.set("/policy", policy_page()))
    make_watch(source, amazon)
    poll(source, NOW)
    return source


def test_the_first_poll_is_a_silent_baseline(source: Source, polling: Path) -> None:
    snapshot = Snapshot.objects.get()
    body = policy_page().encode()
    assert snapshot.poll is not None
    assert snapshot.poll.result == PollResult.BASELINE
    assert snapshot.body_hash == hashlib.sha256(body).hexdigest()
    assert evidence.get(snapshot.body_hash) == body
    assert snapshot.text.startswith("Our policy on Rekognition\n\n")
    assert snapshot.text_hash == hashlib.sha256(snapshot.text.encode()).hexdigest()
    assert (snapshot.title, snapshot.language) == ("Our policy on Rekognition", "en")
    assert not Finding.objects.exists()
    assert source.last_success_at
    assert source.leased_until is None
    assert source.next_poll_at == source.last_success_at + HOUR


def test_a_baseline_that_announces_something_is_silent_too(site: Site, amazon: Target) -> None:
    source = make_source(site.set("/policy", policy_page(ANNOUNCEMENT)))
    make_watch(source, amazon)
    assert poll(source).result == PollResult.BASELINE
    assert not Finding.objects.exists()


def test_an_announcement_amid_other_changes_gives_exactly_one_finding(
    site: Site, source: Source, amazon: Target
) -> None:
    other = make_target(demand="Stop selling face recognition to police")
    make_watch(source, other)
    page = policy_page(
        ANNOUNCEMENT, updated="11 June 2020", views="98,765", related="Police pause on charts"
    )
    site.set("/policy", page)
    assert poll(source, NOW + HOUR).result == PollResult.CHANGED
    finding = Finding.objects.get()
    assert finding.target == amazon
    assert finding.proposed_status == Status.PAUSED
    assert not finding.extends
    assert finding.effective_on == dt.date(2020, 6, 10)
    assert finding.expires_on == dt.date(2021, 6, 10)
    assert finding.url == source.url
    text = finding.snapshot.text
    assert text[finding.passage_start : finding.passage_end] == finding.passage
    assert "one-year moratorium" in finding.passage
    assert finding.reasons
    assert finding.created_at == NOW + HOUR
    assert not StatusChange.objects.filter(to_status=Status.PAUSED).exists()


def test_an_announcement_that_an_undated_page_gains_late_is_found_with_doubt(
    site: Site, source: Source
) -> None:
    site.set("/policy", policy_page(ANNOUNCEMENT))
    november = dt.datetime(2020, 11, 23, tzinfo=dt.UTC)
    assert poll(source, november).result == PollResult.CHANGED
    finding = Finding.objects.get()
    assert finding.effective_on == dt.date(2020, 6, 10)
    assert finding.expires_on == dt.date(2021, 6, 10)
    assert "166 days old" in finding.reasons[-1]


def test_an_announcement_of_an_old_day_is_background_where_the_page_dates_itself(
    site: Site, source: Source
) -> None:
    dated = '<meta property="article:modified_time" content="2020-11-20"></head>'
    site.set("/policy", policy_page(ANNOUNCEMENT).replace("</head>", dated))
    assert poll(source, dt.datetime(2020, 11, 23, tzinfo=dt.UTC)).result == PollResult.CHANGED
    assert not Finding.objects.exists()


def test_a_page_that_names_its_publisher_says_so_in_the_finding(site: Site, source: Source) -> None:
    named = '<meta property="og:site_name" content="Amazon News"></head>'
    site.set("/policy", policy_page(ANNOUNCEMENT).replace("</head>", named))
    poll(source, NOW + HOUR)
    assert Finding.objects.get().publisher == "Amazon News"


def test_a_page_of_which_only_the_surroundings_changed_is_unchanged(
    site: Site, source: Source
) -> None:
    site.set("/policy", policy_page(updated="9 July 2020", views="5", related="Other charts"))
    assert poll(source, NOW + HOUR).result == PollResult.UNCHANGED
    assert Snapshot.objects.count() == 1


def test_validators_are_sent_back_and_304_means_not_modified(site: Site, amazon: Target) -> None:
    modified = "Wed, 10 Jun 2020 10:00:00 GMT"
    headers = {"ETag": '"v1"', "Last-Modified": modified}
    source = make_source(site.set("/policy", policy_page(), headers=headers))
    poll(source)
    visit = poll(source, NOW + HOUR)
    assert (visit.result, visit.http_status) == (PollResult.NOT_MODIFIED, 304)
    first, second = site.requests("/policy")
    assert "if-none-match" not in first.headers
    assert second.headers["if-none-match"] == '"v1"'
    assert second.headers["if-modified-since"] == modified
    assert (source.etag, source.last_modified) == ('"v1"', modified)


def test_validators_of_another_address_are_never_sent(site: Site, amazon: Target) -> None:
    def lead(to: str) -> str:
        return site.set("/policy", "", status=302, headers={"Location": to})

    site.set("/v1", policy_page(), headers={"ETag": '"1"'})
    site.set("/v2", policy_page(), headers={"ETag": '"2"'})
    source = make_source(lead("/v1"))
    assert poll(source).result == PollResult.BASELINE
    assert source.etag == '"1"'
    lead("/v2")
    assert poll(source, NOW + HOUR).result == PollResult.UNCHANGED
    assert source.etag == ""
    lead("/v1")
    poll(source, NOW + 2 * HOUR)
    assert "if-none-match" not in site.requests("/v1")[-1].headers
    assert (poll(source, NOW + 3 * HOUR).result, source.etag) == (PollResult.NOT_MODIFIED, '"1"')


def test_a_304_to_who_named_nothing_is_a_failure(site: Site, source: Source) -> None:
    site.set("/policy", "", status=304)
    visit = poll(source, NOW + HOUR)
    assert (visit.result, visit.cause) == (PollResult.FAILED, Cause.UNEXPECTED_STATUS)


def test_back_to_an_earlier_version_is_a_change_again(site: Site, source: Source) -> None:
    site.set("/policy", policy_page(ANNOUNCEMENT))
    assert poll(source, NOW + HOUR).result == PollResult.CHANGED
    site.set("/policy", policy_page())
    assert poll(source, NOW + 2 * HOUR).result == PollResult.CHANGED
    first, _second, third = Snapshot.objects.order_by("pk")
    assert first.body_hash == third.body_hash
    assert first.text_hash == third.text_hash


def test_what_waits_for_review_is_not_found_again(site: Site, source: Source) -> None:
    pages = [policy_page(ANNOUNCEMENT), policy_page(), policy_page(ANNOUNCEMENT)]
    for hours, page in enumerate(pages, start=1):
        site.set("/policy", page)
        assert poll(source, NOW + hours * HOUR).result == PollResult.CHANGED
    assert Finding.objects.count() == 1


def test_what_is_on_record_is_not_found_again(site: Site, source: Source, amazon: Target) -> None:
    site.set("/policy", policy_page(ANNOUNCEMENT))
    poll(source, NOW + HOUR)
    accept_finding(finding=Finding.objects.get(), reviewer=None, now=NOW + HOUR)
    for hours, page in enumerate([policy_page(), policy_page(ANNOUNCEMENT)], start=2):
        site.set("/policy", page)
        poll(source, NOW + hours * HOUR)
    assert Finding.objects.filter(proposed_status=Status.PAUSED).count() == 1


def test_a_finding_of_a_trusted_watch_is_accepted_by_nobody(site: Site, amazon: Target) -> None:
    source = make_source(site.set("/policy", policy_page()))
    make_watch(source, amazon, is_trusted=True)
    poll(source)
    site.set("/policy", policy_page(ANNOUNCEMENT))
    poll(source, NOW + HOUR)
    review = Review.objects.get()
    assert (review.verdict, review.reviewer) == (Review.Verdict.ACCEPTED, None)
    amazon.refresh_from_db()
    assert amazon.status == Status.PAUSED
    assert amazon.expires_on == dt.date(2021, 6, 10)


def test_a_trusted_finding_that_cannot_be_recorded_waits_for_a_person(
    site: Site, amazon: Target
) -> None:
    source = make_source(site.set("/policy", policy_page()))
    make_watch(source, amazon, is_trusted=True)
    before_the_announcement = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    poll(source, before_the_announcement)
    site.set("/policy", policy_page(ANNOUNCEMENT))
    assert poll(source, before_the_announcement + HOUR).result == PollResult.CHANGED
    assert Finding.objects.pending().count() == 1
    amazon.refresh_from_db()
    assert amazon.status == Status.CALLED_ON


def test_a_source_that_nobody_watches_is_kept_all_the_same(site: Site) -> None:
    source = make_source(site.set("/policy", policy_page()))
    poll(source)
    site.set("/policy", policy_page(ANNOUNCEMENT))
    assert poll(source, NOW + HOUR).result == PollResult.CHANGED
    assert Snapshot.objects.count() == 2
    assert not Finding.objects.exists()


def test_a_source_whose_url_was_edited_begins_anew_in_silence(site: Site, source: Source) -> None:
    source.url = site.set("/new-policy", policy_page(ANNOUNCEMENT), headers={"ETag": '"v9"'})
    source.etag = '"v9"'
    source.save()
    Source.objects.update(etag='"v9"')
    assert poll(source, NOW + HOUR).result == PollResult.BASELINE
    assert "if-none-match" not in site.requests("/new-policy")[0].headers
    assert not Finding.objects.exists()


def test_the_page_that_a_redirect_leads_to_is_the_one_cited(site: Site, amazon: Target) -> None:
    site.set("/here", policy_page())
    source = make_source(site.set("/policy", "", status=301, headers={"Location": "/here"}))
    make_watch(source, amazon)
    poll(source)
    site.set("/here", policy_page(ANNOUNCEMENT))
    poll(source, NOW + HOUR)
    assert Finding.objects.get().url == site.url("/here")


def test_an_address_with_a_key_to_which_a_redirect_leads_is_not_cited(
    site: Site, amazon: Target
) -> None:
    there = "/here?X-Amz-Signature=4f1c"
    site.set(there, policy_page())
    source = make_source(site.set("/policy", "", status=301, headers={"Location": there}))
    make_watch(source, amazon)
    poll(source)
    site.set(there, policy_page(ANNOUNCEMENT))
    poll(source, NOW + HOUR)
    assert Snapshot.objects.latest("pk").final_url == site.url(there)
    assert Finding.objects.get().url == source.url


def test_many_sources_are_polled_at_once_and_told_apart(site: Site) -> None:
    sources = [make_source(site.set(f"/{n}", f"<p>Page {n}</p>")) for n in range(5)]
    site.set("/3", "gone", status=410)
    polls = poll_sources(source_ids=[source.pk for source in sources], now=NOW)
    assert [poll.source_id for poll in polls] == [source.pk for source in sources]
    assert [poll.result == PollResult.FAILED for poll in polls] == [n == 3 for n in range(5)]
    assert {s.text for s in Snapshot.objects.all()} == {f"Page {n}" for n in range(5) if n != 3}


def test_the_clock_polls_only_what_is_active_and_due(site: Site) -> None:
    url = site.set("/policy", policy_page())
    due = make_source(url)
    make_source(url + "?later", next_poll_at=NOW + HOUR)
    make_source(url + "?inactive", is_active=False)
    ids = list(Source.objects.values_list("pk", flat=True))
    assert [poll.source for poll in poll_sources(source_ids=ids, now=NOW, only_due=True)] == [due]
    assert poll_sources(source_ids=ids, now=NOW, only_due=True) == []
    assert len(poll_sources(source_ids=ids, now=NOW)) == 3
