"""``manage.py verify``: the kept copies are hashed again."""

import hashlib
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from sources import evidence
from sources.models import Snapshot
from sources.services import remove_snapshot
from tests.factories import NOW, make_change, make_citation_draft
from tests.sources.factories import make_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path
    return tmp_path


def kept(body: bytes) -> Snapshot:
    return make_snapshot(body_hash=evidence.put(body))


def verify(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    call_command("verify", *options)
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[str, str]:
    """What the command prints, and what it says when it fails; its exit code is then 1."""
    with pytest.raises(CommandError) as failure:
        call_command("verify", *options)
    assert failure.value.returncode == 1
    return capsys.readouterr().out, str(failure.value)


def test_copies_that_are_what_was_stored_are_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept(b"one")
    kept(b"two")
    kept(b"two")
    assert verify(capsys) == "2 copies are what was stored.\n"


def test_nothing_kept_is_nothing_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(capsys) == "0 copies are what was stored.\n"


@pytest.mark.parametrize("damage", [b"\x1f\x8b", b"not gzip", None])
def test_a_copy_that_is_damaged_or_missing_is_named(
    capsys: pytest.CaptureFixture[str], damage: bytes | None
) -> None:
    good, bad = kept(b"good"), kept(b"bad")
    path = evidence.path_of(bad.body_hash)
    path.unlink() if damage is None else path.write_bytes(damage)
    out, failure = refused(capsys)
    assert failure == "1 of 2 copies are not what was stored."
    assert out.startswith(bad.body_hash)
    assert good.body_hash not in out
    assert ("No copy is kept" if damage is None else "cannot be read") in out


def test_a_copy_of_other_bytes_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    bad, other = kept(b"bad"), kept(b"other")
    evidence.path_of(other.body_hash).rename(evidence.path_of(bad.body_hash))
    evidence.put(b"other")
    out, _ = refused(capsys)
    assert "is not the one stored" in out


def test_a_copy_that_only_a_citation_names_is_looked_at(
    capsys: pytest.CaptureFixture[str],
) -> None:
    missing = hashlib.sha256(b"never kept").hexdigest()
    make_change(citations=[make_citation_draft(snapshot_hash=missing)])
    out, _ = refused(capsys)
    assert out.startswith(missing)


def test_one_copy_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = kept(b"good"), kept(b"bad")
    evidence.path_of(bad.body_hash).unlink()
    assert verify(capsys, "--hash", good.body_hash) == "1 copies are what was stored.\n"
    options = ["--hash", good.body_hash, "--hash", bad.body_hash]
    assert refused(capsys, *options)[1] == "1 of 2 copies are not what was stored."


@pytest.mark.parametrize("name", ["../../etc/passwd", "f" * 64])
def test_what_is_no_copy_is_missing(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert refused(capsys, "--hash", name)[1] == "1 of 1 copies are not what was stored."


@pytest.fixture
def removed(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Snapshot:
    """A snapshot whose content an editor removed."""
    snapshot = kept(b"private")
    editor = User.objects.create_user("editor")
    with django_capture_on_commit_callbacks(execute=True):
        remove_snapshot(snapshot=snapshot, editor=editor, reason="Private", now=NOW)
    return snapshot


def test_a_copy_that_an_editor_removed_is_not_missing(
    capsys: pytest.CaptureFixture[str], removed: Snapshot
) -> None:
    make_change(citations=[make_citation_draft(snapshot_hash=removed.body_hash)])
    assert verify(capsys) == "1 copies are what was stored.\n"


def test_a_copy_that_was_removed_and_is_still_there_is_named(
    capsys: pytest.CaptureFixture[str], removed: Snapshot
) -> None:
    evidence.put(b"private")
    out, _ = refused(capsys)
    assert out == f"{removed.body_hash} An editor removed it, and it is still there.\n"


def test_a_copy_that_was_removed_and_fetched_again_is_checked_like_any_other(
    capsys: pytest.CaptureFixture[str], removed: Snapshot
) -> None:
    kept(b"private")
    assert verify(capsys) == "1 copies are what was stored.\n"
    evidence.path_of(removed.body_hash).unlink()
    assert "No copy is kept" in refused(capsys)[0]
