"""What is on record of a status is corrected by a person, never by a file."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from campaigns.importing.columns import COLUMNS
from campaigns.importing.tables import read_table
from campaigns.models import Campaign, ImportKey, StatusChange
from campaigns.services.importing import Plan, apply_import, plan_import
from campaigns.services.importing.exporting import export_rows
from tests.campaigns.importing.bringing import CHANGES, as_csv_file, bring, plan
from tests.factories import NOW, make_change, make_citation_draft, make_outcome_draft

pytestmark = pytest.mark.django_db

KIND = "status_changes"
OTHERS = {
    "status": "refused",
    "effective_on": "2020-06",
    "summary": "Other words",
    "outcome_kind": "pledge",
    "outcome_terms": "Other terms",
    "outcome_scope": "Elsewhere",
    "outcome_exemptions": "Rekognition; schools",
    "outcome_condition": "another law",
    "outcome_expires_on": "2021-06",
    "outcome_review_on": "2021-02-02",
    "sources": "https://other.example/",
    "quote": "other words",
}


@pytest.fixture
def change(amazon: Campaign) -> StatusChange:
    outcome = make_outcome_draft(
        scope="United States",
        exemptions=("schools",),
        condition="until there is a law",
        review_on=dt.date(2021, 1, 1),
    )
    citations = [make_citation_draft("one year"), make_citation_draft("a second voice")]
    target = amazon.targets.get()
    return make_change(target, "paused", outcome=outcome, citations=citations, summary="It pauses.")


def edited(change: StatusChange, **cells: str) -> Any:
    (exported,) = export_rows(kind=KIND, rows=StatusChange.objects.filter(pk=change.pk))
    row = dict(zip(COLUMNS[KIND], exported, strict=True)) | cells
    return read_table("a.csv", as_csv_file(COLUMNS[KIND], [list(row.values())]))


def planned(change: StatusChange, **cells: str) -> Plan:
    return plan_import(kind=KIND, table=edited(change, **cells), now=NOW)


@pytest.mark.parametrize("column", OTHERS)
def test_a_cell_that_differs_from_the_log_is_refused_by_its_name(
    change: StatusChange, column: str
) -> None:
    row = planned(change, **{column: OTHERS[column]}).rows[0]
    assert len(row.errors) == 1
    assert row.errors[0].startswith(f"{column}: ")
    assert f"number {change.sequence}" in row.errors[0]
    assert "correct it there" in row.errors[0]


def test_every_cell_that_differs_is_named_at_once(change: StatusChange) -> None:
    said = [error.partition(":")[0] for error in planned(change, **OTHERS).rows[0].errors]
    assert said == list(OTHERS)


def test_an_export_that_nobody_edited_is_unchanged(change: StatusChange) -> None:
    assert planned(change).counts["unchanged"] == 1
    assert planned(change, status="Paused", target="amazon.com").counts["unchanged"] == 1


def test_a_month_that_a_spreadsheet_rewrote_does_not_differ(amazon: Campaign) -> None:
    change = make_change(
        amazon.targets.get(), effective_on=dt.date(2020, 6, 1), effective_precision="month"
    )
    assert planned(change, effective_on="Jun-20").counts["unchanged"] == 1
    assert planned(change, effective_on="Jul-20").counts["refused"] == 1


def test_what_a_file_leaves_out_does_not_differ(change: StatusChange) -> None:
    head = "id,campaign,target,status,effective_on\n"
    row = f"{change.pk},amazon,Amazon,paused,2020-06-10\n"
    assert plan(KIND, head + row).counts["unchanged"] == 1


def test_an_outcome_is_recorded_with_all_that_the_columns_say(amazon: Campaign) -> None:
    head = (
        "campaign,target,status,effective_on,outcome_kind,outcome_terms,outcome_scope,"
        "outcome_exemptions,outcome_condition,outcome_review_on\n"
    )
    row = (
        "amazon,Amazon,paused,2020-06-10,moratorium,No sales,USA,schools; shops,a law,2021-01-01\n"
    )
    bring(KIND, head + row)
    outcome = StatusChange.objects.get().outcome
    assert outcome
    assert (outcome.scope, outcome.condition) == ("USA", "a law")
    assert [each.name for each in outcome.exemptions.all()] == ["schools", "shops"]
    assert outcome.review_on == dt.date(2021, 1, 1)


@pytest.mark.parametrize("column", ["outcome_scope", "outcome_condition", "outcome_exemptions"])
def test_terms_are_asked_for_wherever_something_was_conceded(amazon: Campaign, column: str) -> None:
    head = f"campaign,target,status,effective_on,{column}\n"
    errors = plan(KIND, f"{head}amazon,Amazon,paused,2020-06-10,words\n").rows[0].errors
    assert any(error.startswith("outcome_kind: ") for error in errors)
    assert any(error.startswith("outcome_terms: ") for error in errors)


def test_the_log_gets_a_key_without_being_touched(change: StatusChange) -> None:
    seen = planned(change, key="k1")
    assert seen.rows[0].changes == ["key: “” becomes “k1”"]
    apply_import(kind=KIND, table=edited(change, key="k1"), now=NOW)
    assert ImportKey.objects.get().status_change == change
    row = "k1,amazon,Amazon,paused,2020-06-10,,,\n"
    head = CHANGES.replace("summary,sources,quote", "outcome_scope,,").rstrip("\n,") + "\n"
    assert plan(KIND, head + row.replace(",,,", ",United States")).counts["unchanged"] == 1
    assert StatusChange.objects.count() == 1
