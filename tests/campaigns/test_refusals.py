"""What the one writer refuses, by name, writing nothing."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from campaigns.errors import (
    InvalidCorrection,
    InvalidDate,
    InvalidStatusChange,
    InvalidTransition,
    NothingChanges,
)
from campaigns.models import Citation, Document, LogHead, Outcome, StatusChange
from campaigns.services import CitationDraft, DocumentDraft
from campaigns.statuses import Status
from tests.factories import (
    make_change,
    make_citation_draft,
    make_outcome_draft,
    make_target,
)

pytestmark = pytest.mark.django_db

MAY_2018 = dt.date(2018, 5, 22)
JUNE_2018 = dt.date(2018, 6, 1)
JUNE_2020 = dt.date(2020, 6, 10)
MAY_2021 = dt.date(2021, 5, 18)


REFUSALS: list[tuple[dict[str, Any], type[InvalidStatusChange], str, str]] = [
    ({"to_status": "shelved"}, InvalidStatusChange, "to_status", "“shelved” is no status"),
    ({"to_status": None}, InvalidStatusChange, "to_status", "Choose the status"),
    ({"to_status": "called_on"}, InvalidTransition, "to_status", "cannot follow “paused”"),
    ({"to_status": "paused"}, NothingChanges, "to_status", "already"),
    (
        {"to_status": "paused", "outcome": make_outcome_draft()},
        NothingChanges,
        "to_status",
        "New terms extend it",
    ),
    ({"to_status": "paused", "extends": True}, InvalidTransition, "to_status", "has an outcome"),
    (
        {"to_status": "met", "extends": True, "outcome": make_outcome_draft()},
        InvalidTransition,
        "to_status",
        "keeps the status",
    ),
    (
        {
            "to_status": "paused",
            "extends": True,
            "effective_on": JUNE_2020,
            "outcome": make_outcome_draft(),
        },
        NothingChanges,
        "to_status",
        "already as number",
    ),
    (
        {"to_status": "in_court", "outcome": make_outcome_draft(expires_on=None)},
        InvalidStatusChange,
        "outcome",
        "nothing is conceded",
    ),
    (
        {"to_status": "met", "outcome": make_outcome_draft(expires_on=dt.date(9999, 12, 31))},
        InvalidDate,
        "expires_on",
        "without end",
    ),
    (
        {"to_status": "met", "outcome": make_outcome_draft(exemptions=("x" * 201,))},
        InvalidStatusChange,
        "exemptions",
        "at most 200",
    ),
    (
        {"to_status": "met", "outcome": make_outcome_draft(condition="x" * 301)},
        InvalidStatusChange,
        "condition",
        "at most 300",
    ),
    (
        {"to_status": "met", "effective_on": dt.date(2026, 3, 3)},
        InvalidDate,
        "effective_on",
        "in the future",
    ),
    (
        {"to_status": "met", "effective_on": dt.date(2018, 1, 1)},
        InvalidTransition,
        "to_status",
        "“called on” .* cannot follow “met”",
    ),
    (
        {"to_status": "met", "outcome": make_outcome_draft(expires_on=dt.date(2021, 1, 1))},
        InvalidDate,
        "expires_on",
        "expire on 1 January 2021, before it takes effect",
    ),
    (
        {
            "to_status": "met",
            "outcome": make_outcome_draft(expires_on=None, review_on=dt.date(2020, 1, 1)),
        },
        InvalidDate,
        "review_on",
        "before the outcome takes effect",
    ),
    (
        {"to_status": "met", "outcome": make_outcome_draft(kind="handshake")},
        InvalidStatusChange,
        "outcome",
        "kind of outcome",
    ),
]


@pytest.mark.parametrize(("change", "error", "field", "message"), REFUSALS)
def test_a_change_that_makes_no_sense_is_refused_by_name_and_nothing_is_written(
    change: dict[str, Any], error: type[InvalidStatusChange], field: str, message: str
) -> None:
    target = make_target()
    make_change(target, Status.CALLED_ON, MAY_2018)
    make_change(target, Status.PAUSED, JUNE_2020, outcome=make_outcome_draft())
    arguments = {"effective_on": MAY_2021} | change

    with pytest.raises(error, match=message) as caught, transaction.atomic():
        make_change(target, **arguments)

    assert caught.value.field == field
    assert (target.status_changes.count(), Outcome.objects.count()) == (2, 1)
    assert LogHead.objects.get().last_sequence == StatusChange.objects.count()


def test_a_bad_citation_leaves_nothing_half_written() -> None:
    target = make_target()
    draft = DocumentDraft(url="ftp://news.example/a", title="A")

    with pytest.raises(ValidationError), transaction.atomic():
        make_change(
            target,
            Status.PAUSED,
            outcome=make_outcome_draft(),
            citations=[make_citation_draft(), CitationDraft(document=draft)],
        )

    assert not StatusChange.objects.exists()
    assert not Outcome.objects.exists()
    assert not Citation.objects.exists()
    assert not Document.objects.filter(url=draft.url).exists()


def test_what_was_corrected_cannot_be_corrected_again() -> None:
    target = make_target()
    wrong = make_change(target, Status.MET, JUNE_2020)
    make_change(target, Status.PARTIAL, JUNE_2020, corrects=wrong)

    with pytest.raises(InvalidCorrection, match="corrected already"):
        make_change(target, Status.PAUSED, JUNE_2020, corrects=wrong)


def test_a_retraction_cannot_be_corrected() -> None:
    target = make_target()
    wrong = make_change(target, Status.MET, JUNE_2020)
    retraction = make_change(target, None, JUNE_2020, corrects=wrong)

    with pytest.raises(InvalidCorrection, match="record the status change anew"):
        make_change(target, Status.MET, JUNE_2020, corrects=retraction)


def test_a_change_of_another_target_cannot_be_corrected_nor_its_outcome_kept() -> None:
    other = make_change(to_status=Status.PAUSED, outcome=make_outcome_draft())
    target = make_target()

    with pytest.raises(InvalidCorrection, match="another target"):
        make_change(target, Status.MET, corrects=other)
    with pytest.raises(InvalidStatusChange, match="another target"):
        make_change(target, Status.PAUSED, outcome=other.outcome)


def test_what_others_build_upon_cannot_be_retracted_from_under_them() -> None:
    target = make_target()
    paused = make_change(target, Status.PAUSED, JUNE_2020, outcome=make_outcome_draft())
    make_change(target, Status.EXPIRED, dt.date(2021, 6, 10))

    with pytest.raises(InvalidTransition, match=r"“expired” .* cannot follow an empty record"):
        make_change(target, None, JUNE_2020, corrects=paused)
