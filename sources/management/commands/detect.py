"""Read a text, or labelled lines, for status changes: the detection that polls use, by hand."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from sources.backtesting import answer_line, text_of
from sources.detection import Candidate, WatchedTarget, detect
from sources.detection.lines import write_date
from sources.extraction.errors import Unreadable
from sources.extraction.page import read_page


class Command(BaseCommand):
    """Prints candidates with their reasons; needs no database."""

    help = "Read a text or a saved page for changes of a company's status; needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what is watched for, and the form of the input."""
        parser.add_argument("file", help="a text, a saved HTML page, or JSON lines; - for stdin")
        parser.add_argument("--company", help="name of the company")
        for option, meaning in (
            ("alias", "another name of the company"),
            ("product", "a product that the demand is about"),
            ("topic", "a subject of the demand"),
        ):
            parser.add_argument(
                f"--{option}", action="append", default=[], help=f"{meaning}; may be repeated"
            )
        parser.add_argument("--demand", default="", help="what is asked of the company")
        parser.add_argument("--status", help="the status on record; nothing on record if left out")
        parser.add_argument("--published", help="when the text was published: YYYY[-MM[-DD]]")
        parser.add_argument(
            "--json", action="store_true", help="read JSON lines and write JSON lines"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read and print; a file that cannot be read is an error of one line."""
        try:
            name = options["file"]
            body = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
            if options["json"]:
                self._read_lines(body)
            else:
                self._read_text(body, options)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error

    def _read_text(self, body: bytes, options: dict[str, Any]) -> None:
        if not options["company"]:
            raise CommandError(_("Name the company: --company NAME"))
        target = WatchedTarget(
            key=0,
            company=options["company"],
            aliases=tuple(options["alias"]),
            products=tuple(options["product"]),
            demand=options["demand"],
            topics=tuple(options["topic"]),
            status=options["status"],
        )
        try:
            text = text_of(read_page(body, ""), "", options["published"])
        except (Unreadable, ValueError) as error:
            raise CommandError(str(error)) from error
        candidates = detect(None, text, [target])
        for candidate in candidates:
            self.stdout.write("\n".join(_describe(candidate, target.company)))
        if not candidates:
            self.stdout.write(_("No change of status found."))

    def _read_lines(self, body: bytes) -> None:
        for number, line in enumerate(body.decode().splitlines(), start=1):
            if not line.strip():
                continue
            try:
                given = json.loads(line)
                answer = {"id": given.get("id"), "findings": answer_line(given)}
            except (ValueError, AttributeError, TypeError) as error:
                message = _("Line %(number)d: %(error)s") % {"number": number, "error": error}
                raise CommandError(message) from error
            self.stdout.write(json.dumps(answer, ensure_ascii=False))


def _describe(candidate: Candidate, company: str) -> Iterable[str]:
    status = f"{candidate.status} ({_('extended')})" if candidate.extends else candidate.status
    yield f"{company}: {status}  [{candidate.score:.2f}]"
    for label, value in (
        (_("effective"), write_date(candidate.effective_on, candidate.effective_precision)),
        (_("expires"), write_date(candidate.expires_on, candidate.expires_precision)),
        (_("exempt"), "; ".join(candidate.exemptions)),
        (_("condition"), candidate.condition),
    ):
        if value:
            yield f"  {label}: {value}"
    yield f"  “{candidate.sentence}”"
    for reason in candidate.reasons:
        yield f"  - {reason}"
