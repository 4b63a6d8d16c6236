"""Pages that are read by rules, and what becomes of them from visit to visit."""

import datetime as dt

import pytest

from campaigns.models import Target
from config.demo.site import Site
from sources.causes import Cause
from sources.kinds import PollResult
from sources.models import Finding, Poll, Snapshot, Source
from sources.services import poll_sources
from tests.sources.factories import make_source, make_watch
from tests.sources.pages import ANNOUNCEMENT, DAY_OF_ANNOUNCEMENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

NOW = DAY_OF_ANNOUNCEMENT
HOUR = dt.timedelta(hours=1)
POLICY = "We sell Rekognition to police departments under our terms of use."


def page(policy: str = POLICY, news: str = "Ten charts about the cloud.", hits: int = 1204) -> str:
    return f"""<!doctype html><html lang="en"><title>Rekognition</title><body>
<nav>Home</nav><main><article id="policy"><h1>Policy</h1><p>{policy}</p>
<p class="hits">Read {hits} times since January.</p></article>
<section class="news"><p>{news}</p></section></main></body></html>"""


def poll(source: Source, hours: int = 0) -> Poll:
    [result] = poll_sources(source_ids=[source.pk], now=NOW + hours * HOUR)
    source.refresh_from_db()
    return result


def ruled(site: Site, target: Target, body: str = "", **rules: list[str]) -> Source:
    """A page that is watched by rules and was polled once."""
    source = make_source(site.set("/policy", body or page()), rules=rules)
    make_watch(source, target)
    assert poll(source).result == PollResult.BASELINE
    return source


def test_only_what_is_included_is_read_and_compared(site: Site, amazon: Target) -> None:
    source = ruled(site, amazon, include=["#policy"])
    assert POLICY in Snapshot.objects.get().text
    assert "Ten charts" not in Snapshot.objects.get().text
    site.set("/policy", page(news=ANNOUNCEMENT))
    assert poll(source, 1).result == PollResult.UNCHANGED
    site.set("/policy", page(policy=f"{POLICY} {ANNOUNCEMENT}", news=ANNOUNCEMENT))
    assert poll(source, 2).result == PollResult.CHANGED
    assert Finding.objects.get().target == amazon


def test_what_is_excluded_makes_no_difference(site: Site, amazon: Target) -> None:
    source = ruled(site, amazon, include=["main"], exclude=[".hits", ".news"])
    assert "Read 1204" not in Snapshot.objects.get().text
    site.set("/policy", page(hits=1205, news=ANNOUNCEMENT))
    assert poll(source, 1).result == PollResult.UNCHANGED
    assert not Finding.objects.exists()


def test_what_is_ignored_stays_in_the_text_but_makes_no_difference(
    site: Site, amazon: Target
) -> None:
    source = ruled(site, amazon, include=["#policy"], ignored=[r"Read \d+ times since \w+\."])
    assert "Read 1204 times" in Snapshot.objects.get().text
    site.set("/policy", page(hits=99))
    assert poll(source, 1).result == PollResult.UNCHANGED


def test_without_the_rule_the_same_edit_is_a_change(site: Site, amazon: Target) -> None:
    source = ruled(site, amazon, include=["#policy"])
    site.set("/policy", page(hits=99))
    assert poll(source, 1).result == PollResult.CHANGED


def test_a_page_that_lost_what_is_selected_is_a_failure_and_no_news(
    site: Site, amazon: Target
) -> None:
    source = ruled(site, amazon, include=["#policy"])
    site.set("/policy", page(policy=ANNOUNCEMENT).replace('id="policy"', 'id="moved"'))
    failed = poll(source, 1)
    assert (failed.result, failed.cause) == (PollResult.FAILED, Cause.SELECTOR_GONE)
    assert "#policy" in failed.detail
    assert source.last_cause == Cause.SELECTOR_GONE
    broken = Source.objects.filter(broken_since__isnull=False)
    assert not broken.exists()
    assert poll(source, 2).cause == Cause.SELECTOR_GONE
    assert broken.exists()
    assert Snapshot.objects.count() == 1
    site.set("/policy", page())
    assert poll(source, 3).result == PollResult.UNCHANGED
    assert not broken.exists()
    assert not Finding.objects.exists()


def test_there_and_back_again_are_two_changes(site: Site, amazon: Target) -> None:
    source = ruled(site, amazon)
    site.set("/policy", page(policy=f"{POLICY} {ANNOUNCEMENT}"))
    assert poll(source, 1).result == PollResult.CHANGED
    site.set("/policy", page())
    assert poll(source, 2).result == PollResult.CHANGED
    assert poll(source, 3).result == PollResult.UNCHANGED
    first, second, third = Snapshot.objects.order_by("taken_at")
    assert first.body_hash == third.body_hash != second.body_hash
    assert Finding.objects.get().snapshot == second


@pytest.mark.parametrize("status", [500, 503, 404, 403, 200])
def test_an_outage_followed_by_the_same_page_is_no_change(
    site: Site, amazon: Target, status: int
) -> None:
    source = ruled(site, amazon)
    outage = "" if status == 200 else "<h1>Sorry</h1>"
    site.set("/policy", outage, status=status)
    assert poll(source, 1).result == PollResult.FAILED
    site.set("/policy", page())
    assert poll(source, 2).result == PollResult.UNCHANGED
    assert source.failing_since is None
    assert Snapshot.objects.count() == 1


def test_a_page_that_changed_during_an_outage_is_compared_with_what_it_said_before(
    site: Site, amazon: Target
) -> None:
    source = ruled(site, amazon)
    site.set("/policy", "", status=500)
    poll(source, 1)
    site.set("/policy", page(policy=f"{POLICY} {ANNOUNCEMENT}"))
    assert poll(source, 2).result == PollResult.CHANGED
    assert Finding.objects.get().proposed_status == "paused"


def test_the_whole_page_can_be_watched(site: Site, amazon: Target) -> None:
    source = ruled(site, amazon, include=["body"])
    text = Snapshot.objects.get().text
    assert POLICY in text
    assert "Ten charts" in text
    assert "Home" not in text
    site.set("/policy", page(hits=1205))
    assert poll(source, 1).result == PollResult.CHANGED
    assert not Finding.objects.exists()
    site.set("/policy", page(hits=1205, news=f"Ten charts about the cloud. {ANNOUNCEMENT}"))
    assert poll(source, 2).result == PollResult.CHANGED
    assert Finding.objects.get().target == amazon


def test_other_rules_begin_with_a_silent_baseline(site: Site, amazon: Target) -> None:
    source = ruled(site, amazon, include=["#policy"])
    source.rules = {"include": [".news"]}
    source.save()
    site.set("/policy", page(news=ANNOUNCEMENT))
    assert poll(source, 1).result == PollResult.BASELINE
    assert not Finding.objects.exists()
    assert poll(source, 2).result == PollResult.UNCHANGED
