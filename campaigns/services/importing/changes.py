"""Status changes from a file: appended to the log, never edited."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from campaigns.errors import InvalidStatusChange
from campaigns.models import ImportKey, Outcome, StatusChange, Target
from campaigns.models.evidence import QUOTE_LENGTH
from campaigns.services.drafts import CitationDraft, DocumentDraft, OutcomeDraft
from campaigns.services.importing import known, reading
from campaigns.services.importing.importer import Importer
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
        self.read_keyed(
            "status_change", StatusChange, ("target__company", "target__product", "outcome")
        )
        names = [reading.split_target(text)[0] for text in self.texts("target")]
        self.companies = known.Names(Company, names, self.permits)
        self.targets = known.targets_by_company(self.campaigns.values())
        self.documents = known.Documents(self.entries("sources"), self.campaigns.values())
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
        day = reading.read_on(planned, "effective_on")
        if campaign is None:
            return
        target = self._target(planned, campaign.pk)
        if on_record is not None:
            self._compare(planned, on_record, target)
        elif target is not None:
            if not self.permits.may("add", target, campaign.pk, of=StatusChange):
                planned.errors.append(_("Your role does not allow this in the campaign."))
            elif day is None:
                if not planned.source.cells.get("effective_on"):
                    planned.errors.append(_("effective_on: a day is needed."))
            else:
                self._claim(planned, target, day)

    def _target(self, planned: PlannedRow, campaign: int) -> Target | None:
        text = planned.source.cells.get("target", "")
        company, product = reading.split_target(text)
        key = (campaign, self.companies.get(company).pk or 0, name_key(product))
        if key not in self.targets:
            said = _("target: the campaign has no target “%(name)s”.")
            planned.errors.append(said % {"name": text})
        return self.targets.get(key)

    def _compare(self, planned: PlannedRow, change: StatusChange, target: Target | None) -> None:
        """Refuse what differs from the log: it is corrected by a person, one entry at a time."""
        cells = planned.source.cells
        day = reading.read_on(PlannedRow(source=planned.source), "effective_on")
        same = (
            target is not None
            and change.target_id == target.pk
            and (change.to_status or "") == cells.get("status", "")
            and day == (change.effective_on, change.effective_precision)
            and ("summary" not in cells or _plain(change.summary) == cells["summary"])
        )
        if not same and target is not None:
            said = _("It is on record as number %(number)d, and differs: correct it there.")
            planned.errors.append(said % {"number": change.sequence})

    def _claim(self, planned: PlannedRow, target: Target, day: Any) -> None:
        cells = planned.source.cells
        claim = Claim(
            target=target,
            to_status=cells.get("status", "").lower().replace(" ", "_"),
            effective_on=day[0],
            effective_precision=day[1],
            outcome=self._outcome(planned),
            extends=False,
            corrects=None,
        )
        urls = reading.read_urls(planned)
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
        documents = [self.documents.at(url, target.campaign, title=title) for url in urls]
        planned.creates = [
            _("document %(url)s") % {"url": document.url}
            for document in documents
            if document._state.adding
        ]
        planned.values = {"claim": claim, "sources": urls, "title": title}

    def _outcome(self, planned: PlannedRow) -> OutcomeDraft | None:
        cells = planned.source.cells
        kind, terms = cells.get("outcome_kind", ""), cells.get("outcome_terms", "")
        expires = reading.read_on(planned, "outcome_expires_on")
        if not kind and not terms and not cells.get("outcome_expires_on"):
            return None
        if kind not in Outcome.Kind.values:
            said = _("outcome_kind: “%(kind)s” is none of: %(kinds)s.")
            kinds = ", ".join(Outcome.Kind.values)
            planned.errors.append(said % {"kind": kind, "kinds": kinds})
        if not terms:
            planned.errors.append(_("outcome_terms: say what was conceded."))
        draft = OutcomeDraft(kind=kind, terms=terms)
        if expires is None:
            return draft
        return OutcomeDraft(
            kind=kind, terms=terms, expires_on=expires[0], expires_precision=expires[1]
        )

    def write(self, planned: PlannedRow) -> None:
        """Record a row."""
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
        if key := cells.get("key"):
            ImportKey.objects.create(
                campaign=claim.target.campaign, scheme=self.scheme, key=key, status_change=change
            )


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
