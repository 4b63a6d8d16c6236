"""manage.py export"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone

from api.export import ExportError, ExportRefused, ExportRunning, export_data


class Command(BaseCommand):
    """Write the public data set."""

    help = (
        "Write the whole public data set to DIR: every list of the API as CSV and NDJSON, one "
        "SQLite file for SQL and Datasette, a Frictionless datapackage.json, checksums and a "
        "README. Everything is read at one moment of the database, without holding up writers. "
        "DIR becomes a link to a dated folder beside it (DIR.20260301T031700Z) and is turned to "
        "the new one in a single step when all of it is on the disk, so whoever reads it never "
        "finds half an export. The export before it is kept, older ones are removed. "
        "The clock does the same every night, to DATA_DIR."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder",
            metavar="DIR",
            type=Path,
            help="where readers find it: new, empty, or an earlier export; anything else is "
            "refused and left alone",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            export = export_data(folder=folder, now=timezone.now(), tell=self._tell)
        except ExportRefused as error:
            raise CommandError(
                f"{error} Nothing was touched. Name another folder, or move it away."
            ) from error
        except ExportRunning as error:
            raise CommandError(f"{error} Nothing was touched. Wait for it.") from error
        except (ExportError, OSError, Error) as error:
            raise CommandError(
                f"The export failed: {error} Whatever {folder} led to before is still there, "
                "and what was half written was removed. Mend the cause and run it again."
            ) from error
        for path in export.publication.left_behind:
            self.stderr.write(f"An older export could not be removed: {path}")
        self.stdout.write(
            f"{folder} is the data set of {export.facts.created}, up to entry "
            f"{export.facts.sequence} of the feed: {sum(export.facts.counts.values()):,} records."
        )

    def _tell(self, name: str, count: int) -> None:
        self.stdout.write(f"{name}: {count:,} records")
