"""Companies and organizations from a file: known by their slugs, else by their names."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext as _

from campaigns.importing.columns import split_list
from campaigns.models import Organization
from campaigns.services.importing import known, reading
from campaigns.services.importing.importer import Importer
from campaigns.services.importing.names import FreeSlugs, Names
from campaigns.services.importing.plans import PlannedRow
from companies.models import Alias, Company, is_in_circle
from companies.names import name_key, normalize_name


class NamedImporter(Importer):
    """Reads, judges and writes records that go by a name and a slug.

    Rows are compared with what is on record and with the rows above, never with what the rows
    below will have changed: a name that one row gives up is free for the next file.
    """

    fields: ClassVar[tuple[str, ...]]

    def prepare(self) -> None:
        """Read the records that the rows mean, their parents, and whoever has their names."""
        rows = self.permits.rows(self.model)
        self.by_slug = known.by_slug(rows, [*self.texts("slug"), *self.texts("parent")])
        names = [*self.texts("name"), *self.entries("aliases")]
        self.names = Names(self.model, names, self.permits)
        self.slugs = FreeSlugs(self.model, self.texts("name"), self.texts("slug"))
        self.claims: dict[str, tuple[Any, int]] = {}
        self._link_records()

    def _link_records(self) -> None:
        """Let every record be one object, linked up to its last ancestor: rows will change it."""
        rows, names = self.permits.rows(self.model), self.names
        self.records = {row.pk: row for row in self.by_slug.values()}
        for found in (names.by_name, names.merged):
            for key, row in found.items():
                found[key] = self.records.setdefault(row.pk, row)
        for alias in names.by_alias.values():
            alias.company = self.records.setdefault(alias.company_id, alias.company)
        while above := {row.parent_id for row in self.records.values()} - {None, *self.records}:
            self.records |= {row.pk: row for row in known.in_batches(rows, "pk", above)}
        for row in self.records.values():
            row.parent = self.records.get(row.parent_id)

    def plan(self) -> list[PlannedRow]:
        """Judge all rows, then whether any of them is part of itself."""
        planned_rows = super().plan()
        for planned in planned_rows:
            record: Any = planned.record
            if planned.source.cells.get("parent") and is_in_circle(record):
                planned.errors.append(_("parent: this would make it part of itself."))
        return planned_rows

    def judge(self, planned: PlannedRow) -> None:
        """Say what an import of the row would do."""
        cells = planned.source.cells
        slug, name = cells.get("slug", ""), cells.get("name", "")
        record = self._record(planned, slug, name)
        verb = "change" if record.pk else "add"
        if not self.permits.may(verb, record):
            planned.errors.append(_("Your role does not allow this: an editor can do it."))
            return
        values = self._values(cells)
        if not slug and record.pk:
            values.pop("name", None)  # it may be found by another of its names
        if "parent" in cells:
            values["parent"] = self._parent(planned, cells["parent"])
        reading.compare(planned, record, values)
        if record.name:
            self.claim(planned, "name", record.name, record)
        self.judge_more(planned, record)
        # Names are compared here, in bulk: only the fields are asked.
        planned.errors.extend(reading.errors_of(record, ("parent", "name_key")))

    def _record(self, planned: PlannedRow, slug: str, name: str) -> Any:
        """Return the record that a row means, a new one if there is none."""
        namesake = self.names.find(name)
        record = self.by_slug.get(slug) if slug else namesake
        if record is None:
            record = self.model(slug=slug or self.slugs.give(name))
            self.by_slug[record.slug] = record
        elif slug and record.slug != slug:
            said = _("slug: “%(old)s” leads to “%(slug)s”.")
            planned.notes.append(said % {"old": slug, "slug": record.slug})
        elif not slug and name_key(name) in self.names.merged:
            said = _("name: “%(name)s” was merged into “%(kept)s”.")
            planned.notes.append(said % {"name": name, "kept": record.name})
        planned.record = record
        if namesake is not None and namesake is not record:
            said = _("name: “%(name)s” goes by it already (slug %(slug)s).")
            planned.errors.append(said % {"name": namesake.name, "slug": namesake.slug})
        return record

    def _values(self, cells: dict[str, str]) -> dict[str, Any]:
        values = {field: cells[field] for field in self.fields if field in cells}
        if "name" in values:
            values["name"] = normalize_name(values["name"])
        return values

    def _parent(self, planned: PlannedRow, slug: str) -> Any:
        parent = self.by_slug.get(slug)
        if slug and parent is None:
            said = _("parent: “%(slug)s” is unknown: name the slug of a record, or of a row above.")
            planned.errors.append(said % {"slug": slug})
        return parent

    def claim(self, planned: PlannedRow, column: str, name: str, record: Any) -> None:
        """Let a record go by a name; keep on the row that a row above has it for another one."""
        holder, line = self.claims.setdefault(name_key(name), (record, planned.source.line))
        if holder is not record:
            said = _("%(column)s: line %(line)d goes by “%(name)s” already.")
            shown = {"column": column, "line": line, "name": reading.in_a_line(name)}
            planned.errors.append(said % shown)

    def judge_more(self, planned: PlannedRow, record: Any) -> None:
        """Judge what only one of the kinds has."""

    def write(self, planned: PlannedRow) -> None:
        """Write a row that was judged, after its parent."""
        record: Any = planned.record
        if record.parent is not None:
            record.parent = record.parent  # which has its key by now
        record.full_clean()
        record.save()


class CompanyImporter(NamedImporter):
    """Companies, with the names that they go by; aliases are added, never taken away."""

    kind = "companies"
    model = Company
    fields = ("name", "website", "description")

    def judge_more(self, planned: PlannedRow, record: Any) -> None:
        """Say which aliases are new, and which belong to another company."""
        names = split_list(planned.source.cells.get("aliases", ""))
        by_key = {name_key(name): normalize_name(name) for name in reversed(names)}
        new = [name for key, name in reversed(by_key.items()) if self._is_new(planned, key, name)]
        planned.values["aliases"] = [Alias(name=name) for name in new]
        for alias in planned.values["aliases"]:
            shown = reading.in_a_line(alias.name)
            planned.creates.append(_("alias “%(name)s”") % {"name": shown})
            for error in reading.errors_of(alias, ("company", "name_key")):
                planned.errors.append(f"aliases: “{shown}”: {error}")
            self.claim(planned, "aliases", alias.name, record)

    def _is_new(self, planned: PlannedRow, key: str, name: str) -> bool:
        """Whether an alias is to be added; keep on the row why it cannot, or need not."""
        record: Any = planned.record
        alias, company = self.names.by_alias.get(key), self.names.by_name.get(key)
        if key == name_key(record.name):
            said = _("aliases: “%(name)s” is its own name, and left out.")
            planned.notes.append(said % {"name": name})
            return False
        if alias is not None and alias.company is not record:
            said = _("aliases: “%(name)s” is an alias of %(company)s.")
            planned.errors.append(said % {"name": name, "company": alias.company.name})
        elif company is not None and company is not record:
            said = _("aliases: “%(name)s” is the name of a company (slug %(slug)s).")
            planned.errors.append(said % {"name": name, "slug": company.slug})
        return alias is None

    def write(self, planned: PlannedRow) -> None:
        """Write a company and its new aliases."""
        super().write(planned)
        for alias in planned.values["aliases"]:
            alias.company = planned.record
            alias.full_clean()
            alias.save()


class OrganizationImporter(NamedImporter):
    """Organizations."""

    kind = "organizations"
    model = Organization
    fields = ("name", "kind", "website", "description")

    def _values(self, cells: dict[str, str]) -> dict[str, Any]:
        """An empty kind leaves what is on record, for no organization is of none."""
        values = super()._values(cells)
        kind = values.pop("kind", "").lower().replace(" ", "_")
        return {**values, "kind": kind} if kind else values
