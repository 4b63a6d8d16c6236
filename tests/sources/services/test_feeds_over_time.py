"""Feeds from visit to visit: what is edited, renamed, replaced."""

import datetime as dt

import pytest
from django.contrib.auth.models import User

from campaigns.models import Target
from config.demo.site import Site
from sources.causes import Cause
from sources.kinds import PollResult, SourceKind
from sources.models import Finding, KnownEntry, Poll, Snapshot, Source
from sources.services import begin_anew, changes_of, poll_sources, remove_snapshot, surroundings_of
from sources.services.looking_back import LookBack
from tests.sources.factories import make_source, make_watch
from tests.sources.pages import ANNOUNCEMENT, DAY_OF_ANNOUNCEMENT, rss

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

NOW = DAY_OF_ANNOUNCEMENT
HOUR = dt.timedelta(hours=1)
RULES = "Amazon describes how police departments may use Rekognition under its terms."
STATEMENT = ("1", "Our rules for Rekognition", RULES)
OTHER = ("2", "Cloud prices fall", "Storage is cheaper from today.")


def poll(source: Source, hours: int = 0) -> Poll:
    [result] = poll_sources(source_ids=[source.pk], now=NOW + hours * HOUR)
    source.refresh_from_db()
    return result


def watched(site: Site, target: Target, *items: tuple[str, str, str]) -> Source:
    """A feed that is watched and was polled once."""
    source = make_source(site.set("/feed", rss(*items)), kind=SourceKind.FEED)
    make_watch(source, target)
    assert poll(source).result == PollResult.BASELINE
    return source


def edited(text: str) -> tuple[str, str, str]:
    return (*STATEMENT[:2], f"{RULES} {text}")


def test_an_edited_entry_is_one_update_once(site: Site, amazon: Target) -> None:
    source = watched(site, amazon, STATEMENT, OTHER)
    site.set("/feed", rss(edited(ANNOUNCEMENT), OTHER))
    update = poll(source, 1)
    assert (update.result, update.detail) == (PollResult.CHANGED, "entries: 0 new, 1 edited")
    assert poll(source, 2).result == PollResult.UNCHANGED
    # Other bytes, the same entries: what was reported is not reported again.
    site.set("/feed", rss(OTHER, edited(ANNOUNCEMENT)))
    assert poll(source, 3).result == PollResult.UNCHANGED
    finding = Finding.objects.get()
    assert (finding.target, finding.proposed_status) == (amazon, "paused")
    text = finding.snapshot.text
    assert text[finding.passage_start : finding.passage_end] == finding.passage
    assert "one-year moratorium" in finding.passage
    assert "Storage is cheaper" not in text


def test_an_edit_is_read_for_what_it_adds_and_not_for_what_was_there(
    site: Site, amazon: Target
) -> None:
    source = watched(site, amazon, edited(ANNOUNCEMENT), OTHER)
    site.set("/feed", rss(edited(f"{ANNOUNCEMENT} Questions go to our press office."), OTHER))
    assert poll(source, 1).result == PollResult.CHANGED
    assert not Finding.objects.exists()


def test_an_entry_edited_back_and_forth_is_an_update_each_time(site: Site, amazon: Target) -> None:
    source = watched(site, amazon, STATEMENT, OTHER)
    for hours, items in enumerate([edited(ANNOUNCEMENT), STATEMENT, edited(ANNOUNCEMENT)], 1):
        site.set("/feed", rss(items, OTHER))
        assert poll(source, hours).detail == "entries: 0 new, 1 edited"
    assert Snapshot.objects.count() == 4


def test_new_ids_for_the_same_entries_are_no_news(site: Site, amazon: Target) -> None:
    source = watched(site, amazon, edited(ANNOUNCEMENT), OTHER)
    body = rss(edited(ANNOUNCEMENT), OTHER)
    for hours in range(1, 5):
        renamed = body.replace(b"<guid>", b"<guid>%d-" % hours)
        assert renamed != body
        site.set("/feed", renamed)
        assert poll(source, hours).result == PollResult.UNCHANGED
    assert KnownEntry.objects.count() == 2
    assert not Finding.objects.exists()


