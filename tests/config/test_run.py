"""`make run`: what it refuses, what it leaves behind, what it keeps."""

import os
import re
import select
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis

from config.processes import Child, Group, socket_in
from config.run import only_one_in

RUN = ("setsid", sys.executable, "-m", "config.run")

# What it starts keeps its data in SQLite, whatever database the tests are on.
pytestmark = pytest.mark.sqlite

KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for the tests of this module: preparing it takes the longest."""
    return tmp_path_factory.mktemp("run") / "var"


@pytest.fixture
def terminal(var: Path, tmp_path: Path) -> Iterator[Group]:
    """Where `make run` is started, again and again; it knows nothing of the tests' own servers."""
    environ = {name: os.environ[name] for name in KEPT if name in os.environ}
    environ |= {"VAR_DIR": str(var), "PORT": str(free_port())}
    with Group(logs=tmp_path / "terminal", environ=environ) as group:
        yield group


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(terminal: Group) -> Child:
    child = terminal.start("run", RUN)
    child.wait_for_line("Ctrl-C stops everything", timeout=240)
    return child


def refusal(terminal: Group, **environ: str) -> str:
    terminal.environ |= environ
    child = terminal.start("refused", RUN)
    assert child.wait(timeout=30) == 1
    return child.log.read_text()


def family(child: Child) -> dict[int, str]:
    """The processes of the child's session, which nobody else is in, and their command lines."""
    members = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(folder.name)) == child.pid:
                members[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        except (ProcessLookupError, FileNotFoundError):
            continue
    return members


def member(child: Child, words: str) -> int:
    """The oldest process of the family with `words` in its command line."""
    return min(pid for pid, command in family(child).items() if words in command)


def wait_until_gone(pids: dict[int, str], seconds: float = 60.0) -> None:
    """Return when all of them have ended, or fail and name those that have not."""
    deadline = time.monotonic() + seconds
    with ExitStack() as stack:
        for pid, command in pids.items():
            try:
                handle = os.pidfd_open(pid)
            except ProcessLookupError:
                continue
            stack.callback(os.close, handle)
            ready, _, _ = select.select([handle], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"still there: {pid} {command}"


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_taken_port_is_one_line_that_says_what_to_do(terminal: Group, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refusal(terminal, PORT=str(port), VAR_DIR=str(tmp_path / "untouched"))
    assert re.fullmatch(
        rf"Port {port} is taken: stop what uses it, or choose another: PORT=\d+ make run\n", said
    )
    assert not (tmp_path / "untouched").exists()


@pytest.mark.parametrize("port", ["web", "0", "65536", "-1", "8000.5"])
def test_a_port_that_is_none_is_refused(terminal: Group, port: str) -> None:
    assert (
        refusal(terminal, PORT=port) == f"PORT is {port!r}: it must be a number from 1 to 65535\n"
    )


def test_a_host_that_is_none_is_refused(terminal: Group) -> None:
    said = refusal(terminal, HOST="no.such.host.invalid")
    assert said == "HOST is 'no.such.host.invalid', which is no address of this machine\n"


def test_a_second_run_on_the_same_data_is_refused(terminal: Group, var: Path) -> None:
    with only_one_in(var):
        said = refusal(terminal)
    assert said == f"Another `make run` is already using {var}: stop it first\n"


def test_ctrl_c_stops_everything(terminal: Group, var: Path) -> None:
    running = start(terminal)
    said = running.log.read_text()
    assert f"http://127.0.0.1:{terminal.environ['PORT']}/admin/" in said
    assert f"user admin, password {password_in(var)} (kept in {var}/first-login.txt)" in said
    assert (mode(var / "first-login.txt"), mode(var / "secret-key")) == (0o600, 0o600)

    everything = family(running)
    assert {pid: os.getpgid(pid) for pid in everything} == dict.fromkeys(everything, running.pid)
    os.killpg(running.pid, signal.SIGINT)
    assert running.wait(timeout=30) == 0
    wait_until_gone(everything, seconds=0)
    assert not socket_in(var).exists()


def test_killing_the_supervisor_leaves_no_process_and_the_next_run_keeps_the_data(
    terminal: Group, var: Path
) -> None:
    killed = start(terminal)
    password = password_in(var)
    with redis.Redis(unix_socket_path=str(socket_in(var))) as client:
        client.set("queued", "work")
    everything = family(killed)
    os.kill(killed.pid, signal.SIGKILL)
    wait_until_gone(everything)

    following = start(terminal)
    said = following.log.read_text()
    assert f"user admin, password {password} " in said
    assert "First login made" not in said
    assert "Static files collected" not in said
    assert can_sign_in(terminal, password)
    assert not can_sign_in(terminal, f"not-{password}")
    with redis.Redis(unix_socket_path=str(socket_in(var))) as client:
        assert client.get("queued") == b"work"
    os.kill(following.pid, signal.SIGTERM)
    assert following.wait(timeout=30) == 0


def test_a_part_that_dies_is_named_and_everything_stops(terminal: Group) -> None:
    running = start(terminal)
    everything = family(running)
    os.kill(member(running, "granian"), signal.SIGKILL)
    assert running.wait(timeout=30) == 1
    wait_until_gone(everything, seconds=0)
    said = running.log.read_text()
    assert "web ended with exit code -9, so everything stops; the end of " in said
    assert "  web | " in said


def password_in(var: Path) -> str:
    return (var / "first-login.txt").read_text().split()[-1]


def can_sign_in(terminal: Group, password: str) -> bool:
    """Whether the admin's login form lets `admin` in."""
    address = f"http://127.0.0.1:{terminal.environ['PORT']}/admin/login/"
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(address, timeout=10) as page:
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    assert token
    form = f"csrfmiddlewaretoken={token[1]}&username=admin&password={password}&next=/admin/"
    with opener.open(address, form.encode(), timeout=10) as page:
        return str(page.url).endswith("/admin/")
