"""A parent that is killed or forks: its children are nobody else's."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sources.parsing.pools import watched

pytestmark = pytest.mark.linux

PARENT = """
import asyncio, os, sys
from sources.parsing import ParserLimits, ParserPool
from tests.sources.parsing.pools import ask, at_work

async def main(job, folder):
    pool = ParserPool(ParserLimits(), jobs_module="tests.sources.parsing.hostile_jobs")
    if job == "nothing":
        await ask(pool, "echo")
        print(*pool.pids, flush=True)
        await asyncio.Event().wait()
    async with at_work(pool, folder, job):
        print(*pool.pids, flush=True)
        await asyncio.Event().wait()

import pathlib
asyncio.run(main(sys.argv[1], pathlib.Path(sys.argv[2])))
"""

FORKING = """
import asyncio, os, sys
from outbound import background
from sources.parsing import parsers

async def read():
    pool = await parsers()
    await pool.read("page", b"<p>We stop.</p>", "text/html", "https://a.example/")
    return pool

pool = background.run(read())
before = pool.pids
child = os.fork()
if child == 0:
    try:
        asyncio.run(pool.compare("a", "b"))
    except RuntimeError as error:
        print(error, flush=True)
    own = background.run(read())
    print(own is not pool and before.isdisjoint(own.pids), flush=True)
    background.stop()
    os._exit(0)
os.waitpid(child, 0)
print(background.run(read()) is pool and pool.pids == before, flush=True)
"""


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONWARNINGS": "ignore",  # that a fork with threads is a risk is why this is tested
    }
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )


@pytest.mark.parametrize("job", ["nothing", "wait_for_ever", "spin_for_ever"])
def test_no_child_outlives_a_parent_that_is_killed(job: str, tmp_path: Path) -> None:
    with start(PARENT, job, str(tmp_path)) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        with watched(pid) as has_ended:
            parent.send_signal(signal.SIGKILL)
            assert has_ended()


def test_after_a_fork_each_process_has_children_of_its_own() -> None:
    with start(FORKING) as parent:
        printed, _ = parent.communicate(timeout=60)
    refused, is_own, is_unharmed = printed.splitlines()
    assert "must not be used after a fork" in refused
    assert (is_own, is_unharmed, parent.returncode) == ("True", "True", 0)
