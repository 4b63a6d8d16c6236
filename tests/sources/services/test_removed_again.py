"""What an editor removed is not kept again when a page still says it, or says it again."""

import datetime as dt
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from campaigns.models import Target
from config.demo.site import Site
from sources import evidence
from sources.kinds import PollResult
from sources.models import Finding, LostQuote, Snapshot, Source
from sources.services import (
    Pushed,
    begin_anew,
    poll_sources,
    push_document,
    remove_snapshot,
    verify_evidence,
)
from tests.factories import make_change, make_citation_draft, make_document
from tests.sources.factories import make_source, make_watch
from tests.sources.pages import ANNOUNCEMENT, DAY_OF_ANNOUNCEMENT, POLICY, policy_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("polling")]

NOW = DAY_OF_ANNOUNCEMENT
HOUR = dt.timedelta(hours=1)
BEGAN_ANEW = "The last snapshot was removed: this is a new baseline."


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("editor")


@pytest.fixture
def source(site: Site, amazon: Target) -> Source:
    """Amazon's policy page, polled once."""
    source = make_source(site.set("/policy", policy_page()))
    make_watch(source, amazon)
    assert poll(source, 0) == (PollResult.BASELINE, "")
    return source


def poll(source: Source, hours: int) -> tuple[str, str]:
    """How a poll so many hours later ends, with its detail."""
    [ended] = poll_sources(source_ids=[source.pk], now=NOW + hours * HOUR, jitter=lambda: 0.5)
    source.refresh_from_db()
    return ended.result, ended.detail


def remove_last(editor: User, now: dt.datetime = NOW + HOUR / 2) -> Snapshot:
    snapshot = Snapshot.objects.latest("taken_at")
    remove_snapshot(snapshot=snapshot, editor=editor, reason="A name.", now=now)
    return snapshot


def problems() -> list[str]:
    """What `manage.py verify` would find wrong."""
    return [checked.problem for checked in verify_evidence() if checked.problem]


