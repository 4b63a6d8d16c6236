"""What every test may ask for: see also plugin.py, which starts the database and the broker."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis
from django.conf import settings as django_settings
from django.db import connection
from django.test import override_settings
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker, Settings

from api.limits import limiter
from config.demo.mail_sink import MailSink
from config.demo.site import Site
from config.processes import Child, Group, start_worker
from tests.copying import migrated_once
from tests.emptying import quick_emptying
from tests.plugin import FOLDER, MIGRATED

LOOPBACK = "127.0.0.0/8"
# No property depends on how busy the machine is; the rest stays as Hypothesis has it here or in CI.
hypothesis_settings.register_profile("steady", parent=hypothesis_settings(), deadline=None)
hypothesis_settings.load_profile("steady")
# Celery remembers that it declared its routes, so these must survive.
FORGET_ALL_BUT_ROUTES = """
for _, key in ipairs(redis.call('KEYS', '*')) do
  if not string.find(key, '_kombu.binding.', 1, true) then redis.call('DEL', key) end
end
"""


@pytest.fixture(scope="session", autouse=True)
def quick_settings() -> Iterator[None]:
    """Leave out what only costs time here: slow password hashes, hashed names of static files."""
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={**django_settings.STORAGES, "staticfiles": static},
    ):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """Migrate once for all processes of a run."""
    with ExitStack() as stack:
        if process := os.environ.get("PYTEST_XDIST_WORKER"):
            note = Path(os.environ[FOLDER]) / MIGRATED
            stack.enter_context(migrated_once(note, process))
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make the database, and let the flush after a transactional test be quick."""
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            stack.enter_context(quick_emptying())
        yield


@pytest.fixture(scope="session")
def valkey() -> Iterator[redis.Redis]:
    """The broker and cache of this test process."""
    with redis.Redis.from_url(django_settings.REDIS_URL) as client:
        yield client


@pytest.fixture(autouse=True)
def empty_valkey(valkey: redis.Redis) -> None:
    """Every test starts with empty queues, cache and locks, and nothing taken ahead of a quota."""
    valkey.eval(FORGET_ALL_BUT_ROUTES, 0)
    limiter.cache_clear()


@pytest.fixture
def site() -> Iterator[Site]:
    """A web site on loopback that the test fills with pages."""
    with Site() as running:
        yield running


@pytest.fixture
def mail_sink(settings: Settings) -> Iterator[MailSink]:
    """A real SMTP server; Django sends its mail there for the length of the test."""
    with MailSink() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = running.port
        yield running


@pytest.fixture
def worker(
    transactional_db: None, mail_sink: MailSink, settings: Settings, tmp_path: Path
) -> Iterator[Child]:
    """A real Celery worker on the test's database, broker, evidence and mail sink.

    It may fetch from loopback. What it printed is in `worker.tail()`.
    """
    environ = os.environ | {
        "DATABASE_URL": address_of_test_database(),
        "EMAIL_URL": mail_sink.url,
        "EVIDENCE_DIR": str(settings.EVIDENCE_DIR),
        "OUTBOUND_ALLOWED_NETWORKS": LOOPBACK,
    }
    with Group(logs=tmp_path / "log", environ=environ) as group:
        child = start_worker(group)
        child.wait_for_line(" ready.")
        yield child


def address_of_test_database() -> str:
    """The address of the database that this test process uses."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return re.sub(r"[^/?]+(?=$|\?)", name, os.environ["DATABASE_URL"], count=1)
