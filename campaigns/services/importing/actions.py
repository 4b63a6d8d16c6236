"""Actions from a file."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from campaigns.dates import Precision
from campaigns.importing.columns import split_list
from campaigns.models import Action, Citation, Document, Organization, Target
from campaigns.services.importing import known, reading
from campaigns.services.importing.importer import Importer
from campaigns.services.importing.names import Names
from campaigns.services.importing.plans import PlannedRow
from companies.models import Company
from companies.names import name_key

DEMAND = "What the actions ask for"
"""The demand of a target that an import makes: a person words it afterwards."""


class ActionImporter(Importer):
    """Reads, judges and writes actions."""

    kind = "actions"
    model = Action

    def prepare(self) -> None:
        """Read all that the file names, in a number of queries that its rows do not add to."""
        self.read_campaigns()
        self.read_keyed("action", Action, ("organizations", "targets", "citations__document"))
        targets = self.entries("targets")
        self.companies = Names(
            Company, [reading.split_target(name)[0] for name in targets], self.permits
        )
        self.organizations = Names(Organization, self.entries("organizations"), self.permits)
        self.targets = known.targets_by_company(self.campaigns.values())
        self.read_documents()
        days = [reading.read_on(PlannedRow(source=row), "happened_on") for row in self.rows]
        nearby = self.permits.rows(Action).filter(
            campaign__in=[campaign.pk for campaign in self.campaigns.values()]
        )
        same_days = known.in_batches(
            nearby.prefetch_related("targets"), "happened_on", [found[0] for found in days if found]
        )
        self.on_day = known.grouped(same_days, lambda row: (row.campaign_id, row.happened_on))
        self.seen_urls: dict[str, int] = {}
        self.seen_days: dict[Any, list[tuple[PlannedRow, set[Any]]]] = {}

    def judge(self, planned: PlannedRow) -> None:
        """Say what an import of the row would do."""
        campaign = self.campaign_of(planned)
        action = self.record_of(planned, campaign) or Action()
        planned.record = action
        if campaign is None:
            return
        if action._state.adding:
            action.campaign = campaign
        elif action.campaign_id != campaign.pk:
            planned.errors.append(_("This action is on record in another campaign."))
            return
        verb = "change" if action.pk else "add"
        if not self.permits.may(verb, action, campaign.pk):
            planned.errors.append(_("Your role does not allow this in the campaign."))
            return
        self._read_fields(planned, action)
        self._read_relations(planned, action)
        self._read_sources(planned, action)
        if not planned.errors and action._state.adding:
            self._look_for_duplicates(planned, action)

    def _read_fields(self, planned: PlannedRow, action: Action) -> None:
        cells = planned.source.cells
        values: dict[str, Any] = {
            name: cells[name] for name in ("kind", "title", "description") if name in cells
        }
        values["kind"] = cells.get("kind", "").lower().replace(" ", "_")
        if day := reading.read_on(planned, "happened_on"):
            values["happened_on"], values["happened_precision"] = day
        elif not cells.get("happened_on"):
            planned.errors.append(_("happened_on: a day is needed."))
        if "participants_count" in cells:
            values["participants_count"] = reading.read_count(planned, "participants_count")
        if "respond_by" in cells:
            values["respond_by"] = reading.read_day(planned, "respond_by")
        planned.values["differs"] = reading.compare(planned, action, values)
        said = ["campaign", *([] if day else ["happened_on"])]
        if not values["kind"] and planned.source.errors:
            said.append("kind")  # why it has none was said by whoever read the file
        reading.check(planned, action, tuple(said))

    def _read_relations(self, planned: PlannedRow, action: Action) -> None:
        cells = planned.source.cells
        if "organizations" in cells:
            names = split_list(cells["organizations"])
            found = [self.organizations.read(planned, "organizations", name) for name in names]
            rows = list({id(row): row for row in found}.values())
            self._compare_members(planned, action, "organizations", rows)
        if "targets" in cells:
            pressed = [self._target(planned, action, name) for name in split_list(cells["targets"])]
            rows = list({id(row): row for row in pressed if row is not None}.values())
            self._compare_members(planned, action, "targets", rows)

    def _target(self, planned: PlannedRow, action: Action, name: str) -> Target | None:
        company_name, product = reading.split_target(name)
        company = self.companies.read(planned, "targets", company_name)
        key = (action.campaign_id, company.pk or id(company), name_key(product))
        target = self.targets.get(key)
        if target is None and product:
            said = _("targets: the campaign has no target “%(name)s”.")
            planned.errors.append(said % {"name": name})
            return None
        if target is None:
            target = Target(campaign=action.campaign, demand=DEMAND)
            target.company = company
            self.targets[key] = target
        if target._state.adding:
            planned.creates.append(_("target “%(name)s”") % {"name": company.name})
            if not self.permits.may("add", target, action.campaign_id):
                planned.errors.append(_("targets: your role does not allow new targets here."))
        return target

    def _compare_members(
        self, planned: PlannedRow, action: Action, field: str, rows: list[Any]
    ) -> None:
        planned.values[field] = rows
        if action._state.adding:
            return
        before = list(getattr(action, field).all())
        if {row.pk for row in before} != {row.pk for row in rows}:
            names = [", ".join(sorted(_name(row) for row in side)) for side in (before, rows)]
            planned.changes.append(reading.describe_change(field, *names))

    def _read_sources(self, planned: PlannedRow, action: Action) -> None:
        """Citations are added; those on record stay, whatever the file leaves out."""
        cited: set[Document] = set()
        if not action._state.adding:
            cited = {citation.document for citation in action.citations.all()}
        added: dict[tuple[int | None, int | None], Document] = {}
        for url in reading.read_urls(planned):
            document = self.documents.at(url, action.campaign)
            # By what it leads to: two addresses may, once documents were merged.
            key = (document.pk, None if document.pk else id(document))
            if key in added or (document.pk and document in cited):
                continue
            added[key] = document
            if document._state.adding:
                planned.creates.append(_("document %(url)s") % {"url": url})
            elif action._state.adding:
                planned.notes.append(_("Its source is on record: %(url)s") % {"url": url})
            if document._state.adding:
                if not planned.errors:  # a title that is refused is no title of a document
                    document.title = document.title or action.title
                reading.check(planned, document, ("title",))
            if not action._state.adding:
                planned.changes.append(_("sources: %(url)s is added") % {"url": url})
            line = self.seen_urls.setdefault(url, planned.source.line)
            if line != planned.source.line:
                said = _("Line %(line)d has the same source: %(url)s")
                planned.notes.append(said % {"line": line, "url": url})
        planned.values["sources"] = list(added.values())

    def _look_for_duplicates(self, planned: PlannedRow, action: Action) -> None:
        """Name actions of the day that press one of the same targets, here and on record."""
        if action.happened_precision != Precision.DAY:
            return
        pressed = {id(row) for row in planned.values.get("targets", [])}
        keys = {row.pk for row in planned.values.get("targets", []) if row.pk}
        day = (action.campaign_id, action.happened_on)
        for other in self.on_day.get(day, []):
            if keys & {row.pk for row in other.targets.all()} or other.title == action.title:
                planned.duplicates.append(_("on record: %(title)s") % {"title": other.title})
        for row, others in self.seen_days.setdefault(day, []):
            if pressed & others or row.label == planned.label:
                said = _("line %(line)d: %(title)s")
                planned.duplicates.append(said % {"line": row.source.line, "title": row.label})
        self.seen_days[day].append((planned, pressed))

    def write(self, planned: PlannedRow) -> None:
        """Write a row that was judged; what it names is on record afterwards as well."""
        action = planned.record
        assert isinstance(action, Action)
        is_new = action._state.adding
        if is_new or planned.values["differs"]:
            action.save()
        for field in ("organizations", "targets"):
            rows = planned.values.get(field)
            if rows is not None and (rows or not is_new):
                getattr(action, field).set([self._saved(row) for row in rows])
        for document in planned.values["sources"]:
            Citation.objects.create(document=known.save_new(document), action=action)
        self.write_key(planned, action.campaign, action=action)

    def _saved(self, row: Any) -> Any:
        if isinstance(row, Target) and row._state.adding:
            row.company = known.save_new(row.company)
        return known.save_new(row)


def _name(row: Any) -> str:
    return row.pressed if isinstance(row, Target) else row.name