def kept_copies(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def test_the_same_bytes_are_no_change_and_are_not_kept(
    source: Source, editor: User, polling: Path
) -> None:
    remove_last(editor)
    for hours in (1, 2):
        assert poll(source, hours) == (PollResult.UNCHANGED, "")
    assert Snapshot.objects.count() == 1
    assert kept_copies(polling) == 0
    assert problems() == []


def test_of_what_is_removed_the_host_is_asked_as_politely_as_before(
    site: Site, editor: User
) -> None:
    source = make_source(site.set("/policy", policy_page(), headers={"ETag": '"v1"'}))
    poll(source, 0)
    remove_last(editor)
    assert poll(source, 1) == (PollResult.NOT_MODIFIED, "")
    assert site.requests("/policy")[-1].headers["if-none-match"] == '"v1"'


def test_the_same_text_in_other_markup_is_no_change_either(
    site: Site, source: Source, editor: User, polling: Path
) -> None:
    remove_last(editor)
    site.set("/policy", policy_page(related="Another advert"))
    assert poll(source, 1) == (PollResult.UNCHANGED, "")
    assert Snapshot.objects.count() == 1
    assert kept_copies(polling) == 0


def test_another_text_is_a_new_baseline_and_is_kept(
    site: Site, source: Source, editor: User
) -> None:
    remove_last(editor)
    site.set("/policy", policy_page(ANNOUNCEMENT))
    assert poll(source, 1) == (PollResult.BASELINE, BEGAN_ANEW)
    latest = Snapshot.objects.latest("taken_at")
    assert (latest.removed_at, ANNOUNCEMENT in latest.text) == (None, True)
    assert evidence.get(latest.body_hash)


@pytest.mark.parametrize("related", ["Ten charts about the cloud", "Another advert"])
def test_what_comes_back_later_leaves_a_snapshot_that_says_removed(
    site: Site, source: Source, editor: User, polling: Path, related: str
) -> None:
    site.set("/policy", policy_page(ANNOUNCEMENT))
    assert poll(source, 1)[0] == PollResult.CHANGED
    removed = remove_last(editor, NOW + 1.5 * HOUR)
    Finding.objects.all().delete()
    site.set("/policy", policy_page())
    assert poll(source, 2) == (PollResult.BASELINE, BEGAN_ANEW)
    site.set("/policy", policy_page(ANNOUNCEMENT, related=related))
    assert poll(source, 3)[0] == PollResult.CHANGED
    again = Snapshot.objects.latest("taken_at")
    assert again.pk != removed.pk
    assert again.text_hash == removed.text_hash
    assert (again.text, again.title, again.headers) == ("", "", [])
    assert (again.removed_by, again.removal_reason) == (editor, "A name.")
    assert again.removed_at == NOW + 1.5 * HOUR
    assert not Finding.objects.exists()
    assert kept_copies(polling) == 1
    assert problems() == []
    assert poll(source, 4) == (PollResult.UNCHANGED, "")


def test_what_is_removed_says_nothing_about_the_quotes_of_the_page(
    site: Site, source: Source, editor: User
) -> None:
    citation = make_citation_draft(POLICY, document=make_document(url=source.url))
    make_change(citations=[citation])
    remove_last(editor)
    site.set("/policy", policy_page(ANNOUNCEMENT))
    poll(source, 1)
    site.set("/policy", policy_page())
    poll(source, 2)
    assert Snapshot.objects.latest("taken_at").removed_at is not None
    assert not LostQuote.objects.exists()


def test_the_same_bytes_elsewhere_are_not_kept_either(
    site: Site, source: Source, editor: User, polling: Path
) -> None:
    remove_last(editor)
    other = make_source(site.set("/other", policy_page()))
    assert poll(other, 1) == (PollResult.BASELINE, "")
    assert Snapshot.objects.get(source=other).removal_reason == "A name."
    assert kept_copies(polling) == 0


def test_an_editor_who_begins_anew_asks_for_it_back(source: Source, editor: User) -> None:
    removed = remove_last(editor)
    begin_anew(source_ids=[source.pk], now=NOW + HOUR)
    assert poll(source, 2)[0] == PollResult.BASELINE
    kept = Snapshot.objects.latest("taken_at")
    assert (kept.body_hash, kept.removed_at) == (removed.body_hash, None)
    assert POLICY in kept.text
    assert evidence.get(kept.body_hash)
    assert problems() == []
    assert poll(source, 3) == (PollResult.UNCHANGED, "")


def test_who_began_anew_before_the_removal_asked_for_nothing(source: Source, editor: User) -> None:
    begin_anew(source_ids=[source.pk], now=NOW - HOUR)
    remove_last(editor)
    assert poll(source, 1) == (PollResult.UNCHANGED, "")


def test_a_text_that_is_pushed_again_is_not_kept(editor: User, polling: Path) -> None:
    source = make_source()

    def push(hours: int) -> str:
        document = Pushed(text=POLICY)
        now = NOW + hours * HOUR
        return push_document(source=source, document=document, by="scraper", now=now).result

    assert push(0) == PollResult.BASELINE
    remove_last(editor)
    assert push(1) == PollResult.UNCHANGED
    assert Snapshot.objects.count() == 1
    assert kept_copies(polling) == 0


def test_what_is_removed_while_it_is_judged_is_not_kept(
    site: Site, source: Source, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.set("/policy", policy_page(ANNOUNCEMENT))
    assert poll(source, 1)[0] == PollResult.CHANGED
    site.set("/policy", policy_page())
    first = Snapshot.objects.earliest("taken_at")
    put = evidence.put

    def put_as_an_editor_removes(body: bytes) -> str:
        kept = put(body)
        remove_snapshot(snapshot=first, editor=editor, reason="A name.", now=NOW + 2 * HOUR)
        return kept

    monkeypatch.setattr(evidence, "put", put_as_an_editor_removes)
    poll(source, 2)
    last = Snapshot.objects.latest("taken_at")
    assert (last.pk != first.pk, last.text, last.removed_at) == (True, "", NOW + 2 * HOUR)
    assert not Finding.objects.filter(snapshot=last).exists()
    assert not evidence.path_of(last.body_hash).exists()
    assert problems() == []
