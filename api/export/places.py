"""Where exports are published: a link that leads to the newest of dated folders beside it.

For ``data`` these are ``data`` (the link), ``data.20260301T031700Z`` (an export), ``data.partial``
(one that is being written) and ``data.lock``. A link is replaced in one step, so whoever reads
through it finds an export that is whole, whatever happens to its writer.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from api.export.errors import ExportRefused, ExportRunning


@dataclass(frozen=True)
class Publication:
    """An export that was put in place."""

    folder: Path
    """Its dated folder."""
    left_behind: list[Path] = field(default_factory=list)
    """Older exports that could not be removed."""


class Place:
    """A folder as readers name it.

    Attributes:
        link: its path; absolute, with the last part not followed.
    """

    def __init__(self, folder: Path) -> None:
        self.link = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow the link
        self._dated = re.compile(rf"{re.escape(self.link.name)}\.\d{{8}}T\d{{6}}Z(-\d+)?")

    @contextmanager
    def claimed(self) -> Iterator[Path]:
        """Keep other exports away, and give an empty folder to write to; it is removed at the end.

        Raises:
            ExportRefused: something else has this name.
            ExportRunning: another process has claimed it.
            OSError: the folders cannot be made.
        """
        self._refuse_what_is_not_ours()
        self.link.parent.mkdir(parents=True, exist_ok=True)
        partial = self._beside("partial")
        with self._beside("lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise ExportRunning(f"Another export to {self.link} has not ended.") from error
            if partial.exists():  # of an export that was killed
                shutil.rmtree(partial)
            partial.mkdir()
            try:
                yield partial
            finally:
                shutil.rmtree(partial, ignore_errors=True)

    def publish(self, written: Path, *, now: dt.datetime) -> Publication:
        """Let readers find what was written; all of it is on the disk before they do.

        The export that they found until now is kept beside it, for those who are reading it;
        older ones are removed.

        Args:
            written: the folder that :meth:`claimed` gave.
            now: the date of the export, with time zone.
        """
        for path in written.iterdir():
            _sync(path)
        _sync(written)
        previous = self._current()
        dated = self._free_name(now)
        written.rename(dated)
        try:
            _sync(self.link.parent)
            self._swap(dated)
        finally:
            if self._current() != dated:
                shutil.rmtree(dated, ignore_errors=True)
        return Publication(dated, self._remove_all_but({dated, previous}))

    def _swap(self, dated: Path) -> None:
        swap = self._beside("swap")
        swap.unlink(missing_ok=True)
        swap.symlink_to(dated.name)
        if self.link.is_dir() and not self.link.is_symlink():
            self.link.rmdir()  # it is empty: nobody misses it
        swap.replace(self.link)
        _sync(self.link.parent)

    def _refuse_what_is_not_ours(self) -> None:
        if self.link.is_symlink():
            if not self._dated.fullmatch(str(self.link.readlink())):
                raise ExportRefused(f"{self.link} is a link that no export made.")
        elif self.link.exists() and not _is_empty_folder(self.link):
            raise ExportRefused(f"{self.link} exists and is not an earlier export.")

    def _current(self) -> Path | None:
        return self.link.parent / self.link.readlink() if self.link.is_symlink() else None

    def _free_name(self, now: dt.datetime) -> Path:
        stem = f"{now.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
        endings = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
        names = (self._beside(ending) for ending in endings)
        return next(name for name in names if not name.exists())

    def _remove_all_but(self, kept: set[Path | None]) -> list[Path]:
        old = [path for path in self.link.parent.iterdir() if self._dated.fullmatch(path.name)]
        for path in set(old) - kept:
            shutil.rmtree(path, ignore_errors=True)
        return sorted(path for path in set(old) - kept if path.exists())

    def _beside(self, ending: str) -> Path:
        return self.link.with_name(f"{self.link.name}.{ending}")


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and next(path.iterdir(), None) is None


def _sync(path: Path) -> None:
    """Have the disk keep a file, or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
