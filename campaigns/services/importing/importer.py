"""What importers of all kinds have in common: campaigns, keys, and one pass over the rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.models import User
from django.db.models import Model
from django.utils.translation import gettext as _

from campaigns.importing.columns import split_list
from campaigns.importing.rows import Table
from campaigns.models import Campaign, ImportKey
from campaigns.services.importing import known
from campaigns.services.importing.permits import Permits
from campaigns.services.importing.plans import PlannedRow


class Importer:
    """Judges the rows of one file, and writes them when asked to.

    Args:
        table: the file.
        person: whose rights count; ``None`` for a command, which may everything.
        campaign: of rows that name none.
        scheme: who gave the keys.
        now: the moment of the import.
    """

    kind: ClassVar[str]
    model: ClassVar[Any]

    def __init__(
        self,
        table: Table,
        *,
        person: User | None,
        campaign: Campaign | None,
        scheme: str,
        is_silent: bool,
        now: dt.datetime,
    ) -> None:
        self.rows = table.rows
        self.permits = Permits(person)
        self.person = person
        self.campaign = campaign
        self.scheme = scheme
        self.is_silent = is_silent
        self.now = now
        self.campaigns: dict[str, Campaign] = {}
        self.by_id: dict[str, Any] = {}
        self.by_key: dict[tuple[int, str], Any] = {}

    def prepare(self) -> None:
        """Read from the database what the file names."""
        raise NotImplementedError

    def judge(self, planned: PlannedRow) -> None:
        """Say what an import of the row would do; write nothing."""
        raise NotImplementedError

    def write(self, planned: PlannedRow) -> None:
        """Write a row that was judged."""
        raise NotImplementedError

    def plan(self) -> list[PlannedRow]:
        """Judge all rows, in their order."""
        self.prepare()
        seen: dict[tuple[str, str, str], int] = {}
        planned_rows = []
        for row in self.rows:
            label = row.cells.get("title") or row.cells.get("name") or row.cells.get("target", "")
            planned = PlannedRow(
                source=row, label=label, errors=list(row.errors), notes=list(row.notes)
            )
            for column in ("key", "id", "slug"):
                mark = (column, row.cells.get(column, ""), row.cells.get("campaign", ""))
                line = seen.setdefault(mark, row.line) if mark[1] else row.line
                if line != row.line:
                    said = _("%(column)s: line %(line)d has the same.")
                    planned.errors.append(said % {"column": column, "line": line})
            self.judge(planned)
            planned.is_new = planned.record is None or planned.record._state.adding
            planned.creates = list(dict.fromkeys(planned.creates))
            planned_rows.append(planned)
        return planned_rows

    def texts(self, column: str) -> list[str]:
        """Return what the rows say in a column, without repetitions and empty cells."""
        return list(dict.fromkeys(filter(None, (row.cells.get(column) for row in self.rows))))

    def entries(self, column: str) -> list[str]:
        """Return the entries of all lists of a column."""
        return [entry for text in self.texts(column) for entry in split_list(text)]

    def read_campaigns(self) -> None:
        """Read the campaigns that the rows name, and that the person sees."""
        self.campaigns = known.campaigns_by_slug(self.texts("campaign"), self.permits)
        if self.campaign is not None:
            self.campaigns[""] = self.campaign

    def read_keyed(self, fact: str, model: type[Model], parts: Iterable[str]) -> None:
        """Read the records that the rows mean by number or by key."""
        visible = self.permits.rows(model).prefetch_related(*parts)
        numbers = [text for text in self.texts("id") if text.isdecimal() and len(text) < 18]
        self.by_id = {str(row.pk): row for row in known.in_batches(visible, "pk", numbers)}
        keys = ImportKey.objects.filter(
            campaign__in=[campaign.pk for campaign in self.campaigns.values()],
            scheme=self.scheme,
            **{f"{fact}__isnull": False},
        )
        named = list(known.in_batches(keys, "key", self.texts("key")))
        rows = known.in_batches(visible, "pk", [getattr(key, f"{fact}_id") for key in named])
        by_pk = {row.pk: row for row in rows}
        self.by_key = {
            (key.campaign_id, key.key): by_pk[getattr(key, f"{fact}_id")]
            for key in named
            if getattr(key, f"{fact}_id") in by_pk
        }

    def campaign_of(self, planned: PlannedRow) -> Campaign | None:
        """Return the campaign of a row; keep on the row that there is none."""
        slug = planned.source.cells.get("campaign", "")
        campaign = self.campaigns.get(slug)
        if campaign is None:
            said = _("campaign: “%(slug)s” is unknown.") if slug else _("campaign: none is named.")
            planned.errors.append(said % {"slug": slug} if slug else said)
        return campaign

    def record_of(self, planned: PlannedRow, campaign: Campaign | None) -> Any:
        """Return the record that a row means by its number or key, ``None`` if it is a new one."""
        cells = planned.source.cells
        if number := cells.get("id"):
            record = self.by_id.get(number)
            if record is None:
                said = _("id: “%(text)s” is unknown; leave it empty for a new record.")
                planned.errors.append(said % {"text": number})
            return record
        if len(cells.get("key", "")) > 100:
            planned.errors.append(_("key: more than 100 characters."))
        return self.by_key.get((campaign.pk, cells.get("key", ""))) if campaign else None
