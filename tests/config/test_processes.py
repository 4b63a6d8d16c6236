"""Children: their logs, their readiness, their end."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings

from config.processes import QUEUES, WORKERS, Group, ProcessError, socket_in, start_valkey

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    with Group(logs=tmp_path / "log", environ=os.environ) as running:
        yield running


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_what_a_child_prints_is_in_its_log_and_the_run_before_is_kept(group: Group) -> None:
    assert group.run("greeter", python("print('first')")) == "first\n"
    group.run("greeter", python("import sys; print('second', file=sys.stderr)"))
    assert (group.logs / "greeter.log").read_text() == "second\n"
    assert (group.logs / "greeter.log.1").read_text() == "first\n"


def test_every_line_is_passed_on_with_the_name_of_its_child(tmp_path: Path) -> None:
    lines: list[tuple[str, str]] = []
    with Group(
        logs=tmp_path, environ=os.environ, on_line=lambda name, line: lines.append((name, line))
    ) as group:
        group.run("greeter", python("print('one'); print('two')"))
    assert lines == [("greeter", "one"), ("greeter", "two")]


def test_a_program_that_fails_is_named_with_its_exit_code_and_last_lines(group: Group) -> None:
    with pytest.raises(ProcessError, match=r"failing failed with exit code 3:\n  failing \| alas$"):
        group.run("failing", python("print('alas'); raise SystemExit(3)"))


def test_waiting_for_a_line_ends_when_the_child_does(group: Group) -> None:
    child = group.start("brief", python("print('bye')"))
    with pytest.raises(ProcessError, match=r"(?s)brief ended; .*brief \| bye"):
        child.wait_for_line("hello")


def test_waiting_for_a_line_ends_when_time_is_up(group: Group) -> None:
    child = group.start("silent", python(SLEEPER))
    child.wait_for_line("up")
    with pytest.raises(ProcessError, match="silent was not ready after 0 s"):
        child.wait_for_line("never printed", timeout=0.05)


def test_a_child_that_ended_by_itself_is_found(group: Group) -> None:
    group.start("lasting", python(SLEEPER)).wait_for_line("up")
    brief = group.start("brief", python("pass"))
    assert brief.wait(timeout=10) == 0
    assert group.ended() is brief


def test_a_child_that_will_not_listen_is_ended_by_force(group: Group) -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SLEEPER
    child = group.start("deaf", python(deaf))
    child.wait_for_line("up")
    child.stop(grace=0.05)
    assert child.exit_code == -signal.SIGKILL


def test_children_stop_in_the_opposite_order(tmp_path: Path) -> None:
    order: list[str] = []
    last_words = (
        "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(print('bye')));"
    )
    with Group(
        logs=tmp_path,
        environ=os.environ,
        on_line=lambda name, line: order.append(name) if line == "bye" else None,
    ) as group:
        for name in ("first", "second"):
            group.start(name, python(last_words + SLEEPER)).wait_for_line("up")
    assert order == ["second", "first"]


def test_ctrl_c_is_left_to_the_parent(group: Group) -> None:
    child = group.start("calm", python(SLEEPER))
    child.wait_for_line("up")
    os.kill(child.pid, signal.SIGINT)
    os.kill(child.pid, signal.SIGHUP)
    child.stop()
    assert child.exit_code == -signal.SIGTERM


def test_the_broker_keeps_what_it_was_given_over_a_restart(tmp_path: Path) -> None:
    for expected in (None, b"kept"):
        with Group(logs=tmp_path / "log", environ=os.environ) as group:
            address = start_valkey(group, tmp_path)
            with redis.Redis.from_url(address) as client:
                assert client.get("key") == expected
                assert client.config_get("port") == {"port": "0"}
                client.set("key", "kept")
        assert not socket_in(tmp_path).exists()


def test_a_broker_that_cannot_start_says_why(tmp_path: Path, group: Group) -> None:
    (tmp_path / "valkey").mkdir()
    (tmp_path / "valkey" / "appendonlydir").write_text("not a folder")
    with pytest.raises(ProcessError, match=r"(?s)valkey ended.*appendonlydir"):
        start_valkey(group, tmp_path)


def test_a_socket_whose_path_would_be_too_long_goes_to_a_private_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100)
    substitute = socket_in(deep)
    assert len(os.fsencode(substitute)) < 100
    assert substitute.parent.stat().st_mode & 0o777 == 0o700
    assert socket_in(deep) == substitute
    assert socket_in(tmp_path / ("e" * 100)) != substitute
    substitute.parent.rmdir()
    socket_in(tmp_path / ("e" * 100)).parent.rmdir()


def test_the_worker_takes_from_every_queue_that_tasks_go_to() -> None:
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    assert routed | {settings.CELERY_TASK_DEFAULT_QUEUE} == set(QUEUES)


def test_each_queue_has_one_worker_and_each_channel_one_of_its_own() -> None:
    assert sorted(name for queues in WORKERS.values() for name in queues) == sorted(QUEUES)
    assert {WORKERS["mail"], WORKERS["webhooks"]} == {("mail",), ("webhooks",)}
