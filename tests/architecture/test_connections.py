"""Only `outbound` opens connections to the outside: by what modules say, and by what they do."""

import ast
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.test_architecture import MODULES, ROOT, imports, tree

# Whatever can open a connection by itself, and what is built on it. Our database is reached through
# Django and our broker through Celery, at addresses that the operator chose.
CONNECTING = (
    "aiodns",
    "aiohttp",
    "asyncore",
    "curl_cffi",
    "django.core.mail",
    "dns",
    "ftplib",
    "http.client",
    "httplib2",
    "httpx",
    "imaplib",
    "logging.handlers",
    "lxml",
    "multiprocessing.connection",
    "multiprocessing.managers",
    "nntplib",
    "paramiko",
    "poplib",
    "pycurl",
    "redis",
    "requests",
    "smtplib",
    "socket",
    "socketserver",
    "ssl",
    "telnetlib",
    "trafilatura",
    "urllib.request",
    "urllib3",
    "websockets",
    "xmlrpc",
)
CALLS = {
    "create_connection",
    "create_datagram_endpoint",
    "create_unix_connection",
    "getaddrinfo",
    "gethostbyname",
    "open_connection",
    "open_unix_connection",
    "sock_connect",
    "start_tls",
    "urlopen",
    "urlretrieve",
}
# Parsers that open what they are given, if it is or looks like the name of something.
OPENING = {"feedparser.parse", "etree.parse", "ElementTree.parse", "ET.parse", "sax.parse"}
# Each with its reason; one that is no longer needed fails the test, too.
EXCEPTIONS = {
    # The one path.
    "outbound/client.py": {"aiohttp"},
    "outbound/failures.py": {"aiohttp", "ssl"},
    "outbound/lookup.py": {"aiohttp", "socket", "getaddrinfo()"},
    "outbound/sockets.py": {"aiohttp", "socket"},
    # Alerts by mail: Django's backend, to the operator's server; smtplib for the names of errors.
    "alerts/channels/letters.py": {"django.core.mail"},
    "alerts/channels/smtp.py": {"django.core.mail", "smtplib"},
    "alerts/channels/replies.py": {"smtplib"},
    # The owners of endpoints are told the same way.
    "alerts/channels/owners.py": {"django.core.mail"},
    # Notices to stewards go the same way.
    "sources/services/notices.py": {"django.core.mail"},
    # Invitations and links to a new password, too.
    "accounts/services/mailing.py": {"django.core.mail"},
    # A child imports the jobs that its parent names; they are this project's own.
    "sources/parsing/child.py": {"import_module()"},
    # The count of requests in the operator's Valkey.
    "api/limits.py": {"redis"},
    # The count of what the subscribe form is sent, in the same.
    "alerts/services/capping.py": {"redis"},
    # The dates of feeds, in the same Valkey.
    "website/dating.py": {"redis"},
    # `make run` and the demo look after their own processes on this machine.
    "config/processes.py": {"redis"},
    "config/run.py": {"socket", "urllib.request", "getaddrinfo()"},
    "config/demo/stage.py": {"socket"},
    "config/demo/visitor.py": {"urllib.request"},
}
OFFLINE = ROOT / "tests" / "architecture" / "offline.py"


def connections(module: Path) -> Iterator[str]:
    """Yield what a module imports or calls that opens connections."""
    for name in imports(module):
        yield from (root for root in CONNECTING if f"{name}.".startswith(f"{root}."))
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Call):
            yield from connecting_call(node)


def connecting_call(call: ast.Call) -> Iterator[str]:
    called = ast.unparse(call.func)
    name = called.rpartition(".")[2]
    if name in CALLS:
        yield f"{name}()"
    elif name in {"import_module", "__import__"}:
        first = call.args[0] if call.args else None
        if not isinstance(first, ast.Constant) or str(first.value).startswith(CONNECTING):
            yield f"{name}()"
    elif any(f".{called}".endswith(f".{parser}") for parser in OPENING):
        source = ast.unparse(call.args[0]) if call.args else ""
        if not source.startswith(("io.BytesIO(", "BytesIO(")):
            yield f"{called}({source})"


