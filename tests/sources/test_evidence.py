"""The kept copies of what was fetched."""

import gzip
import hashlib
from pathlib import Path

import pytest
from pytest_django import Settings

from sources import evidence


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path
    return tmp_path


def test_what_is_put_is_got_back_under_its_sha_256(folder: Path) -> None:
    body = b"<p>caf\xc3\xa9</p>\x00" * 1000
    content_hash = evidence.put(body)
    assert content_hash == hashlib.sha256(body).hexdigest()
    assert evidence.get(content_hash) == body
    [file] = [path for path in folder.rglob("*") if path.is_file()]
    assert file == folder / content_hash[:2] / content_hash[2:4] / f"{content_hash}.gz"
    assert file.stat().st_size < len(body) / 10


def test_nothing_at_all_can_be_kept() -> None:
    assert evidence.get(evidence.put(b"")) == b""


def test_putting_the_same_bytes_again_writes_nothing() -> None:
    path = evidence.path_of(evidence.put(b"page"))
    before = path.stat()
    evidence.put(b"page")
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


def test_a_copy_that_was_never_kept_is_missing() -> None:
    with pytest.raises(evidence.MissingEvidence, match="No copy is kept"):
        evidence.get("0" * 64)


@pytest.mark.parametrize("name", ["", "abc", "../../etc/passwd", "A" * 64, "0" * 65])
def test_what_is_no_hash_is_missing_and_no_file_is_looked_for(name: str) -> None:
    with pytest.raises(evidence.MissingEvidence, match="not a SHA-256"):
        evidence.get(name)


@pytest.mark.parametrize(
    "damage", [b"", b"not gzip", gzip.compress(b"other", mtime=0), gzip.compress(b"p", mtime=0)[:9]]
)
def test_a_damaged_copy_is_told_from_a_good_one(damage: bytes) -> None:
    content_hash = evidence.put(b"page")
    evidence.path_of(content_hash).write_bytes(damage)
    with pytest.raises(evidence.DamagedEvidence):
        evidence.get(content_hash)


def test_a_folder_that_cannot_be_written_to_is_an_error(settings: Settings, folder: Path) -> None:
    settings.EVIDENCE_DIR = folder / "file"
    settings.EVIDENCE_DIR.write_text("in the way")
    with pytest.raises(OSError, match="file"):
        evidence.put(b"page")


def test_a_write_that_fails_leaves_nothing_under_the_hash(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        evidence.put(b"page")
    assert not [path for path in folder.rglob("*") if path.is_file()]