def releases(year: int, count: int = 12) -> list[tuple[str, str, str]]:
    return [
        (f"{year}-{number}", f"Release {number} of {year}", f"What we did in {year}: {number}.")
        for number in range(count)
    ]


def test_a_feed_replaced_as_a_whole_is_refused_and_shown(site: Site, amazon: Target) -> None:
    source = watched(site, amazon, *releases(2019))
    news = ("new", "An update on Rekognition", ANNOUNCEMENT)
    site.set("/feed", rss(news, *releases(2018)))
    refused = poll(source, 1)
    assert (refused.result, refused.cause) == (PollResult.FAILED, Cause.SUSPICIOUS_CHANGE)
    assert refused.detail == "13 of 13 entries are new"
    assert (source.last_cause, source.last_detail) == (refused.cause, refused.detail)
    assert KnownEntry.objects.count() == 12
    assert Snapshot.objects.count() == 1
    assert not Finding.objects.exists()


def test_the_old_feed_after_a_refused_one_is_no_change(site: Site, amazon: Target) -> None:
    source = watched(site, amazon, *releases(2019))
    site.set("/feed", rss(*releases(2018)))
    assert poll(source, 1).result == PollResult.FAILED
    site.set("/feed", rss(*releases(2019)))
    assert poll(source, 2).result == PollResult.UNCHANGED


def test_beginning_anew_accepts_what_was_refused_without_news(site: Site, amazon: Target) -> None:
    source = watched(site, amazon, *releases(2019))
    replaced = releases(2018)
    site.set("/feed", rss(("new", "An update", ANNOUNCEMENT), *replaced))
    assert poll(source, 1).cause == Cause.SUSPICIOUS_CHANGE
    assert begin_anew(source_ids=[source.pk], now=NOW + 2 * HOUR) == 1
    source.refresh_from_db()
    assert source.next_poll_at == NOW + 2 * HOUR
    assert poll(source, 3).result == PollResult.BASELINE
    assert source.failing_since is None
    assert not Finding.objects.exists()
    assert poll(source, 4).result == PollResult.UNCHANGED
    site.set("/feed", rss(("newer", "Another", "A region opens."), *replaced))
    assert poll(source, 5).detail == "entries: 1 new, 0 edited"


def test_a_new_entry_is_looked_at_alone_and_nothing_was_there_before(
    site: Site, amazon: Target
) -> None:
    source = watched(site, amazon, STATEMENT)
    site.set("/feed", rss(STATEMENT, OTHER, ("3", "A moratorium", ANNOUNCEMENT)))
    poll(source, 1)
    finding = Finding.objects.select_related("snapshot").get()
    assert "Storage is cheaper" in finding.snapshot.text
    around = surroundings_of(finding)
    assert around.passage == finding.passage
    assert "Storage is cheaper" not in around.before + around.after
    assert changes_of(finding) == LookBack(None)


def test_of_an_edited_entry_its_own_change_is_shown_until_an_editor_removes_what_was_read(
    site: Site, amazon: Target
) -> None:
    source = watched(site, amazon, STATEMENT, OTHER)
    site.set("/feed", rss(edited(ANNOUNCEMENT), ("3", "New prices", "Storage is dearer.")))
    poll(source, 1)
    finding = Finding.objects.select_related("snapshot").get()
    back = changes_of(finding)
    assert back is not None
    assert back.changes is not None
    said = {piece.kind: piece.text.strip() for piece in back.changes.pieces}
    assert said == {"same": f"{STATEMENT[1]}\n\n{RULES}", "added": ANNOUNCEMENT}
    baseline = source.snapshots.earliest("taken_at")
    editor = User.objects.create_user("editor")
    remove_snapshot(snapshot=baseline, editor=editor, reason="A name", now=NOW)
    finding.refresh_from_db()
    assert finding.body_before is None
    assert changes_of(finding) is None
