"""`make demo`: play the whole loop for real, from a changed page to the mail that tells of it.

Exit code 0 only if every step held; otherwise 1, with what was expected and what was found.
"""

from __future__ import annotations

import sys
import time
from importlib import import_module

import django

from config.demo.stage import set_up
from config.processes import ProcessError


def main() -> int:
    """Set the stage, play, and clear away. Returns the exit code."""
    started = time.monotonic()
    print(
        "Starting broker, worker, clock, web server, a site to watch and a mail sink …", flush=True
    )
    try:
        with set_up() as stage:
            # The scenario uses models, which can be imported only once Django knows its settings.
            django.setup()
            failures = import_module("config.demo.scenario").play(stage)
    except ProcessError as error:
        print(error, file=sys.stderr)
        return 1
    seconds = time.monotonic() - started
    if failures:
        print(f"\nThe demo failed after {seconds:.0f} s: {failures}", file=sys.stderr)
        return 1
    print(f"\nAll steps held, in {seconds:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
