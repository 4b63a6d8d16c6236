"""``/api/v1/positions/``."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from api.briefs import BILL, COMPANY, ID
from api.clocks import AS_OF, Clocks
from api.evidence import by_document, has_citation, supported
from api.fields import api_url, choice, day, page_url, precision, stamps, text
from api.filters import TruthFilter, by_choice, by_text, day_range, moment_range
from api.loading import citations_of
from api.orderings import Ordering
from api.resource import Resource, register
from api.resources.bills import awaited, targets_of
from api.shapes import Nested
from api.thing_filters import Match, ThingFilter, company_filters
from campaigns.models import Position
from campaigns.visibility import (
    public_bills,
    public_companies,
    public_organizations,
    public_topics,
)


def _rows(clocks: Clocks) -> QuerySet[Position]:
    positions = Position.objects.all()
    return positions.filter(taken_on__lte=AS_OF) if clocks.as_of else positions


def _concerning(match: Match, path: str) -> Q:
    """Positions of companies that these campaigns press, or on bills that their outcomes await.

    All are on bills that concern the same campaigns: a position belongs to none itself.
    """
    targets = targets_of(match, path)
    return Q(company__in=targets.values("company")) | Q(bill__in=awaited(targets))


_HOW = "of companies that they press, or on bills that an outcome of theirs waits for."

POSITIONS = register(
    Resource(
        name="positions",
        singular="position",
        component="Position",
        help="Where companies stand on bills.",
        record_help="A company's stance on a bill.",
        rows=_rows,
        searched=Position,
        search_example="California -Amazon",
        expands={"company": "companies", "bill": "bills"},
        orderings=(
            Ordering("taken_on", "taken_on", "day"),
            Ordering("updated_at", "updated_at", "moment"),
        ),
        fields=(
            ID,
            api_url("position"),
            page_url("company", "company__slug", example="microsoft"),
            Nested(name="company", help="Who takes it.", brief=COMPANY, path="company"),
            Nested(name="bill", help="On which bill.", brief=BILL, path="bill"),
            choice("stance", "For, against or neither.", Position.Stance),
            text(
                "summary",
                "What it said, in words.",
                example="Microsoft supports the bill, which would have set legal grounds and "
                "limits for the use of face recognition, and which was paused in committee.",
            ),
            day("taken_on", "Day on which it was taken.", example="2020-06-01"),
            precision("taken_precision", "taken_on", example="month"),
            citations_of("position"),
            *stamps(),
        ),
        filters=(
            *company_filters(
                public_companies, lambda match: match("company"), "Of this company.", "microsoft"
            ),
            ThingFilter(
                "organization",
                public_organizations,
                lambda match: _concerning(match, "organizations"),
                f"That concern campaigns by this organization: {_HOW}",
                "aclu",
            ),
            ThingFilter(
                "topic",
                public_topics,
                lambda match: _concerning(match, "topics"),
                f"That concern campaigns on this topic: {_HOW}",
                "police-face-recognition",
            ),
            ThingFilter(
                "bill", public_bills, lambda match: match("bill"), "On this bill.", 1,
                has_slug=False,
            ),
            by_text(
                "jurisdiction", "bill__jurisdiction", "On bills of this jurisdiction.", "California"
            ),
            by_choice("stance", Position.Stance, "stance", "Of this stance."),
            *day_range("taken", "taken_on", "Taken", "2020-06-01"),
            *moment_range("created", "created_at", "Recorded"),
            *moment_range("updated", "updated_at", "Changed in content"),
            by_document(lambda match: Q(pk__in=supported(match, "position"))),
            TruthFilter(
                "has_evidence",
                lambda clocks: has_citation("position"),
                "Whether a kept copy of a document supports it.",
            ),
        ),
    )
)  # fmt: skip
