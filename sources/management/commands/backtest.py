"""Score detection against labelled lines."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from sources.backtesting import Judged, Scores, backtest

_EVERY = 100
"""Lines between two signs of progress."""


class Command(BaseCommand):
    """Prints how well detection does, and every line that went wrong with the reasons."""

    help = (
        "Score detection against labelled JSON lines: precision, recall, F1, false alarms, per "
        "status and per trap, and the errors with their reasons. Needs no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file."""
        parser.add_argument("file", help="labelled JSON lines; - for stdin")
        parser.add_argument(
            "--scores-only", action="store_true", help="leave out the lines that went wrong"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, score and print; a line that cannot be read is an error of one line."""
        scores = Scores()
        try:
            for judged in backtest(self._lines(options["file"])):
                scores.judged.append(judged)
                if len(scores.judged) % _EVERY == 0:
                    self.stderr.write(_("%(count)d lines read") % {"count": len(scores.judged)})
        except (OSError, ValueError, AttributeError, TypeError) as error:
            number = len(scores.judged) + 1
            said = _("Line %(number)d: %(error)s") % {"number": number, "error": error}
            raise CommandError(said) from error
        if not scores.judged:
            raise CommandError(_("There is no line to score."))
        self._print(scores)
        if not options["scores_only"]:
            for one in scores.faulty:
                self._print_fault(one)

    def _lines(self, name: str) -> Iterator[dict[str, Any]]:
        body = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
        for line in body.splitlines():
            if line.strip():
                yield json.loads(line)

    def _print(self, scores: Scores) -> None:
        rows = (
            (_("precision"), scores.precision),
            (_("recall"), scores.recall),
            ("F1", f"{scores.f1:.3f}"),
            (_("false alarms"), scores.false_alarms),
            (_("status right"), scores.right("status", "extends")),
            (_("company right"), scores.right("company")),
            (_("effective day right"), scores.right("effective_on")),
            (_("expiry day right"), scores.expiry),
        )
        for name, value in rows:
            self.stdout.write(f"{name:20} {value}")
        for is_change, title in ((True, _("Per status")), (False, _("Per trap"))):
            self.stdout.write(f"\n{title}")
            for (group_is_change, group), share in scores.by_group().items():
                if group_is_change == is_change:
                    self.stdout.write(f"  {group:18} {share}")

    def _print_fault(self, one: Judged) -> None:
        self.stdout.write(f"\n{one.line.get('id')}: {one.fault} ({one.group})")
        if one.expected is not None:
            self.stdout.write(f"  {_('expected')}: {_in_short(one.expected)}")
            self.stdout.write(f"  “{one.expected.get('sentence') or ''}”")
        if one.best is not None:
            self.stdout.write(f"  {_('found')}: {_in_short(one.best)}  [{one.best['score']:.2f}]")
            self.stdout.write(f"  “{one.best['sentence']}”")
            for reason in one.best["reasons"]:
                self.stdout.write(f"  - {reason}")


def _in_short(finding: Any) -> str:
    parts = [finding["company"], finding["status"]]
    parts += ["extends"] if finding.get("extends") else []
    for name in ("effective_on", "expires_on"):
        if finding.get(name):
            parts.append(f"{name} {finding[name]}")
    return ", ".join(parts)
