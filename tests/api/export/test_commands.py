"""``manage.py export`` and the job of the night."""

from __future__ import annotations

import fcntl
from io import StringIO
from pathlib import Path

import pytest
from celery.schedules import crontab
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from pytest_django import Settings

from api.export import exporting, lists
from api.tasks import export_public_data
from campaigns.models import Campaign
from tests.api.export.exporting import export
from tests.api.factories import RESOURCES, make_public_world
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def run(folder: Path) -> list[str]:
    """Run the command; return the lines that it printed."""
    printed = StringIO()
    call_command("export", str(folder), stdout=printed)
    return printed.getvalue().splitlines()


def test_the_command_tells_how_many_records_of_each_it_wrote(tmp_path: Path) -> None:
    make_public_world()
    *steps, last = run(tmp_path / "data")
    assert [step.partition(":")[0] for step in steps] == [*RESOURCES, "followthrough.sqlite"]
    assert "status-changes: 3 records" in steps
    assert str(tmp_path / "data") in last
    assert "entry 3 of the feed" in last
    assert (tmp_path / "data" / "datapackage.json").exists()


def test_the_command_refuses_a_folder_with_other_things_in_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    with pytest.raises(CommandError, match=r"not an earlier export\. Nothing was touched"):
        run(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("step", ["write_lists", "write_database", "describe"])
def test_a_failure_says_what_happened_what_is_kept_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    export(tmp_path / "data")
    before = (tmp_path / "data" / "SHA256SUMS").read_bytes()

    def broken(*args: object, **kwargs: object) -> None:
        raise DatabaseError("server closed the connection")

    monkeypatch.setattr(exporting, step, broken)
    with pytest.raises(CommandError, match=r"server closed.*still there.*run it again"):
        run(tmp_path / "data")
    assert (tmp_path / "data" / "SHA256SUMS").read_bytes() == before
    assert not (tmp_path / "data.partial").exists()


def test_nothing_can_be_written_while_the_record_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_public_world()
    monkeypatch.setattr(lists, "_TELL_EVERY", 1)

    def write(name: str, count: int) -> None:
        Campaign.objects.update(summary="changed")

    with pytest.raises(DatabaseError, match=r"read-?only"):
        exporting.export_data(folder=tmp_path / "data", now=NOW, tell=write)
    Campaign.objects.update(summary="can be written again")


def test_the_job_publishes_where_the_pages_look(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path / "data"
    export_public_data()
    assert (tmp_path / "data" / "datapackage.json").exists()


def test_the_job_leaves_it_to_another_that_runs(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path / "data"
    with (tmp_path / "data.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        export_public_data()
    assert not (tmp_path / "data").exists()


def test_the_job_runs_every_night() -> None:
    [job] = [
        job
        for job in django_settings.CELERY_BEAT_SCHEDULE.values()
        if job["task"] == export_public_data.name
    ]
    assert job["schedule"] == crontab(hour="3", minute="17")
    assert django_settings.CELERY_TIMEZONE == "UTC"
