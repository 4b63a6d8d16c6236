"""``manage.py verify``: are the kept copies what they were?"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sources.services import verify_evidence

_STEP = 1_000


class Command(BaseCommand):
    """Hash every kept copy again."""

    help = (
        "Hash every kept copy again, and look for those that are missing, damaged, or still there "
        "although an editor removed them. "
        "Nothing is changed. The exit code is 1 if a copy is not what was stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--hash",
            metavar="SHA256",
            action="append",
            help="look at this copy only; may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what is wrong as it is found, then how many copies were read.

        Raises:
            CommandError: a copy is missing or damaged.
        """
        count = wrong = 0
        for checked in verify_evidence(hashes=options["hash"]):
            count += 1
            if checked.problem:
                wrong += 1
                self.stdout.write(f"{checked.content_hash} {checked.problem}")
            if count % _STEP == 0:
                self.stderr.write(f"{count} of {checked.total} copies")
        if wrong:
            raise CommandError(f"{wrong} of {count} copies are not what was stored.")
        self.stdout.write(f"{count} copies are what was stored.")
