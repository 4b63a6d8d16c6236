"""``/api/v1/bills/``."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.db.models import DateField, ExpressionWrapper, Q, QuerySet

from api.briefs import ID
from api.clocks import AS_OF, TODAY, Clocks
from api.fields import api_url, choice, day, link, no_page, precision, stamps, text
from api.filters import ChoiceFilter, Filter, by_clocked_day, by_text, day_range, moment_range
from api.orderings import Ordering
from api.prepared import Slot
from api.resource import Resource, register
from api.shapes import Derived, Shape
from api.thing_filters import Match, ThingFilter, company_filters
from campaigns.models import Bill, Campaign, Outcome, Position, Target
from campaigns.visibility import (
    public_bills,
    public_companies,
    public_organizations,
    public_products,
    public_topics,
)


def _rows(clocks: Clocks) -> QuerySet[Bill]:
    bills = public_bills().annotate(asked_on=ExpressionWrapper(TODAY, output_field=DateField()))
    if clocks.as_of:
        bills = bills.filter(Q(introduced_on=None) | Q(introduced_on__lte=AS_OF))
    return bills


def _known_status(status: str, status_on: dt.date | None, asked_on: dt.date) -> str | None:
    return status if status_on is None or status_on <= asked_on else None


def _known_day(status_on: dt.date | None, asked_on: dt.date) -> dt.date | None:
    return status_on if status_on is None or status_on <= asked_on else None


_STATUS = choice(
    "status",
    "How far it is; null only with `as_of`, where it has moved since that day.",
    Bill.Status,
    example="paused",
    nullable=True,
)
_STATUS_ON = day("status_on", "Since when, if known.", example="2020-06-03", nullable=True)


def _fields(status: Shape) -> Shape:
    return (
        ID,
        api_url("bill"),
        no_page(),
        text("jurisdiction", "Whose legislature it is before.", example="California"),
        text("session", "In which session.", example="2019-2020"),
        text("identifier", "Its number there.", example="AB 2261"),
        text("title", "Its title.", example="Facial recognition technology"),
        *status,
        precision("status_precision", "status_on"),
        day("introduced_on", "When it was introduced, if known.", nullable=True),
        link(
            "official_url",
            "Its official page, if known.",
            "url",
            example="https://leginfo.legislature.ca.gov/faces/billHistoryClient.xhtml"
            "?bill_id=201920200AB2261",
        ),
        *stamps(),
    )


_CLOCKED: Shape = (
    Derived(
        name="status",
        help=_STATUS.help,
        schema=_STATUS.schema,
        nullable=True,
        paths=("status", "status_on", "=asked_on"),
        derive=_known_status,
        flat=lambda prefix, owner: tuple(
            replace(cell, expression=None) for cell in _STATUS.cells(prefix, owner)
        ),
    ),
    Derived(
        name="status_on",
        help=_STATUS_ON.help,
        schema=_STATUS_ON.schema,
        nullable=True,
        paths=("status_on", "=asked_on"),
        derive=_known_day,
        flat=lambda prefix, owner: tuple(
            replace(cell, expression=None) for cell in _STATUS_ON.cells(prefix, owner)
        ),
    ),
)
"""On a day in the past only what had happened; what it was before is asked with ``known_at``."""


def _stands(value: str, clocks: Clocks) -> Q:
    here = Q(status=value)
    return here & (Q(status_on=None) | Q(status_on__lte=TODAY)) if clocks.are_set else here


def _by_status_day(name: str, compare: str, help: str) -> Filter:
    """Return the filter by the day since when bills stand where they are shown to stand."""

    def where(slot: Slot, clocks: Clocks) -> Q:
        here = Q((f"status_on__{compare}", slot))
        return here & Q(status_on__lte=TODAY) if clocks.are_set else here

    return by_clocked_day(name, where, f"That came to stand where they stand {help}", "2020-06-03")


def targets_of(match: Match, path: str) -> QuerySet[Target]:
    """Return the targets of published campaigns that match."""
    return Target.objects.filter(campaign__in=Campaign.objects.public().filter(match(path)))


def awaited(targets: QuerySet[Target]) -> QuerySet[Outcome, Any]:
    """Return the keys of the bills that outcomes of these targets wait for."""
    waiting = Outcome.objects.filter(target__in=targets, condition_bill__isnull=False)
    return waiting.values("condition_bill")


def _concerning(match: Match, path: str) -> Q:
    """Bills that an outcome of these campaigns waits for, or a company they press has a stance on.

    A bill belongs to no campaign: this is as near as the record comes.
    """
    targets = targets_of(match, path)
    stances = Position.objects.filter(company__in=targets.values("company"))
    return Q(pk__in=awaited(targets)) | Q(pk__in=stances.values("bill"))


def _awaited_about(match: Match) -> Q:
    return Q(pk__in=awaited(Target.objects.public().filter(match("product"))))


_HOW = "with an outcome that waits for it, or that press a company with a position on it."

BILLS = register(
    Resource(
        name="bills",
        singular="bill",
        component="Bill",
        help="Bills that outcomes wait for, or on which companies took a position. With `as_of`, "
        "`status` is null where the bill has moved since: ask with `known_at` what it was.",
        record_help="A piece of legislation that an outcome waits for, or that a company has a "
        "stance on.",
        rows=_rows,
        fields=_fields((_STATUS, _STATUS_ON)),
        clocked_fields=_fields(_CLOCKED),
        searched=Bill,
        search_example='"facial recognition"',
        orderings=(
            Ordering("status_on", "status_on", "day", is_nullable=True),
            Ordering("updated_at", "updated_at", "moment"),
        ),
        filters=(
            by_text("jurisdiction", "jurisdiction", "Of this jurisdiction.", "California"),
            ChoiceFilter("status", Bill.Status.values, _stands, "That stand here.", "paused"),
            *company_filters(
                public_companies,
                lambda match: Q(pk__in=Position.objects.filter(match("company")).values("bill")),
                "On which this company took a position.",
                "microsoft",
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
                "product",
                public_products,
                _awaited_about,
                "For which an outcome about this product waits.",
                1,
                has_slug=False,
            ),
            _by_status_day("status_after", "gte", "on this day or later."),
            _by_status_day("status_before", "lte", "on this day or earlier."),
            *day_range("introduced", "introduced_on", "Introduced", "2020-01-01"),
            *moment_range("created", "created_at", "Recorded"),
            *moment_range("updated", "updated_at", "Changed in content"),
        ),
    )
)