def test_only_outbound_and_named_exceptions_can_open_a_connection() -> None:
    found = {
        str(module.relative_to(ROOT)): names
        for module in MODULES
        if (names := set(connections(module)))
    }

    assert found == EXCEPTIONS


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("import socket", "socket"),
        ("from urllib import request", "urllib.request"),
        ("from urllib.request import urlopen", "urllib.request"),
        ("import urllib.request as r", "urllib.request"),
        ("from http import client", "http.client"),
        ("from xmlrpc.client import ServerProxy", "xmlrpc"),
        ("def f():\n    import requests", "requests"),
        ("from aiohttp.client import ClientSession", "aiohttp"),
        ("await asyncio.open_connection('a', 80)", "open_connection()"),
        ("await loop.create_connection(x)", "create_connection()"),
        ("await asyncio.get_running_loop().sock_connect(s, a)", "sock_connect()"),
        ("feedparser.parse(url)", "feedparser.parse(url)"),
        ("feedparser.parse(body)", "feedparser.parse(body)"),
        ("xml.etree.ElementTree.parse(url)", "xml.etree.ElementTree.parse(url)"),
        ("importlib.import_module('socket')", "import_module()"),
        ("importlib.import_module(name)", "import_module()"),
        ("__import__('ssl')", "__import__()"),
    ],
)
def test_that_test_would_see_another(tmp_path: Path, line: str, found: str) -> None:
    module = tmp_path / "offender.py"
    module.write_text(line)

    assert found in set(connections(module))


@pytest.mark.parametrize(
    "line",
    [
        "from urllib.parse import urlsplit",
        "from http import HTTPStatus",
        "import socketry",
        "feedparser.parse(io.BytesIO(body))",
        "importlib.import_module('json')",
    ],
)
def test_nor_does_it_see_what_is_none(tmp_path: Path, line: str) -> None:
    module = tmp_path / "innocent.py"
    module.write_text(line)

    assert set(connections(module)) == set()


def run_offline(tmp_path: Path, control: str) -> tuple[dict[str, list[str]], bool]:
    """Parse hostile documents in a process of its own; say what it saw, and whether anybody came.

    The documents name a listening socket and a file. Python reports what Python code opens; the
    socket and the file's text tell of code that Python does not see.
    """
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of this machine")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        ran = subprocess.run(
            [
                sys.executable,
                OFFLINE,
                f"http://127.0.0.1:{listener.getsockname()[1]}",
                secret,
                control,
            ],
            cwd=ROOT,
            env={key: value for key, value in os.environ.items() if "proxy" not in key.lower()},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        try:
            listener.accept()[0].close()
        except BlockingIOError:
            return json.loads(ran.stdout), False
        return json.loads(ran.stdout), True


def test_reading_hostile_documents_opens_nothing(tmp_path: Path) -> None:
    seen, has_visitor = run_offline(tmp_path, "parse")

    assert len(seen["read"]) == 4 * (9 + 4)
    assert sum(text != "" for text in seen["read"]) >= 40
    assert not any("secret of this machine" in text for text in seen["read"])
    assert seen["opened"] == []
    assert not has_visitor


@pytest.mark.parametrize(
    ("control", "event"),
    [
        ("connect", "socket.connect"),
        ("urlopen", "urllib.Request"),
        ("feedparser", "urllib.Request"),
        ("file", "open"),
    ],
)
def test_that_process_would_see_what_is_opened(tmp_path: Path, control: str, event: str) -> None:
    seen, has_visitor = run_offline(tmp_path, control)

    assert any(opened.startswith(f"{event} ") for opened in seen["opened"])
    assert has_visitor is (control != "file")
