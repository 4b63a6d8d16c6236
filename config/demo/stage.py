"""The demo's own copy of the service: real processes on data that is thrown away."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.demo.mail_sink import MailSink
from config.demo.site import Site
from config.processes import (
    Group,
    start_beat,
    start_valkey,
    start_web,
    start_workers,
    wait_for_workers,
)


@dataclass(frozen=True)
class Stage:
    """What the scenario plays on."""

    origin: str
    """Where Followthrough's web server answers."""
    site: Site
    """The outside world: the site that is watched."""
    mail: MailSink
    """The outside world: where mail arrives."""


@contextlib.contextmanager
def set_up() -> Iterator[Stage]:
    """Start broker, workers, clock and web server, with a site to watch and a sink for mail.

    ``DATABASE_URL`` may name an empty database; otherwise it is SQLite in the folder that holds
    everything else, and that is deleted at the end. The settings go into ``os.environ``, so that
    this process can use Django on the same data.

    Raises:
        config.processes.ProcessError: something did not start.
    """
    with (
        tempfile.TemporaryDirectory(prefix="followthrough-demo-") as name,
        Site() as site,
        MailSink() as mail,
    ):
        folder, port = Path(name), _free_port()
        origin = f"http://127.0.0.1:{port}"
        os.environ.update(_settings(folder, origin, mail))
        with Group(logs=folder / "log", environ=os.environ) as group:
            os.environ["REDIS_URL"] = group.environ["REDIS_URL"] = start_valkey(group, folder)
            group.run("migrate", [sys.executable, "manage.py", "migrate", "--verbosity", "0"])
            group.run("static", [sys.executable, "manage.py", "collectstatic", "--no-input"])
            workers = start_workers(group)
            start_beat(group, folder)
            web = start_web(group, host="127.0.0.1", port=port)
            wait_for_workers(workers)
            web.wait_for_line("Started worker-1")
            os.environ["LOG_LEVEL"] = "WARNING"  # of this process: the children keep their logs
            yield Stage(origin, site, mail)


def _settings(folder: Path, origin: str, mail: MailSink) -> dict[str, str]:
    return {
        "DATABASE_URL": os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/demo.sqlite3",
        "VAR_DIR": str(folder),
        "EVIDENCE_DIR": str(folder / "evidence"),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DEBUG": "0",
        "BASE_URL": origin,
        "ALLOWED_HOSTS": "127.0.0.1",
        "EMAIL_URL": mail.url,
        "OUTBOUND_ALLOWED_NETWORKS": "127.0.0.1/32",
        "POLL_TICK_SECONDS": "1",
        "SWEEP_SECONDS": "5",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
