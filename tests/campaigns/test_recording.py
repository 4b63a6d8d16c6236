"""The one writer: what it writes, and what it refuses."""

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
from campaigns.events import status_changed
from campaigns.models import Citation, Document, LogHead, Outcome, StatusChange
from campaigns.services import CitationDraft, DocumentDraft
from campaigns.statuses import Status
from tests.factories import (
    NOW,
    make_change,
    make_citation_draft,
    make_document,
    make_outcome_draft,
    make_target,
)

pytestmark = pytest.mark.django_db

MAY_2018 = dt.date(2018, 5, 22)
JUNE_2018 = dt.date(2018, 6, 1)
JUNE_2020 = dt.date(2020, 6, 10)
MAY_2021 = dt.date(2021, 5, 18)


def test_a_change_moves_the_target_and_keeps_where_it_came_from() -> None:
    target = make_target()
    make_change(target, Status.CALLED_ON, MAY_2018)

    change = make_change(target, Status.REFUSED, JUNE_2018, summary="They said no.")

    target.refresh_from_db()
    assert (change.from_status, change.to_status) == (Status.CALLED_ON, Status.REFUSED)
    assert change.kind == StatusChange.Kind.CHANGE
    assert (target.status, target.status_since) == (Status.REFUSED, JUNE_2018)


def test_an_outcome_is_written_with_its_terms_exemptions_and_expiry() -> None:
    target = make_target()
    draft = make_outcome_draft(exemptions=("Thorn", "Marinus Analytics", "Thorn"))

    change = make_change(target, Status.PAUSED, JUNE_2020, outcome=draft)

    outcome = change.outcome
    assert outcome is not None
    assert [exemption.name for exemption in outcome.exemptions.all()] == [
        "Thorn",
        "Marinus Analytics",
    ]
    assert outcome.effective_on == JUNE_2020
    target.refresh_from_db()
    assert target.outcome == outcome
    assert target.expires_on == dt.date(2021, 6, 10)


def test_an_extension_keeps_the_status_and_its_beginning_and_supersedes_the_outcome() -> None:
    target = make_target()
    paused = make_change(target, Status.PAUSED, JUNE_2020, outcome=make_outcome_draft())

    extension = make_change(
        target, Status.PAUSED, MAY_2021, outcome=make_outcome_draft(expires_on=None)
    )

    target.refresh_from_db()
    assert extension.kind == StatusChange.Kind.EXTENSION
    assert (target.status, target.status_since) == (Status.PAUSED, JUNE_2020)
    assert target.expires_on is None
    assert extension.outcome is not None
    assert extension.outcome.supersedes == paused.outcome


def test_a_late_record_takes_its_place_in_history_and_leaves_the_present_alone() -> None:
    target = make_target()
    make_change(target, Status.PAUSED, JUNE_2020, outcome=make_outcome_draft())

    late = make_change(target, Status.REFUSED, JUNE_2018)

    target.refresh_from_db()
    assert late.from_status is None
    assert target.status == Status.PAUSED


def test_a_correction_replaces_what_was_wrong_and_both_stay_on_record() -> None:
    target = make_target()
    wrong = make_change(target, Status.MET, JUNE_2020)

    right = make_change(
        target, Status.PAUSED, JUNE_2020, corrects=wrong, outcome=make_outcome_draft()
    )

    target.refresh_from_db()
    assert right.kind == StatusChange.Kind.CORRECTION
    assert target.status == Status.PAUSED
    assert wrong.corrected_by == right
    assert target.status_changes.count() == 2


def test_a_correction_of_the_date_alone_keeps_the_outcome() -> None:
    target = make_target()
    wrong = make_change(target, Status.PAUSED, JUNE_2020, outcome=make_outcome_draft())
    day_before = JUNE_2020 - dt.timedelta(days=1)

    make_change(target, Status.PAUSED, day_before, corrects=wrong, outcome=wrong.outcome)

    target.refresh_from_db()
    assert (target.status_since, target.outcome) == (day_before, wrong.outcome)
    assert Outcome.objects.count() == 1


def test_a_retraction_takes_the_target_back_to_where_it_stood() -> None:
    target = make_target()
    make_change(target, Status.CALLED_ON, MAY_2018)
    wrong = make_change(target, Status.MET, JUNE_2020, outcome=make_outcome_draft())

    retraction = make_change(target, None, JUNE_2020, corrects=wrong)

    target.refresh_from_db()
    assert retraction.kind == StatusChange.Kind.RETRACTION
    assert (retraction.from_status, retraction.to_status) == (Status.MET, None)
    assert (target.status, target.outcome, target.expires_on) == (Status.CALLED_ON, None, None)


def test_retracting_the_only_change_leaves_nothing_on_record() -> None:
    target = make_target()
    wrong = make_change(target, Status.CALLED_ON, MAY_2018)

    make_change(target, None, MAY_2018, corrects=wrong)

    target.refresh_from_db()
    assert (target.status, target.status_since) == (None, None)


def test_an_imprecise_date_is_stored_as_the_first_day_of_its_period() -> None:
    change = make_change(effective_on=dt.date(2018, 5, 22), effective_precision="month")

    assert change.effective_on == dt.date(2018, 5, 1)


def test_citations_are_written_with_the_change_and_a_known_document_is_used_again() -> None:
    document = make_document(url="https://news.example/known", title="As it was")
    draft = DocumentDraft(url="https://news.example/known", title="Another title")

    change = make_change(
        citations=[CitationDraft(document=draft, quote="one year"), make_citation_draft("again")]
    )

    assert [citation.quote for citation in change.citations.all()] == ["one year", "again"]
    assert change.citations.all()[0].document == document
    document.refresh_from_db()
    assert document.title == "As it was"


def test_the_log_is_numbered_without_gaps_and_its_moments_never_run_backwards() -> None:
    first = make_change(now=NOW)
    with pytest.raises(InvalidStatusChange):
        make_change(to_status="nonsense")
    second = make_change(now=NOW - dt.timedelta(seconds=5))

    assert second.sequence == first.sequence + 1
    assert second.recorded_at == first.recorded_at


def test_who_listens_is_woken_after_commit_and_only_then(
    django_capture_on_commit_callbacks: Any,
) -> None:
    heard: list[int] = []

    def listen(change_id: int, **kwargs: Any) -> None:
        heard.append(change_id)

    status_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            change = make_change()
            assert heard == []
        assert heard == [change.pk]
    finally:
        status_changed.disconnect(listen)


REFUSALS: list[tuple[dict[str, Any], type[InvalidStatusChange], str, str]] = [
    ({"to_status": "shelved"}, InvalidStatusChange, "to_status", "“shelved” is no status"),
    ({"to_status": None}, InvalidStatusChange, "to_status", "Choose the status"),
    ({"to_status": "called_on"}, InvalidTransition, "to_status", "cannot follow “paused”"),
    ({"to_status": "paused"}, NothingChanges, "to_status", "already"),
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


def test_today_may_have_begun_in_the_east_already() -> None:
    late_evening = dt.datetime(2026, 3, 1, 23, 0, tzinfo=dt.UTC)

    change = make_change(effective_on=dt.date(2026, 3, 2), now=late_evening)

    assert change.effective_on == dt.date(2026, 3, 2)


def test_editing_the_demand_never_brings_back_an_old_status() -> None:
    target = make_target()
    opened_in_a_form = type(target).objects.get(pk=target.pk)
    make_change(target, Status.MET, JUNE_2020)

    opened_in_a_form.demand = "A better worded demand"
    opened_in_a_form.save()

    target.refresh_from_db()
    assert (target.demand, target.status) == ("A better worded demand", Status.MET)
