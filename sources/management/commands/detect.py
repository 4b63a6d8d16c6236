"""Read a text, or JSON lines, for status changes: the detection that polls use, by hand."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.typed_dates import parse_typed
from sources.backtesting import answer_line, text_of
from sources.detection import Candidate, WatchedTarget, detect
from sources.detection.extent import count_unread
from sources.detection.lines import read_status, write_date
from sources.extraction.saved_file import read_saved
from sources.json_lines import GivenLine, NotLinesError, looks_like_json, read_lines
from sources.management.inputs import read_input, tell_unread

_ONCE = {
    "company": "name of the company",
    "demand": "what is asked of the company",
    "status": "the status on record, such as called_on; left out: nothing is on record yet, so "
    "that a first call is news",
    "published": "when the text was published: 2020-06-10, 10 June 2020, June 2020, 2020",
}
_OFTEN = {
    "alias": "another name of the company",
    "product": "a product that the demand is about",
    "topic": "a subject of the demand",
}


class Command(BaseCommand):
    """Prints candidates with their reasons; needs no database."""

    help = (
        "Read a text or a saved page for changes of a company's status, or with --json many of "
        "them. Needs no database. docs/detection.md says what counts as a change. The exit code "
        "is 1 if something could not be read."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what is watched for, and the form of the input."""
        parser.add_argument(
            "file", help="a text, a saved page (HTML or MHTML), or JSON lines; - for stdin"
        )
        for option, meaning in (_ONCE | _OFTEN).items():
            said = meaning if option in _ONCE else f"{meaning}; may be repeated"
            parser.add_argument(f"--{option}", action="append", default=[], help=said)
        parser.add_argument(
            "--json",
            action="store_true",
            help="read JSON lines, which say all that the other options say, and write JSON lines; "
            "a line that cannot be read is named on standard error and passed over",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read and print.

        Raises:
            CommandError: an option or the file, or with --json a line, could not be read.
        """
        given = [f"--{option}" for option in _ONCE | _OFTEN if options[option]]
        if options["json"] and given:
            said = _("With --json the lines say it: leave out %(options)s.")
            raise CommandError(said % {"options": ", ".join(given)})
        body = read_input(options["file"])
        if options["json"]:
            self._read_lines(body)
        else:
            self._read_text(body, options)

    def _read_text(self, body: bytes, options: dict[str, Any]) -> None:
        if looks_like_json(body):
            raise CommandError(_("The file looks like JSON lines: add --json, and leave the rest."))
        try:
            target, published = _target_of(options), _day_of(options)
            text = text_of(read_saved(body), "", published)
        except ValueError as error:
            raise CommandError(str(error)) from error
        candidates = detect(None, text, [target])
        for candidate in candidates:
            self.stdout.write("\n".join(_describe(candidate, target.company)))
        if not candidates:
            self.stdout.write(_("No change of status found."))
        if unread := count_unread(None, text.body):
            self.stderr.write(_("Of this text %(unread)s.") % {"unread": tell_unread(unread)})

    def _read_lines(self, body: bytes) -> None:
        try:
            is_answered = [self._answer(line) for line in read_lines(body)]
        except NotLinesError as error:
            raise CommandError(str(error)) from error
        if not is_answered:
            self.stderr.write(_("There was no line to read."))
        if bad := is_answered.count(False):
            said = _("Of %(count)d lines %(bad)d could not be read, as said above.")
            raise CommandError(said % {"count": len(is_answered), "bad": bad})

    def _answer(self, line: GivenLine) -> bool:
        """Write the answer to a line, or why there is none; return whether there is one."""
        try:
            if line.fault:
                raise ValueError(line.fault)
            answer = answer_line(line.value)
        except ValueError as error:
            self.stderr.write(f"{line.name}: {error}")
            return False
        written = {"id": line.value.get("id"), "findings": answer.findings}
        self.stdout.write(json.dumps(written, ensure_ascii=False))
        if answer.unread_count:
            self.stderr.write(f"{line.name}: {tell_unread(answer.unread_count)}")
        return True


def _target_of(options: dict[str, Any]) -> WatchedTarget:
    company = _only(options, "company")
    if not company:
        raise ValueError(_("Name the company: --company NAME"))
    status = "_".join(_only(options, "status").lower().replace("-", " ").split())
    return WatchedTarget(
        key=0,
        company=company,
        aliases=tuple(options["alias"]),
        products=tuple(options["product"]),
        demand=_only(options, "demand"),
        topics=tuple(options["topic"]),
        status=read_status(status),
    )


def _day_of(options: dict[str, Any]) -> str | None:
    """Return the day of publication, read as in every form of the admin."""
    published = _only(options, "published")
    if not published:
        return None
    try:
        day, precision = parse_typed(published, today=timezone.now().date())
    except ValueError as error:
        said = _("--published: %(error)s Write it as 2020-06-10, 10 June 2020, June 2020 or 2020.")
        raise ValueError(said % {"error": error}) from error
    return write_date(day, precision)


def _only(options: dict[str, Any], name: str) -> str:
    """Return the value of an option, "" without it; ValueError if it was given twice."""
    values: list[str] = options[name]
    if len(values) > 1:
        said = _("--%(name)s can be given once; several texts or companies are read with --json.")
        raise ValueError(said % {"name": name})
    return values[0].strip() if values else ""


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
