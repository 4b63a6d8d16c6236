"""Score detection against labelled lines."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from sources.backtesting import Judged, Scores, backtest, check_label
from sources.json_lines import GivenLine, NotLinesError, read_lines
from sources.management.inputs import read_input, tell_unread

_EVERY = 100
"""Lines between two signs of progress."""
_MOST_FAULTS = 20
"""So many lines that are none are named."""


class Command(BaseCommand):
    """Prints how well detection does, and every line that went wrong with the reasons."""

    help = (
        "Score detection against labelled JSON lines: precision, recall, F1, false alarms, per "
        "status and per trap, and the errors with their reasons. Needs no database. "
        "docs/detection.md tells the form of a line."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file."""
        parser.add_argument("file", help="labelled JSON lines; - for stdin")
        parser.add_argument(
            "--scores-only", action="store_true", help="leave out the lines that went wrong"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, score and print.

        Raises:
            CommandError: the file, or a line of it, could not be read; then nothing is scored.
        """
        lines = self._read(read_input(options["file"]))
        scores = Scores()
        for line, judged in zip(lines, backtest(line.value for line in lines), strict=True):
            scores.judged.append(judged)
            if judged.unread_count:
                self.stderr.write(f"{line.name}: {tell_unread(judged.unread_count)}")
            if len(scores.judged) % _EVERY == 0:
                self.stderr.write(_("%(count)d lines read") % {"count": len(scores.judged)})
        self._print(scores)
        if not options["scores_only"]:
            for one in scores.faulty:
                self._print_fault(one)

    def _read(self, body: bytes) -> list[GivenLine]:
        """Return the lines, all sound."""
        try:
            lines = list(read_lines(body))
        except NotLinesError as error:
            raise CommandError(str(error)) from error
        if not lines:
            raise CommandError(_("There is no line to score."))
        faults = {line.name: fault for line in lines if (fault := _fault_of(line))}
        for name, fault in list(faults.items())[:_MOST_FAULTS]:
            self.stderr.write(f"{name}: {fault}")
        if faults:
            said = _("Nothing was scored: of %(count)d lines %(bad)d are not labelled lines.")
            raise CommandError(said % {"count": len(lines), "bad": len(faults)})
        return lines

    def _print(self, scores: Scores) -> None:
        rows = (
            (_("precision"), scores.precision),
            (_("recall"), scores.recall),
            ("F1", f"{scores.f1:.3f}" if scores.has_changes else "–"),
            (_("false alarms"), scores.false_alarms),
            (_("status right"), scores.right("status", "extends")),
            (_("company right"), scores.right("company")),
            (_("effective day right"), scores.right("effective_on")),
            (_("expiry day right"), scores.expiry),
            (_("no expiry right"), scores.no_expiry),
        )
        for name, value in rows:
            self.stdout.write(f"{name:20} {value}")
        by_group = scores.by_group().items()
        for is_change, title in ((True, _("Per status")), (False, _("Per trap"))):
            groups = {group: share for (kind, group), share in by_group if kind == is_change}
            if groups:
                self.stdout.write(f"\n{title}")
            for group, share in groups.items():
                self.stdout.write(f"  {group:18} {share}")

    def _print_fault(self, one: Judged) -> None:
        self.stdout.write(f"\n{one.line.get('id')}: {one.fault} ({one.group})")
        if one.expected is not None:
            self.stdout.write(f"  {_('expected')}: {_in_short(one.expected)}")
            if sentence := one.expected.get("sentence"):
                self.stdout.write(f"  “{sentence}”")
        if one.best is not None:
            self.stdout.write(f"  {_('found')}: {_in_short(one.best)}  [{one.best['score']:.2f}]")
            self.stdout.write(f"  “{one.best['sentence']}”")
            for reason in one.best["reasons"]:
                self.stdout.write(f"  - {reason}")


def _fault_of(line: GivenLine) -> str:
    try:
        if not line.fault:
            check_label(line.value)
    except ValueError as error:
        return str(error)
    return line.fault


def _in_short(finding: Any) -> str:
    parts = [finding["company"], finding["status"]]
    parts += ["extends"] if finding.get("extends") else []
    for name in ("effective_on", "expires_on"):
        if finding.get(name):
            parts.append(f"{name} {finding[name]}")
    return ", ".join(parts)
