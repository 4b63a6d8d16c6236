"""The one writer: what it writes, and what it refuses."""

import datetime as dt
from typing import Any

import pytest

from campaigns.errors import (
    InvalidStatusChange,
)
from campaigns.events import status_changed
from campaigns.models import Outcome, StatusChange
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
        target,
        Status.PAUSED,
        MAY_2021,
        outcome=make_outcome_draft(expires_on=None),
        extends=True,
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
