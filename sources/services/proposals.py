"""What is proposed to be recorded for a finding: the machine's words until a person edits them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _

from campaigns.dates import Precision
from campaigns.errors import InvalidStatusChange
from campaigns.models import Bill, Outcome
from campaigns.models.evidence import QUOTE_LENGTH
from campaigns.services import OutcomeDraft
from campaigns.statuses import CONCEDED, Status
from sources.models import Finding
from sources.passages import shortened

_KINDS: dict[str, str] = {
    Status.PARTIAL: Outcome.Kind.POLICY_CHANGE,
    Status.COMMITTED: Outcome.Kind.PLEDGE,
    Status.PAUSED: Outcome.Kind.MORATORIUM,
    Status.MET: Outcome.Kind.POLICY_CHANGE,
    Status.MANDATED: Outcome.Kind.LEGAL_DUTY,
    Status.SETTLED: Outcome.Kind.AGREEMENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A status change as it would be recorded.

    Attributes:
        status: where the target would stand.
        quote: what of the passage is cited; whole pieces of it in their order, parted by "…".
        document_title: of the document that holds the passage, if it is not on record yet.
        publisher: likewise; "" if it is not known.
        effective_on: since when.
        effective_precision: how much of that date is known.
        extends: the target has the status already, and gets new terms.
        kind: of the outcome, only of statuses in which something was conceded; "" for the one
            that the rest suggests.
        terms: what was conceded; likewise.
        scope: where or for whom; likewise.
        condition: what it depends on; likewise.
        exemptions: who or what is not covered; likewise.
        condition_bill: the bill that it waits for; likewise.
        expires_on: when it lapses; likewise.
        expires_precision: how much of that date is known.
        review_on: the day to look at it again; likewise.
        summary: what happened, in the words to be published.
    """

    status: str
    effective_on: dt.date
    quote: str
    document_title: str
    publisher: str = ""
    effective_precision: str = Precision.DAY
    extends: bool = False
    kind: str = ""
    terms: str = ""
    scope: str = ""
    condition: str = ""
    condition_bill: Bill | None = None
    exemptions: tuple[str, ...] = ()
    expires_on: dt.date | None = None
    expires_precision: str = Precision.DAY
    review_on: dt.date | None = None
    summary: str = ""

    @classmethod
    def of_finding(cls, finding: Finding) -> Self:
        """Return what the finding suggests, on the day of publication if it names no other."""
        day = finding.effective_on or finding.published_on or finding.snapshot.taken_at.date()
        is_conceded = finding.proposed_status in CONCEDED
        return cls(
            status=finding.proposed_status,
            effective_on=day,
            effective_precision=(
                finding.effective_precision if finding.effective_on else Precision.DAY
            ),
            quote=shortened(finding.passage, QUOTE_LENGTH),
            document_title=finding.title or finding.snapshot.source.name,
            publisher=finding.publisher or finding.snapshot.source.name,
            extends=finding.extends,
            terms=finding.passage if is_conceded else "",
            condition=finding.condition if is_conceded else "",
            exemptions=tuple(finding.exemptions) if is_conceded else (),
            expires_on=finding.expires_on if is_conceded else None,
            expires_precision=finding.expires_precision,
        )

    @property
    def suggested_kind(self) -> str:
        """The kind of outcome that such a status mostly has; "" if nothing is conceded."""
        is_conditional = self.condition or self.condition_bill
        if self.status == Status.PAUSED and is_conditional and not self.expires_on:
            return Outcome.Kind.CONDITIONAL_HALT
        return _KINDS.get(self.status, "")

    def outcome(self) -> OutcomeDraft | None:
        """Return the outcome to be written, if anything was conceded.

        Raises:
            InvalidStatusChange: terms are given for a status in which nothing was conceded, or
                none for one that was.
        """
        details = (
            ("kind", self.kind),
            ("terms", self.terms),
            ("scope", self.scope),
            ("condition", self.condition),
            ("condition_bill", self.condition_bill),
            ("exemptions", self.exemptions),
            ("expires_on", self.expires_on),
            ("review_on", self.review_on),
        )
        given = [field for field, value in details if value]
        if not given:
            return None
        if self.status not in CONCEDED:
            raise InvalidStatusChange(
                _("With this status nothing is conceded that could have terms or an end."), given[0]
            )
        if not self.terms:
            raise InvalidStatusChange(_("Say what was conceded."), "terms")
        return OutcomeDraft(
            kind=self.kind or self.suggested_kind,
            terms=self.terms,
            scope=self.scope,
            condition=self.condition,
            condition_bill=self.condition_bill,
            exemptions=self.exemptions,
            expires_on=self.expires_on,
            expires_precision=self.expires_precision,
            review_on=self.review_on,
        )
