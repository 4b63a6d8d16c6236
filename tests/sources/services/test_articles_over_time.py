"""Articles whose entries are edited: read again, and only what is new counts."""

from pathlib import Path

import pytest

from campaigns.models import Citation, Document, Target
from config.demo.site import Site
from sources.models import Article, Finding, LostQuote, Snapshot, Source
from sources.services import dismiss_finding
from tests.factories import make_action
from tests.sources.pages import ANNOUNCEMENT
from tests.sources.press import (
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

POLICY = "Amazon Web Services offers Rekognition to police departments under our terms of use."
MORE = ("/news", TEASER[1], f"{TEASER[2]} There is more about it since this morning.")


def find_in(site: Site, target: Target, *sentences: str) -> tuple[Source, Article]:
    """A feed with an article of these sentences, which was read."""
    source = watched_feed(site, target)
    site.set("/news", article(*sentences))
    publish(site, TEASER, OLD)
    poll(source)
    [found] = read()
    return source, found


def read_again(site: Site, source: Source, *items: tuple[str, str, str]) -> Article:
    """Let the feed hold these entries, poll it, and read the one article that it announces."""
    publish(site, *items, OLD)
    poll(source, NOW + 2 * HOUR)
    [found] = read(NOW + 2 * HOUR)
    return found


def test_an_edited_entry_has_its_article_read_again_for_what_is_new(
    site: Site, amazon: Target
) -> None:
    source, first = find_in(site, amazon, POLICY)
    site.set("/news", article(POLICY, ANNOUNCEMENT))
    second = read_again(site, source, MORE)
    assert (second.pk != first.pk, asked(site, "/news")) == (True, 2)
    finding = Finding.objects.get()
    assert finding.snapshot == second.snapshot != first.snapshot
    assert "one-year moratorium" in finding.passage


def test_an_article_that_says_what_it_said_is_kept_and_reported_once(
    site: Site, amazon: Target, polling: Path
) -> None:
    source, first = find_in(site, amazon, ANNOUNCEMENT)
    count = Snapshot.objects.count()
    site.set("/news", article(ANNOUNCEMENT).replace("© 2020", "© 2021"))
    second = read_again(site, source, MORE)
    assert second.snapshot == first.snapshot
    # The feed itself has a new snapshot, the article none.
    assert Snapshot.objects.count() == count + 1
    copies = {file.name.removesuffix(".gz") for file in polling.rglob("*.gz")}
    assert copies == set(Snapshot.objects.values_list("body_hash", flat=True))
    assert Finding.objects.count() == 1


def test_an_edit_that_repeats_in_short_what_the_article_said_is_no_second_finding(
    site: Site, amazon: Target
) -> None:
    source, _ = find_in(site, amazon, ANNOUNCEMENT)
    short = "Amazon has paused police use of Rekognition for one year."
    read_again(site, source, ("/news", TEASER[1], f"{TEASER[2]} {short}"))
    assert Finding.objects.count() == 1


def test_what_was_dismissed_in_the_article_is_not_proposed_again_from_an_edit(
    site: Site, amazon: Target
) -> None:
    source, _ = find_in(site, amazon, ANNOUNCEMENT)
    dismiss_finding(finding=Finding.objects.get(), reason="Old", reviewer=None, now=NOW + HOUR)
    read_again(site, source, ("/news", TEASER[1], f"{TEASER[2]} {ANNOUNCEMENT}"))
    assert Finding.objects.count() == 1


def test_an_article_that_can_be_read_at_last_repeats_nothing_that_its_entry_said(
    site: Site, amazon: Target
) -> None:
    source = watched_feed(site, amazon)
    short = "Amazon has paused police use of Rekognition for one year."
    publish(site, ("/news", TEASER[1], short), OLD)
    poll(source)
    read()
    [found] = read(NOW + 2 * HOUR)
    assert (found.state, Finding.objects.count()) == (Article.State.GIVEN_UP, 1)
    site.set("/news", article(ANNOUNCEMENT))
    second = read_again(site, source, ("/news", TEASER[1], f"{short} Read the full statement."))
    assert second.state == Article.State.READ
    assert Finding.objects.count() == 1


def test_an_entry_of_the_baseline_that_is_edited_is_read_in_full(
    site: Site, amazon: Target
) -> None:
    source = watched_feed(site, amazon)
    site.set("/old", article(ANNOUNCEMENT))
    publish(site, (*OLD[:2], f"{OLD[2]} And there is other news of our services."))
    poll(source)
    [found] = read()
    assert Finding.objects.get().snapshot == found.snapshot


def test_what_was_read_by_older_rules_is_no_measure_and_the_article_a_silent_baseline(
    site: Site, amazon: Target
) -> None:
    source, first = find_in(site, amazon, POLICY)
    Snapshot.objects.filter(articles=first).update(rules_hash="0" * 64)
    site.set("/news", article(POLICY, ANNOUNCEMENT))
    second = read_again(site, source, MORE)
    assert second.state == Article.State.READ
    assert second.snapshot != first.snapshot
    assert not Finding.objects.exists()


def test_a_quote_that_an_article_says_no_more_is_noted(site: Site, amazon: Target) -> None:
    source, _ = find_in(site, amazon, POLICY)
    document = Document.objects.create(url=site.url("/news"), title="What we decided")
    citation = Citation.objects.create(document=document, quote=POLICY, action=make_action())
    site.set("/news", article("Our policy is being revised, and will be shown here again."))
    second = read_again(site, source, MORE)
    lost = LostQuote.objects.get()
    assert (lost.citation, lost.snapshot) == (citation, second.snapshot)
