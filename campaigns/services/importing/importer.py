"""What importers of all kinds have in common: campaigns, keys, and one pass over the rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.models import User
from django.db.models import Model, Prefetch
from django.utils.translation import gettext as _

from campaigns.importing.columns import split_list
from campaigns.importing.rows import Table
from campaigns.models import Campaign, ImportKey
from campaigns.services.importing import known, reading
from campaigns.services.importing.permits import Permits
from campaigns.services.importing.plans import PlannedRow

LONGEST_KEY = 100
"""Characters of a key."""


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
        self.keys_of: dict[int, list[str]] = {}
        self.documents = known.Documents((), ())

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
        seen: dict[tuple[str, object, object], int] = {}
        planned_rows = []
        for row in self.rows:
            label = row.cells.get("title") or row.cells.get("name") or row.cells.get("target", "")
            planned = PlannedRow(
                source=row, label=label, errors=list(row.errors), notes=list(row.notes)
            )
            is_repeated = self._refuse_repetition(planned, seen)
            self.judge(planned)
            planned.is_new = planned.record is None or planned.record._state.adding
            if planned.record is not None and not planned.is_new:
                line = seen.setdefault(("record", planned.record.pk, None), row.line)
                if line != row.line and not is_repeated:
                    said = _("Line %(line)d is about the same record.")
                    planned.errors.append(said % {"line": line})
            planned.creates = list(dict.fromkeys(planned.creates))
            planned_rows.append(planned)
        return planned_rows

    def _refuse_repetition(
        self, planned: PlannedRow, seen: dict[tuple[str, object, object], int]
    ) -> bool:
        """Keep on the row that one above is called the same; keys are those of their campaign."""
        row, errors = planned.source, len(planned.errors)
        slug = row.cells.get("campaign", "")
        campaign = self.campaigns.get(slug)
        for column in ("key", "id", "slug"):
            place = (campaign.pk if campaign else slug) if column == "key" else None
            text = row.cells.get(column, "")
            line = seen.setdefault((column, text, place), row.line) if text else row.line
            if line != row.line:
                said = _("%(column)s: line %(line)d has the same.")
                planned.errors.append(said % {"column": column, "line": line})
        return len(planned.errors) > errors

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

    def read_keyed(
        self, fact: str, model: type[Model], parts: Iterable[str | Prefetch[Any]]
    ) -> None:
        """Read the records that the rows mean by number or by key."""
        visible = self.permits.rows(model).prefetch_related(*parts)
        numbers = [text for text in self.texts("id") if text.isdecimal() and len(text) < 18]
        records = {row.pk: row for row in known.in_batches(visible, "pk", numbers)}
        self.by_id = {str(key): row for key, row in records.items()}
        keys = ImportKey.objects.filter(scheme=self.scheme, **{f"{fact}__isnull": False})
        campaigns = [campaign.pk for campaign in self.campaigns.values()]
        of_campaigns = keys.filter(campaign__in=campaigns)
        named = list(known.in_batches(of_campaigns, "key", self.texts("key")))
        others = {getattr(key, f"{fact}_id") for key in named} - set(records)
        records |= {row.pk: row for row in known.in_batches(visible, "pk", others)}
        self.by_key = {
            (key.campaign_id, key.key): records[getattr(key, f"{fact}_id")]
            for key in named
            if getattr(key, f"{fact}_id") in records
        }
        held = [
            (getattr(key, f"{fact}_id"), key.key) for key in known.in_batches(keys, fact, records)
        ]
        self.keys_of = {
            number: [text for _number, text in pairs]
            for number, pairs in known.grouped(held, lambda pair: pair[0]).items()
        }

    def read_documents(self) -> None:
        """Read the documents that the rows name, as their campaigns may cite them."""
        self.documents = known.Documents(self.entries("sources"), self.campaigns.values())

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
        number, key = (planned.source.cells.get(column, "") for column in ("id", "key"))
        if len(key) > LONGEST_KEY:
            planned.errors.append(_("key: more than %(most)d characters.") % {"most": LONGEST_KEY})
        by_key = self.by_key.get((campaign.pk, key)) if campaign else None
        if not number:
            planned.values["key"] = "" if by_key else key
            return by_key
        record = self.by_id.get(number)
        if record is None:
            said = _("id: “%(text)s” is unknown; leave it empty for a new record.")
            planned.errors.append(said % {"text": number})
        elif key:
            self._give_key(planned, key, record, by_key)
        return record

    def _give_key(self, planned: PlannedRow, key: str, record: Any, by_key: Any) -> None:
        """Let a record that is known by its number go by the key from now on, if both are free."""
        held = self.keys_of.get(record.pk, [])
        if key in held:
            return
        if held:
            said = _("key: the record has the key “%(held)s”, not “%(key)s”.")
            planned.errors.append(said % {"held": held[0], "key": key})
        elif by_key is not None:
            said = _("key: “%(key)s” is the key of another record, number %(number)d.")
            planned.errors.append(said % {"key": key, "number": by_key.pk})
        else:
            planned.values["key"] = key
            planned.changes.append(reading.describe_change("key", "", key))

    def write_key(self, planned: PlannedRow, campaign: Campaign, **fact: Any) -> None:
        """Keep the key of a row that its record is not known by yet."""
        if key := planned.values.get("key"):
            ImportKey.objects.create(campaign=campaign, scheme=self.scheme, key=key, **fact)
