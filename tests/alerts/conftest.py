"""What tests of alerts may ask for: a target, and servers that can be told to misbehave."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from django.db import connections
from pytest_django import Settings

from campaigns.models import Target
from tests.alerts.hooks import HookSink
from tests.alerts.sinks import MoodySink, PipeliningSink, ScriptedSink
from tests.brokers import send_to
from tests.factories import make_target


@pytest.fixture
def moody_sink(settings: Settings) -> Iterator[MoodySink]:
    """A real SMTP server that can be told to misbehave; Django sends its mail there."""
    with MoodySink() as running:
        _send_to(running.port, settings)
        yield running


@pytest.fixture
def target(db: None) -> Target:
    """Somebody of whom readers of every kind may want to hear."""
    return make_target()


@pytest.fixture
def dead_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Celery talks to a port where nobody answers."""
    send_to("redis://127.0.0.1:1", monkeypatch)


@pytest.fixture
def hook_sink(settings: Settings) -> Iterator[HookSink]:
    """A web server on loopback that takes webhooks; no message may take longer than a second."""
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    settings.WEBHOOK_SECONDS = 1.0
    with HookSink() as running:
        yield running


@pytest.fixture(params=[MoodySink, PipeliningSink])
def any_sink(request: pytest.FixtureRequest, settings: Settings) -> Iterator[MoodySink]:
    """A real SMTP server that can be told to misbehave: one that takes commands ahead, and one
    that does not."""
    with request.param() as running:
        _send_to(running.port, settings)
        yield running


@pytest.fixture
def elsewhere() -> Iterator[Callable[[Callable[[], object]], object]]:
    """Calls something on another connection, as another worker would."""
    with ThreadPoolExecutor(1) as pool:

        def call(job: Callable[[], object]) -> object:
            return pool.submit(job).result(timeout=30)

        yield call
        pool.submit(connections.close_all).result()


@pytest.fixture
def scripted(settings: Settings) -> Iterator[Callable[..., ScriptedSink]]:
    """Starts a server that says what it is told to, and sends Django's mail there."""
    with ExitStack() as stack:

        def start(*script: Sequence[str]) -> ScriptedSink:
            sink = stack.enter_context(ScriptedSink(*script))
            _send_to(sink.port, settings)
            return sink

        yield start


def _send_to(port: int, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
