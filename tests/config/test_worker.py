"""The worker that the tests start, and through it the one of `make run`."""

import pytest
from django.conf import settings
from django.db import connection

from config.celery import app
from config.processes import Child
from tests.conftest import address_of_test_database


@pytest.mark.django_db(transaction=True)
def test_the_worker_knows_every_task_that_the_clock_starts(worker: Child) -> None:
    answers = app.control.inspect(limit=1, timeout=60).registered()
    assert answers, worker.tail()
    [known] = answers.values()
    assert {job["task"] for job in settings.CELERY_BEAT_SCHEDULE.values()} <= set(known)


@pytest.mark.django_db
def test_other_processes_are_sent_to_the_database_of_this_test_process() -> None:
    name = str(connection.settings_dict["NAME"])
    assert "test" in name
    assert address_of_test_database().endswith(f"/{name.lstrip('/')}")
