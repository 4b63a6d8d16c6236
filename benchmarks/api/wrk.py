"""wrk, told which addresses to request: the load that throughput is measured under."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.api.results import NotMeasured

CONNECTIONS = 8
TOOLS = {"wrk": "wrk", "psql": "postgresql-client"}
"""Programs that are needed, each with its Debian package."""

_SCRIPT = """
local requests, at = {}, tonumber(os.getenv("BENCH_START"))
function init(args)
  local headers = {}
  if os.getenv("BENCH_ETAG") ~= "" then headers["If-None-Match"] = os.getenv("BENCH_ETAG") end
  for path in io.lines(os.getenv("BENCH_PATHS")) do
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\\nRESULT {"requests": %d, "seconds": %f, "failed": %d, "p50": %f, "p99": %f}\\n',
    summary.requests, summary.duration / 1e6, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
"""


class LoadFailed(NotMeasured):
    """wrk did not run, or requests failed: then there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of wrk found."""

    requests: int
    seconds: float
    p50: float
    """Milliseconds."""
    p99: float
    """Milliseconds."""

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def missing_tools() -> list[str]:
    """What has to be installed before anything can be measured, each with how."""
    return [
        f"`{name}` is not installed, and the API is measured with it: "
        f"`apt-get install {package}` on Debian or Ubuntu."
        for name, package in TOOLS.items()
        if shutil.which(name) is None
    ]


class Wrk:
    """Runs wrk on one server, and goes on in its list of addresses from run to run."""

    def __init__(self, folder: Path, origin: str, paths: Sequence[str], etag: str = "") -> None:
        self._script = folder / "requests.lua"
        self._script.write_text(_SCRIPT)
        self._paths = folder / f"paths-{id(self)}.txt"
        self._paths.write_text("".join(f"{path}\n" for path in paths))
        self._origin = origin
        self._etag = etag
        self._count = len(paths)
        self.sent = 0

    @property
    def has_repeated(self) -> bool:
        """Whether an address was requested twice although there are several."""
        return 1 < self._count < self.sent

    def run(self, seconds: int) -> Load:
        """Request for so long.

        Raises:
            LoadFailed: wrk did not run, or requests failed.
        """
        environ = {
            **os.environ,
            "BENCH_PATHS": str(self._paths),
            "BENCH_START": str(self.sent % self._count),
            "BENCH_ETAG": self._etag,
        }
        argv = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s"]
        result = subprocess.run(  # noqa: S603 - on loopback, for a bounded time
            [*argv, "-s", str(self._script), self._origin],
            env=environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
        line = next((x for x in result.stdout.splitlines() if x.startswith("RESULT ")), None)
        if line is None:
            raise LoadFailed(f"wrk ended with {result.returncode}: {result.stderr.strip()}")
        found = json.loads(line.removeprefix("RESULT "))
        if found.pop("failed"):
            raise LoadFailed(f"requests to {self._origin} failed: {result.stdout.strip()}")
        self.sent += found["requests"] + CONNECTIONS
        return Load(**found)
