"""Readers find a whole export at every moment, whatever becomes of the one that writes."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from api.export import ExportRefused, ExportRunning
from api.export.places import Place
from tests.factories import NOW

STEPS = ("mkdir", "fsync", "rename", "symlink_to", "replace", "rmtree")
"""What is done to the disk, in this order; each may be the last thing."""


class Died(BaseException):
    """The process ends here."""


def publish(link: Path, text: str, now: dt.datetime = NOW) -> Any:
    """Publish a folder with one file."""
    place = Place(link)
    with place.claimed() as written:
        (written / "file").write_text(text)
        (written / "same").write_text(text)
        return place.publish(written, now=now)


def read(link: Path) -> str:
    """What a reader finds, who must find it whole."""
    texts = {(link / name).read_text() for name in ("file", "same")}
    [text] = texts
    return text


def beside(link: Path) -> set[str]:
    """What is in the folder around, but for the link and the lock."""
    return {path.name for path in link.parent.iterdir()} - {link.name, f"{link.name}.lock"}


def test_readers_find_the_newest_and_the_one_before_is_kept(tmp_path: Path) -> None:
    link = tmp_path / "deep" / "data"
    for number, text in enumerate(["one", "two", "three"]):
        made = publish(link, text, NOW + dt.timedelta(days=number))
        assert read(link) == text
        assert made.left_behind == []
    assert beside(link) == {"data.20260302T120000Z", "data.20260303T120000Z"}
    assert (link.parent / "data.20260302T120000Z" / "file").read_text() == "two"


def test_a_reader_in_the_middle_of_an_export_goes_on_in_it(tmp_path: Path) -> None:
    publish(tmp_path / "data", "one")
    folder = (tmp_path / "data").resolve()
    publish(tmp_path / "data", "two", NOW + dt.timedelta(days=1))
    assert (folder / "same").read_text() == "one"


def test_two_exports_of_one_second_have_folders_of_their_own(tmp_path: Path) -> None:
    publish(tmp_path / "data", "one")
    publish(tmp_path / "data", "two")
    assert read(tmp_path / "data") == "two"
    assert beside(tmp_path / "data") == {"data.20260301T120000Z", "data.20260301T120000Z-2"}


def test_an_empty_folder_gives_way(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    publish(tmp_path / "data", "one")
    assert read(tmp_path / "data") == "one"


@pytest.mark.parametrize("kind", ["folder", "file", "link", "link to nothing"])
def test_what_no_export_made_is_refused_and_left_alone(tmp_path: Path, kind: str) -> None:
    link, precious = tmp_path / "data", tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("kept")
    if kind == "folder":
        shutil.copytree(precious, link)
    elif kind == "file":
        link.write_text("kept")
    else:
        link.symlink_to("precious" if kind == "link" else "nothing")
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(ExportRefused):
        publish(link, "one")
    assert {path.name for path in tmp_path.iterdir()} == before
    assert (precious / "file").read_text() == "kept"


def test_neighbours_with_names_like_ours_are_left_alone(tmp_path: Path) -> None:
    for name in ("data.old", "data.20260101", "data2.20260101T000000Z", "data"):
        (tmp_path / f"{name}.keep" if name == "data" else tmp_path / name).mkdir()
    for number in range(3):
        publish(tmp_path / "data", "text", NOW + dt.timedelta(days=number))
    kept = {"data.old", "data.20260101", "data2.20260101T000000Z", "data.keep"}
    assert kept < beside(tmp_path / "data")


def test_a_second_export_waits_for_no_one_and_disturbs_nothing(tmp_path: Path) -> None:
    publish(tmp_path / "data", "one")
    with (tmp_path / "data.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ExportRunning):
            publish(tmp_path / "data", "two")
    assert read(tmp_path / "data") == "one"
    publish(tmp_path / "data", "three")
    assert read(tmp_path / "data") == "three"


def fail_at(
    patch: pytest.MonkeyPatch, step: str, nth: int, error: BaseException, *, is_death: bool
) -> None:
    """Let a step fail when it is done for the nth time; the dead clean nothing up."""
    owner: Any = {"fsync": os, "rmtree": shutil}.get(step, Path)
    original: Callable[..., Any] = getattr(owner, step)
    calls: Iterator[int] = iter(range(1, 1_000))

    def failing(*args: Any, **kwargs: Any) -> Any:
        if next(calls) < nth:
            return original(*args, **kwargs)
        if is_death:
            patch.setattr(shutil, "rmtree", lambda *args, **kwargs: None)
        raise error

    patch.setattr(owner, step, failing)


@pytest.mark.parametrize("nth", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("is_death", [True, False], ids=["killed", "failed"])
def test_whatever_step_is_the_last_readers_find_an_export_and_the_next_one_succeeds(
    tmp_path: Path, step: str, nth: int, is_death: bool
) -> None:
    link = tmp_path / "data"
    publish(link, "one")
    publish(link, "two", NOW + dt.timedelta(days=1))
    error = Died() if is_death else OSError("disk full")
    with pytest.MonkeyPatch.context() as patch, suppress(Died, OSError):
        fail_at(patch, step, nth, error, is_death=is_death)
        publish(link, "three", NOW + dt.timedelta(days=2))
    assert read(link) in {"two", "three"}

    publish(link, "four", NOW + dt.timedelta(days=3))
    assert read(link) == "four"
    assert len(beside(link)) == 2


def test_a_failure_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path / "data", "one")
    fail_at(monkeypatch, "replace", 1, OSError("disk full"), is_death=False)
    with pytest.raises(OSError, match="disk full"):
        publish(tmp_path / "data", "two", NOW + dt.timedelta(days=1))
    assert beside(tmp_path / "data") <= {"data.20260301T120000Z", "data.swap"}
    assert read(tmp_path / "data") == "one"
