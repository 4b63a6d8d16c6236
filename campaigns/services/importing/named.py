"""Companies and organizations from a file: known by their slugs, else by their names."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext as _

from campaigns.importing.columns import split_list
from campaigns.models import Organization
from campaigns.services.importing import known, reading
from campaigns.services.importing.importer import Importer
from campaigns.services.importing.plans import PlannedRow
from companies.models import Alias, Company
from companies.names import name_key


class NamedImporter(Importer):
    """Reads, judges and writes records that go by a name and a slug."""

    fields: ClassVar[tuple[str, ...]]

    def prepare(self) -> None:
        """Read the records that the rows mean, their parents, and whoever has their names."""
        rows = self.permits.rows(self.model).select_related("parent")
        slugs = [*self.texts("slug"), *self.texts("parent")]
        self.by_slug = {row.slug: row for row in known.in_batches(rows, "slug", slugs)}
        self.names = known.Names(self.model, self.texts("name"), self.permits)
        self.taken: set[str] = set(self.texts("slug"))
        self.first_lines: dict[str, int] = {}
        aliases = [*self.texts("name"), *self.entries("aliases")]
        found = known.in_batches(
            Alias.objects.select_related("company"),
            "name_key",
            [name_key(name) for name in aliases],
        )
        self.aliases: dict[str, Alias] = {row.name_key: row for row in found}

    def judge(self, planned: PlannedRow) -> None:
        """Say what an import of the row would do."""
        cells = planned.source.cells
        slug, name = cells.get("slug", ""), cells.get("name", "")
        key = name_key(name)
        line = self.first_lines.setdefault(key, planned.source.line)
        if line != planned.source.line:
            planned.errors.append(_("name: line %(line)d has the same.") % {"line": line})
        record = self.by_slug.get(slug) if slug else self.names.found.get(key)
        namesake = self.names.found.get(key)
        if namesake is not None and namesake is not record and (not record or namesake != record):
            said = _("name: “%(name)s” goes by it already (slug %(slug)s).")
            planned.errors.append(said % {"name": namesake.name, "slug": namesake.slug})
        if record is None:
            record = self.model(slug=slug or known.free_slug(self.model, name, self.taken))
            self.by_slug[record.slug] = record
        planned.record = record
        verb = "change" if record.pk else "add"
        if not self.permits.may(verb, record):
            planned.errors.append(_("Your role does not allow this: an editor can do it."))
            return
        values = {field: cells[field] for field in self.fields if field in cells}
        if not slug and record.pk:
            values.pop("name", None)  # it may be found by another of its names
        if "parent" in cells:
            values["parent"] = self._parent(planned, cells["parent"], record)
        reading.compare(planned, record, values)
        self.judge_more(planned, record)
        # Names are compared above, in bulk: only the fields are asked here.
        planned.errors.extend(reading.errors_of(record, ("parent", "name_key")))

    def _parent(self, planned: PlannedRow, slug: str, record: Any) -> Any:
        parent = self.by_slug.get(slug)
        if slug and (parent is None or parent is record):
            said = _("parent: “%(slug)s” is unknown: name the slug of a record, or of a row above.")
            planned.errors.append(said % {"slug": slug})
        return parent

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
        planned.values["aliases"] = []
        for name in split_list(planned.source.cells.get("aliases", "")):
            key = name_key(name)
            alias = self.aliases.get(key)
            if alias is None:
                alias = Alias(name=name, name_key=key)
                alias.company = record
                self.aliases[key] = alias
                planned.values["aliases"].append(alias)
                planned.creates.append(_("alias “%(name)s”") % {"name": name})
            elif alias.company is not record and alias.company != record:
                said = _("aliases: “%(name)s” is an alias of %(company)s.")
                planned.errors.append(said % {"name": name, "company": alias.company.name})

    def write(self, planned: PlannedRow) -> None:
        """Write a company and its new aliases."""
        super().write(planned)
        record = planned.record
        assert isinstance(record, Company)
        for alias in planned.values["aliases"]:
            alias.company = record
            alias.full_clean()
            alias.save()


class OrganizationImporter(NamedImporter):
    """Organizations."""

    kind = "organizations"
    model = Organization
    fields = ("name", "kind", "website", "description")

    def judge_more(self, planned: PlannedRow, record: Any) -> None:
        """An empty kind is what a new organization begins with."""
        if not record.kind:
            record.kind = Organization.Kind.NONPROFIT
