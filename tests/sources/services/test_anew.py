"""What was read in another way is no measure: the next answer is a silent baseline that says so."""

import datetime as dt
import json
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from campaigns.models import Target
from config.demo.site import Site
from sources.causes import Cause
from sources.kinds import PollResult, SourceKind
from sources.models import Finding, Poll, Snapshot, Source
from sources.services import begin_anew, poll_sources, remove_snapshot
from sources.services.measures import rules_hash
from tests.sources.factories import make_source, make_watch
from tests.sources.pages import ANNOUNCEMENT, DAY_OF_ANNOUNCEMENT, policy_page, rss

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

NOW = DAY_OF_ANNOUNCEMENT
HOUR = dt.timedelta(hours=1)
EDITED = "The settings were edited: this is a new baseline."


@pytest.fixture
def source(site: Site, amazon: Target) -> Source:
    """Amazon's policy page, polled once."""
    source = make_source(site.set("/policy", policy_page(), headers={"ETag": '"v1"'}))
    make_watch(source, amazon)
    assert poll(source, 0) == (PollResult.BASELINE, "")
    return source


def poll(source: Source, hours: int) -> tuple[str, str]:
    """How a poll so many hours later ends, with its detail."""
    [ended] = poll_sources(source_ids=[source.pk], now=NOW + hours * HOUR, jitter=lambda: 0.5)
    source.refresh_from_db()
    return ended.result, ended.detail


def edit_rules(site: Site, source: Source) -> None:
    source.rules = {"exclude": ["h1"]}


def edit_url(site: Site, source: Source) -> None:
    source.url = site.set("/new", policy_page(ANNOUNCEMENT), headers={"ETag": '"v1"'})


def edit_kind(site: Site, source: Source) -> None:
    source.kind = SourceKind.FEED
    site.set("/policy", rss(("1", "News", ANNOUNCEMENT)), headers={"ETag": '"v1"'})


@pytest.mark.parametrize("edit", [edit_rules, edit_url, edit_kind])
def test_edited_settings_begin_anew_in_silence_and_say_so(
    site: Site, source: Source, edit: Callable[[Site, Source], None]
) -> None:
    site.set("/policy", policy_page(ANNOUNCEMENT), headers={"ETag": '"v1"'})
    edit(site, source)
    source.save()
    assert poll(source, 1) == (PollResult.BASELINE, EDITED)
    # Asked for whole: what the old settings knew is no measure for a 304 either.
    assert [request.headers.get("if-none-match") for request in site.requests()] == [None, None]
    assert poll(source, 2) == (PollResult.NOT_MODIFIED, "")
    assert not Finding.objects.exists()


def test_news_after_the_new_baseline_is_found(site: Site, source: Source) -> None:
    source.rules = {"exclude": [".meta"]}
    source.save()
    poll(source, 1)
    site.set("/policy", policy_page(ANNOUNCEMENT))
    assert poll(source, 2)[0] == PollResult.CHANGED
    assert Finding.objects.count() == 1


def test_what_people_edit_without_changing_what_is_read_begins_nothing_anew(
    site: Site, source: Source
) -> None:
    source.name, source.interval_minutes = "Renamed", 5
    source.save()
    assert poll(source, 1)[0] == PollResult.NOT_MODIFIED


def test_settings_that_were_put_back_before_the_next_visit_change_nothing(
    site: Site, source: Source
) -> None:
    edit_rules(site, source)
    source.save()
    source.rules = {}
    source.save()
    assert poll(source, 1)[0] == PollResult.NOT_MODIFIED


def test_settings_that_were_put_back_after_a_visit_begin_anew_once_more(
    site: Site, source: Source
) -> None:
    edit_rules(site, source)
    source.save()
    poll(source, 1)
    source.rules = {}
    source.save()
    assert poll(source, 2) == (PollResult.BASELINE, EDITED)


def test_a_failure_after_an_edit_delays_the_baseline(site: Site, source: Source) -> None:
    edit_rules(site, source)
    source.save()
    site.set("/policy", "", status=500)
    assert poll(source, 1)[0] == PollResult.FAILED
    site.set("/policy", policy_page(ANNOUNCEMENT))
    assert poll(source, 2) == (PollResult.BASELINE, EDITED)
    assert not Finding.objects.exists()


@pytest.mark.parametrize("is_versioned", [True, False])
def test_answers_that_we_read_in_another_way_now_begin_anew_too(
    site: Site, source: Source, *, is_versioned: bool
) -> None:
    Snapshot.objects.update(rules_hash=rules_hash(source, 0) if is_versioned else "")
    site.set("/policy", policy_page(ANNOUNCEMENT))
    detail = "Answers are read in another way now: this is a new baseline."
    assert poll(source, 1) == (PollResult.BASELINE, detail)
    assert not Finding.objects.exists()


def test_after_the_last_snapshot_was_removed_a_source_begins_anew(
    site: Site, source: Source
) -> None:
    editor = User.objects.create_user("editor")
    remove_snapshot(snapshot=Snapshot.objects.get(), editor=editor, reason="Private", now=NOW)
    site.set("/policy", policy_page(ANNOUNCEMENT))
    detail = "The last snapshot was removed: this is a new baseline."
    assert poll(source, 1) == (PollResult.BASELINE, detail)
    assert not Finding.objects.exists()


def test_who_asks_to_begin_anew_gets_what_was_refused_as_a_baseline(site: Site) -> None:
    def rows(first: int) -> bytes:
        listed = [{"id": n, "status": "open"} for n in range(first, first + 20)]
        return json.dumps({"rows": listed}).encode()

    as_json = {"Content-Type": "application/json"}
    source = make_source(
        site.set("/rows", rows(0), headers=as_json),
        kind=SourceKind.JSON,
        rules={"kind": "rows", "path": "$.rows", "key": ["id"]},
    )
    assert poll(source, 0) == (PollResult.BASELINE, "")
    site.set("/rows", rows(100), headers=as_json)
    for hours in (1, 2):
        assert poll(source, hours)[0] == PollResult.FAILED
        assert source.last_cause == Cause.SUSPICIOUS_CHANGE
    asked_at = NOW + 2 * HOUR + dt.timedelta(minutes=1)
    assert begin_anew(source_ids=[source.pk], now=asked_at) == 1
    source.refresh_from_db()
    assert source.next_poll_at == asked_at
    detail = "Somebody asked to begin anew: this is a new baseline."
    assert poll(source, 3) == (PollResult.BASELINE, detail)
    assert not source.is_failing
    assert poll(source, 4)[0] == PollResult.UNCHANGED


def test_beginning_anew_is_silent_about_what_a_page_gained(site: Site, source: Source) -> None:
    begin_anew(source_ids=[source.pk], now=NOW + HOUR)
    site.set("/policy", policy_page(ANNOUNCEMENT))
    assert poll(source, 2)[0] == PollResult.BASELINE
    assert not Finding.objects.exists()
    assert Poll.objects.count() == 2
