"""Status changes from a file: appended to the log, never edited."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from campaigns.dates import Precision
from campaigns.errors import InvalidStatusChange
from campaigns.importing.columns import join_list, split_list
from campaigns.importing.days import parse_sheet_month
from campaigns.models import Document, Outcome, StatusChange, Target
from campaigns.models.evidence import QUOTE_LENGTH
from campaigns.services.drafts import CitationDraft, DocumentDraft, OutcomeDraft
from campaigns.services.importing import known, reading
from campaigns.services.importing.exporting import FETCHED, JOINED, cells_of
from campaigns.services.importing.importer import Importer
from campaigns.services.importing.names import Names
from campaigns.services.importing.plans import PlannedRow
from campaigns.services.planning import Claim, plan_step
from campaigns.services.recording import record_status_change
from campaigns.timeline import Entry
from companies.models import Company
from companies.names import name_key


class StatusChangeImporter(Importer):
    """Reads, judges and records status changes, in the order of the file."""

    kind = "status_changes"
    model = StatusChange

    def prepare(self) -> None:
        """Read the targets that the file names, with their logs."""
        self.read_campaigns()
        parts = (*JOINED[self.kind], *FETCHED[self.kind])
        self.read_keyed("status_change", StatusChange, parts)
        names = [reading.split_target(text)[0] for text in self.texts("target")]
        self.companies = Names(Company, names, self.permits)
        self.targets = known.targets_by_company(self.campaigns.values())
        self.read_documents()
        self.logs: dict[int, list[Entry]] = {row.pk: [] for row in self.targets.values()}
        changes = StatusChange.objects.select_related("outcome").order_by("sequence")
        for change in known.in_batches(changes, "target", self.logs):
            self.logs[change.target_id].append(change.as_entry())
        last = StatusChange.objects.order_by("-sequence").values_list("sequence", flat=True)
        self.next = (last.first() or 0) + 1

    def judge(self, planned: PlannedRow) -> None:
        """Try the row against the log of its target, as the rows above it leave that."""
        campaign = self.campaign_of(planned)
        on_record = self.record_of(planned, campaign)
        planned.record = on_record
        if campaign is None:
            return
        target = self._target(planned, campaign.pk)
        if on_record is not None:
            self._compare(planned, on_record, target)
            may = self.permits.may("add", on_record.target, campaign.pk, of=StatusChange)
            if planned.changes and not may:
                planned.errors.append(_("Your role does not allow this in the campaign."))
        elif target is not None:
            if not self.permits.may("add", target, campaign.pk, of=StatusChange):
                planned.errors.append(_("Your role does not allow this in the campaign."))
            elif day := reading.read_on(planned, "effective_on"):
                self._claim(planned, target, day)
            elif not planned.source.cells.get("effective_on"):
                planned.errors.append(_("effective_on: a day is needed."))

    def _target(self, planned: PlannedRow, campaign: int) -> Target | None:
        text = planned.source.cells.get("target", "")
        company, product = reading.split_target(text)
        found = self.companies.find(company)
        key = (campaign, found.pk if found else 0, name_key(product))
        if key not in self.targets:
            said = _("target: the campaign has no target “%(name)s”.")
            planned.errors.append(said % {"name": text})
        return self.targets.get(key)

    def _compare(self, planned: PlannedRow, change: StatusChange, target: Target | None) -> None:
        """Refuse what differs from the log: it is corrected by a person, one entry at a time."""
        on_record = cells_of(kind=self.kind, row=change)
        for column, text in planned.source.cells.items():
            if column not in on_record or column in ("key", "id", "campaign"):
                continue
            before = on_record[column].strip()
            if column == "target":
                is_same = target is None or target.pk == change.target_id  # unknown: said already
            elif column == "sources":
                is_same = self._sources(text, change) == self._sources(before, change)
            else:
                is_same = _plain(column, text) == _plain(column, before)
            if not is_same:
                planned.errors.append(_differs(column, text, before, change))

    def _sources(self, cell: str, change: StatusChange) -> set[object]:
        """Return the documents of a cell, by key if they are on record, else by address."""
        campaign = change.target.campaign
        found = {url: self.documents.get(url, campaign) for url in split_list(cell)}
        return {document.pk if document else url for url, document in found.items()}

    def _claim(self, planned: PlannedRow, target: Target, day: Any) -> None:
        cells = planned.source.cells
        claim = Claim(
            target=target,
            to_status=_plain("status", cells.get("status", "")),
            effective_on=day[0],
            effective_precision=day[1],
            outcome=self._outcome(planned),
            extends=False,
            corrects=None,
        )
        urls = reading.read_urls(planned)
        for url in urls:
            reading.check(planned, Document(url=url), ("title",))
        if len(cells.get("quote", "")) > QUOTE_LENGTH:
            said = _("quote: more than %(most)d characters.")
            planned.errors.append(said % {"most": QUOTE_LENGTH})
        if cells.get("quote") and not urls:
            planned.errors.append(_("quote: no source is named."))
        try:
            step = plan_step(claim, self.logs[target.pk], sequence=self.next, now=self.now)
        except InvalidStatusChange as error:
            planned.errors.append(f"{error.field}: {error}")
            return
        if planned.errors:
            return
        self.next += 1
        self.logs[target.pk].append(step.entry)
        title = cells.get("summary", "")[:300] or str(target)[:300]
        documents = [self.documents.at(url, target.campaign) for url in urls]
        planned.creates = [
            _("document %(url)s") % {"url": document.url}
            for document in documents
            if document._state.adding
        ]
        planned.values |= {"claim": claim, "sources": urls, "title": title}

    def _outcome(self, planned: PlannedRow) -> OutcomeDraft | None:
        cells = planned.source.cells
        if not any(text for column, text in cells.items() if column.startswith("outcome_")):
            return None
        kind, terms = _plain("outcome_kind", cells.get("outcome_kind", "")), "outcome_terms"
        if kind not in Outcome.Kind.values:
            said = _("outcome_kind: “%(kind)s” is none of: %(kinds)s.")
            kinds = ", ".join(Outcome.Kind.values)
            planned.errors.append(said % {"kind": kind, "kinds": kinds})
        if not cells.get(terms):
            planned.errors.append(_("outcome_terms: say what was conceded."))
        expires = reading.read_on(planned, "outcome_expires_on")
        return OutcomeDraft(
            kind=kind,
            terms=cells.get(terms, ""),
            scope=cells.get("outcome_scope", ""),
            exemptions=tuple(split_list(cells.get("outcome_exemptions", ""))),
            condition=cells.get("outcome_condition", ""),
            expires_on=expires[0] if expires else None,
            expires_precision=expires[1] if expires else Precision.DAY,
            review_on=reading.read_day(planned, "outcome_review_on"),
        )

    def write(self, planned: PlannedRow) -> None:
        """Record a row, or give what is on record the key of its row."""
        if not planned.is_new:
            on_record: Any = planned.record
            self.write_key(planned, on_record.target.campaign, status_change=on_record)
            return
        cells, claim = planned.source.cells, planned.values["claim"]
        change = record_status_change(
            target=claim.target,
            to_status=claim.to_status,
            effective_on=claim.effective_on,
            effective_precision=claim.effective_precision,
            summary=cells.get("summary", ""),
            outcome=claim.outcome,
            citations=[
                CitationDraft(
                    document=DocumentDraft(url=url, title=planned.values["title"]),
                    quote=cells.get("quote", ""),
                )
                for url in planned.values["sources"]
            ],
            recorded_by=self.person,
            is_silent=self.is_silent,
            now=self.now,
        )
        self.write_key(planned, claim.target.campaign, status_change=change)


def _plain(column: str, text: str) -> str:
    """Return a cell as it is compared: statuses in any case, months in one form."""
    if column in ("status", "outcome_kind"):
        return text.lower().replace(" ", "_")
    if month := column.endswith("_on") and parse_sheet_month(text):
        return month[0].isoformat()[:7]
    return join_list(split_list(text)) if column == "outcome_exemptions" else text


def _differs(column: str, text: str, before: str, change: StatusChange) -> str:
    said = _(
        "%(column)s: “%(text)s” differs from number %(number)d on record, “%(before)s”: "
        "correct it there."
    )
    shown = {"text": reading.in_a_line(text), "before": reading.in_a_line(before)}
    return said % {"column": column, "number": change.sequence, **shown}
