"""Removing what a snapshot holds: the hash and the reason stay."""

import hashlib
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from sources import evidence
from sources.errors import ReasonMissing
from sources.models import Snapshot
from sources.services import remove_snapshot
from tests.factories import NOW
from tests.sources.factories import PASSAGE, make_snapshot

pytestmark = pytest.mark.django_db

BODY = b"<p>private</p>"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path
    return tmp_path


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("editor")


@pytest.fixture
def snapshot() -> Snapshot:
    headers = [["Content-Type", "text/html"]]
    return make_snapshot(body_hash=evidence.put(BODY), headers=headers)


def test_all_snapshots_of_the_same_bytes_lose_their_content_but_not_their_hash(
    snapshot: Snapshot,
    editor: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    twin = make_snapshot(body_hash=snapshot.body_hash)
    other = make_snapshot(body_hash=evidence.put(b"other"))
    with django_capture_on_commit_callbacks(execute=True):
        count = remove_snapshot(snapshot=snapshot, editor=editor, reason=" A name. ", now=NOW)
        assert evidence.get(snapshot.body_hash) == BODY
    assert count == 2
    for row in (snapshot, twin):
        text_hash = row.text_hash
        row.refresh_from_db()
        assert (row.text, row.title, row.headers) == ("", "", [])
        assert row.body_hash == hashlib.sha256(BODY).hexdigest()
        assert row.text_hash == text_hash
        assert (row.removed_at, row.removed_by) == (NOW, editor)
        assert row.removal_reason == "A name."
    assert not evidence.path_of(snapshot.body_hash).exists()
    other.refresh_from_db()
    assert (other.removed_at, evidence.get(other.body_hash)) == (None, b"other")
    assert PASSAGE in other.text


@pytest.mark.parametrize("reason", ["", " \n\t"])
def test_without_a_reason_nothing_is_removed(
    snapshot: Snapshot,
    editor: User,
    reason: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as after, pytest.raises(ReasonMissing):
        remove_snapshot(snapshot=snapshot, editor=editor, reason=reason, now=NOW)
    assert after == []
    snapshot.refresh_from_db()
    assert (snapshot.removed_at, evidence.get(snapshot.body_hash)) == (None, BODY)


@pytest.mark.django_db(transaction=True)
def test_the_copy_goes_when_the_removal_is_committed_and_stays_when_it_is_not(
    snapshot: Snapshot, editor: User
) -> None:
    with transaction.atomic():
        remove_snapshot(snapshot=snapshot, editor=editor, reason="A name.", now=NOW)
        transaction.set_rollback(True)
    snapshot.refresh_from_db()
    assert (snapshot.removed_at, evidence.get(snapshot.body_hash)) == (None, BODY)
    remove_snapshot(snapshot=snapshot, editor=editor, reason="A name.", now=NOW)
    assert not evidence.path_of(snapshot.body_hash).exists()


def test_removing_again_removes_nothing_and_keeps_the_first_reason(
    snapshot: Snapshot, editor: User
) -> None:
    remove_snapshot(snapshot=snapshot, editor=editor, reason="First.", now=NOW)
    assert remove_snapshot(snapshot=snapshot, editor=editor, reason="Second.", now=NOW) == 0
    snapshot.refresh_from_db()
    assert snapshot.removal_reason == "First."
