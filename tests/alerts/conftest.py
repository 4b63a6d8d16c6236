"""A mail server for tests of what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from celery import current_app
from pytest_django import Settings

from tests.alerts.hooks import HookSink
from tests.alerts.sinks import MoodySink


@pytest.fixture
def moody_sink(settings: Settings) -> Iterator[MoodySink]:
    """A real SMTP server that can be told to misbehave; Django sends its mail there."""
    with MoodySink() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = running.port
        yield running


@pytest.fixture
def dead_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Celery talks to a port where nobody answers."""
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1")
    monkeypatch.setattr(current_app.amqp, "_producer_pool", None)


@pytest.fixture
def hook_sink(settings: Settings) -> Iterator[HookSink]:
    """A web server on loopback that takes webhooks; no message may take longer than a second."""
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    settings.WEBHOOK_SECONDS = 1.0
    with HookSink() as running:
        yield running
