"""A visit that is broken off, by a death or by us, is a failed try, and loses nothing."""

import datetime as dt

import pytest
from pytest_django import Settings

from campaigns.models import Target
from config.demo.site import Site
from sources import evidence
from sources.causes import Cause
from sources.kinds import SourceKind
from sources.models import Article, Finding
from tests.sources.pages import ANNOUNCEMENT
from tests.sources.press import (
    FULL,
    HOUR,
    MINUTE,
    NOW,
    OLD,
    TEASER,
    article,
    poll,
    publish,
    read,
    waits,
    watched_feed,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("polling")]


class Died(BaseException):
    """The worker was killed: nothing may run after it."""


def test_a_visitor_that_was_killed_is_a_failed_try_and_loses_nothing(
    site: Site, amazon: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(body: bytes) -> str:
        raise Died

    source = watched_feed(site, amazon)
    site.set("/news", article(ANNOUNCEMENT))
    publish(site, TEASER, OLD)
    poll(source)
    with monkeypatch.context() as patch:
        patch.setattr(evidence, "put", die)
        with pytest.raises(Died):
            waits(0)
    [leased] = Article.objects.all()
    assert leased.leased_until is not None
    assert read(leased.leased_until - dt.timedelta(seconds=1)) == []
    [found] = read(leased.leased_until)
    assert (found.tries_count, found.last_cause) == (1, Cause.INTERRUPTED)
    assert (found.lease, found.state) == (None, Article.State.WAITING)
    [found] = read(leased.leased_until + 6 * MINUTE)
    assert found.state == Article.State.READ
    assert Finding.objects.count() == 1


def test_an_article_that_kills_its_visitors_is_given_up_and_takes_no_other_with_it(
    site: Site, amazon: Target, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ARTICLE_TRIES = 2
    put = evidence.put

    def put_or_die(body: bytes) -> str:
        if b"Deadly" in body:
            raise Died
        return put(body)

    source = watched_feed(site, amazon)
    site.set("/deadly", article("Deadly for whoever keeps it, this article cannot be kept."))
    site.set("/harmless", article("The teams worked on a number of our plans this year."))
    deadly = ("/deadly", "An update on Rekognition", ANNOUNCEMENT)
    publish(site, deadly, ("/harmless", "Plans", "Our plans for the year."), OLD)
    poll(source)
    monkeypatch.setattr(evidence, "put", put_or_die)
    moment = NOW + HOUR
    for _ in range(2):
        with pytest.raises(Died):
            read(moment)
        leased = Article.objects.exclude(lease=None).values_list("leased_until", flat=True)
        found_at = max(until for until in leased if until)
        assert {found.last_cause for found in read(found_at)} == {Cause.INTERRUPTED}
        moment = found_at + 6 * MINUTE
    read(moment)
    states = dict(Article.objects.values_list("title", "state"))
    assert states == {
        "An update on Rekognition": Article.State.GIVEN_UP,
        "Plans": Article.State.READ,
    }
    assert Finding.objects.get().snapshot.kind == SourceKind.FEED


def test_our_own_failure_is_a_failed_try_and_the_entry_is_judged_at_last(
    site: Site, amazon: Target, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(body: bytes) -> str:
        raise OSError("disk full")

    settings.ARTICLE_TRIES = 1
    source = watched_feed(site, amazon)
    site.set("/news", article(ANNOUNCEMENT))
    publish(site, FULL, OLD)
    poll(source)
    monkeypatch.setattr(evidence, "put", fail)
    [found] = waits(0)
    assert (found.state, found.last_cause) == (Article.State.GIVEN_UP, Cause.INTERNAL)
    assert Finding.objects.get().snapshot.kind == SourceKind.FEED


def test_of_a_batch_that_has_no_time_left_the_articles_stay_due(
    site: Site, amazon: Target, settings: Settings
) -> None:
    source = watched_feed(site, amazon)
    site.set("/news", article(ANNOUNCEMENT))
    publish(site, TEASER, OLD)
    poll(source)
    settings.POLL_BATCH_SECONDS = -1
    assert waits(0) == []
    [found] = Article.objects.due(NOW + HOUR)
    assert (found.lease, found.tries_count) == (None, 0)
    settings.POLL_BATCH_SECONDS = 100
    assert [found.state for found in waits(0)] == [Article.State.READ]
