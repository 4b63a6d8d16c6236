"""manage.py import_actions"""

import shlex
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from campaigns.importing.cait import Archive, read_archive
from campaigns.importing.rows import Table, UnreadableFile
from campaigns.importing.tables import MOST_BYTES, read_table
from campaigns.models import Action, Campaign
from campaigns.services.importing import Plan, Refusal, apply_import, plan_import
from companies.models import row_of_old_slug

FORMATS = {"cait": "cait", "csv": "file"}
"""Formats, and who gives the keys of their rows."""


class Command(BaseCommand):
    """Import actions from a file."""

    help = (
        "Import actions from a CSV or XLSX file, or from the archive of Collective Action in Tech "
        "(--format cait, JSON or CSV). Prints what becomes of each row, then imports all rows or "
        "none. A row is known again by its key: the same file a second time changes nothing. "
        "Exit code 1 when rows are refused, unless --skip-refused leaves them out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file")
        parser.add_argument("--format", choices=FORMATS, default="csv", help="default: csv")
        parser.add_argument(
            "--campaign",
            metavar="SLUG",
            help="the campaign of rows that name none; the archive names none at all",
        )
        parser.add_argument(
            "--kind",
            action="append",
            default=[],
            metavar="FROM=TO",
            help="log a kind of the archive as one of ours: --kind 'union drive=protest'",
        )
        parser.add_argument("--dry-run", action="store_true", help="print what would be done")
        parser.add_argument(
            "--skip-refused", action="store_true", help="import the other rows all the same"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        job: dict[str, Any] = {
            "kind": "actions",
            "table": self._table(options),
            "campaign": self._campaign(options["campaign"], options["format"]),
            "scheme": FORMATS[options["format"]],
            "now": timezone.now(),
        }
        plan = plan_import(**job)
        self._print(plan, detailed=options["verbosity"] > 1 or options["dry_run"])
        if isinstance(job["table"], Archive) and job["table"].strange_kinds:
            self._ask_for_kinds(job["table"].strange_kinds)
        if not plan.is_clean and not (options["skip_refused"] and not plan.errors):
            raise CommandError("Nothing was imported: mend these rows, or use --skip-refused.")
        if options["dry_run"]:
            return
        try:
            apply_import(
                **job,
                seen=plan.fingerprint,
                skips_refused=options["skip_refused"],
                tell=self._tell,
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("Imported.")

    def _table(self, options: dict[str, Any]) -> Table:
        path: Path = options["file"]
        if options["format"] != "cait" and options["kind"]:
            raise CommandError("--kind is of use with --format cait only.")
        pairs = [text.partition("=") for text in options["kind"]]
        kinds = {old.strip(): new.strip() for old, _sign, new in pairs}
        if unknown := set(kinds.values()) - set(Action.Kind.values):
            raise CommandError(f"No kind of action: {', '.join(sorted(unknown)) or '(none)'}.")
        try:
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
            if options["format"] == "cait":
                return read_archive(content, kinds)
            return read_table(path.name, content)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except UnreadableFile as error:
            raise CommandError(str(error)) from error

    def _campaign(self, slug: str | None, form: str) -> Campaign | None:
        if slug is None:
            if form == "cait":
                raise CommandError("The archive names no campaign: add --campaign SLUG.")
            return None
        rows = Campaign.objects.all()
        campaign = rows.filter(slug=slug).first() or row_of_old_slug(rows, slug)
        if campaign is None:
            raise CommandError(f"There is no campaign “{slug}”: make it in the admin first.")
        return campaign

    def _print(self, plan: Plan, *, detailed: bool) -> None:
        for sentence in [*plan.errors, *plan.notes]:
            self.stdout.write(sentence)
        for row in plan.rows:
            if not detailed and not row.errors:
                continue
            said = [*row.errors, *row.changes, *row.notes]
            said += [f"Perhaps the same: {other}" for other in row.duplicates]
            self.stdout.write(f"{row.source.line}: {row.verdict.value}: {row.label[:60]}")
            for sentence in said:
                self.stdout.write(f"    {sentence}")
        if detailed:
            for entry in plan.creations:
                self.stdout.write(f"New: {entry}")
        counts = ", ".join(f"{name} {count}" for name, count in plan.counts.items())
        doubtful = sum(bool(row.duplicates) for row in plan.rows)
        self.stdout.write(
            f"{counts}; new besides: {len(plan.creations)}; perhaps duplicates: {doubtful}."
        )

    def _ask_for_kinds(self, kinds: dict[str, int]) -> None:
        """Say what to type so that rows are logged whose kinds are none of ours."""
        counts = ", ".join(f"“{name}” ({count})" for name, count in sorted(kinds.items()))
        asked = " ".join(f"--kind {shlex.quote(f'{name}=KIND')}" for name in sorted(kinds))
        self.stdout.write(
            f"Kinds of the archive that are none of ours, and their rows: {counts}. To log them, "
            f"add to the command the following, with one of {', '.join(Action.Kind.values)} in "
            f"place of each KIND, and without those that are to stay refused:\n    {asked}"
        )

    def _tell(self, count: int, total: int) -> None:
        if count % 50 == 0 or count == total:
            self.stdout.write(f"{count} of {total}", ending="\r" if count < total else "\n")
