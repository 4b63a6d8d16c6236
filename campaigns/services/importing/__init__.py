"""Bringing records in files: a plan first, then all of it or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.errors import InvalidStatusChange
from campaigns.importing.columns import column_errors
from campaigns.importing.rows import Table
from campaigns.models import Campaign
from campaigns.services.importing.actions import ActionImporter
from campaigns.services.importing.changes import StatusChangeImporter
from campaigns.services.importing.importer import Importer
from campaigns.services.importing.named import CompanyImporter, OrganizationImporter
from campaigns.services.importing.plans import Plan, PlannedRow, Refusal, Verdict
from campaigns.services.recording import lock_log

IMPORTERS: dict[str, type[Importer]] = {
    importer.kind: importer
    for importer in (ActionImporter, CompanyImporter, OrganizationImporter, StatusChangeImporter)
}

__all__ = ["IMPORTERS", "Plan", "PlannedRow", "Refusal", "Verdict", "apply_import", "plan_import"]


def plan_import(
    *,
    kind: str,
    table: Table,
    now: dt.datetime,
    person: User | None = None,
    campaign: Campaign | None = None,
    scheme: str = "file",
    is_silent: bool = True,
) -> Plan:
    """Say what an import of a table would do, with every error at once; write nothing.

    Args:
        kind: one of :data:`IMPORTERS`.
        table: the file, as ``campaigns.importing`` reads it.
        now: the moment of the plan.
        person: who imports; only what they see and may write is touched. ``None``: everything.
        campaign: of rows that name none.
        scheme: who gave the keys of the rows.
        is_silent: alert nobody of status changes.
    """
    return _planned(kind, table, person, campaign, scheme, is_silent, now)[0]


@transaction.atomic
def apply_import(
    *,
    kind: str,
    table: Table,
    now: dt.datetime,
    person: User | None = None,
    campaign: Campaign | None = None,
    scheme: str = "file",
    is_silent: bool = True,
    seen: str | None = None,
    skips_refused: bool = False,
    tell: Callable[[int, int], None] | None = None,
) -> Plan:
    """Write what a plan says, all of it or nothing; status changes are recorded one by one.

    Args:
        seen: fingerprint of the plan that somebody agreed to; another one is refused.
        skips_refused: write the other rows although some are refused.
        tell: is told how many rows are written, of how many.

    The other arguments are those of :func:`plan_import`.

    Raises:
        Refusal: rows are refused, the plan is not the one that was seen, or the database has
            become another one meanwhile. Nothing was written.
    """
    # What the plan finds is on record still when it is written: nobody logs or publishes meanwhile.
    lock_log()
    plan, importer = _planned(kind, table, person, campaign, scheme, is_silent, now)
    if plan.errors or (plan.refused and not skips_refused):
        raise Refusal(_("Nothing was imported: some rows are refused."))
    if seen is not None and seen != plan.fingerprint:
        raise Refusal(_("Nothing was imported: what is on record changed since the preview."))
    due = [row for row in plan.rows if row.verdict in (Verdict.CREATE, Verdict.UPDATE)]
    for count, row in enumerate(due, start=1):
        _write(importer, row)
        if tell:
            tell(count, len(due))
    return plan


def _planned(
    kind: str,
    table: Table,
    person: User | None,
    campaign: Campaign | None,
    scheme: str,
    is_silent: bool,
    now: dt.datetime,
) -> tuple[Plan, Importer]:
    importer = IMPORTERS[kind](
        table, person=person, campaign=campaign, scheme=scheme, is_silent=is_silent, now=now
    )
    errors = column_errors(kind, table)
    rows = [] if errors else importer.plan()
    plan = Plan(kind=kind, columns=table.columns, rows=rows, errors=errors, notes=list(table.notes))
    return plan, importer


def _write(importer: Importer, row: PlannedRow) -> None:
    try:
        importer.write(row)
    except (InvalidStatusChange, ValidationError) as error:
        said = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        raise Refusal(
            _("Nothing was imported: line %(line)d: %(why)s")
            % {"line": row.source.line, "why": said}
        ) from error
