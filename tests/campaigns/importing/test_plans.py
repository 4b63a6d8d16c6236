"""Plans say everything first; then all is written, or nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from campaigns.models import (
    Action,
    Campaign,
    Document,
    Organization,
    StatusChange,
)
from campaigns.services.importing import Refusal
from companies.models import Alias, Company
from tests.campaigns.importing.bringing import CHANGES, HEAD, ROW, bring, plan
from tests.factories import (
    make_action,
    make_change,
    make_company,
)

pytestmark = pytest.mark.django_db


def test_a_plan_writes_nothing_and_names_what_would_be_new(amazon: Campaign) -> None:
    planned = plan("actions", HEAD + ROW)
    assert planned.counts == {"create": 1, "update": 0, "unchanged": 0, "refused": 0}
    assert planned.creations == [
        "organization “ACLU”",
        "company “Ring”",
        "target “Ring”",
        "document https://a.example/1",
    ]
    assert not Action.objects.exists()
    assert not Document.objects.exists()


def test_an_import_writes_what_was_planned_and_a_second_one_nothing(amazon: Campaign) -> None:
    bring("actions", HEAD + ROW)
    action = Action.objects.get()
    assert (action.happened_on, action.happened_precision) == (dt.date(2018, 5, 1), "month")
    assert action.participants_count == 1200
    assert {target.company.name for target in action.targets.all()} == {"Amazon", "Ring"}
    assert action.citations.get().document.url == "https://a.example/1"
    versions = Action.history.count()
    again = bring("actions", HEAD + ROW)
    assert again.counts["unchanged"] == 1
    assert (Action.objects.count(), Action.history.count()) == (1, versions)


def test_a_row_that_is_known_by_its_key_updates_the_action(amazon: Campaign) -> None:
    bring("actions", HEAD + ROW)
    changed = ROW.replace("1200", "1500").replace("; Ring", "")
    planned = bring("actions", HEAD + changed)
    assert planned.counts["update"] == 1
    assert "participants_count: “1200” becomes “1500”" in planned.rows[0].changes
    action = Action.objects.get()
    assert action.participants_count == 1500
    assert [target.company.name for target in action.targets.all()] == ["Amazon"]


def test_every_error_of_every_row_is_said_at_once(amazon: Campaign) -> None:
    bad = "k1,nowhere,march,,18.5.2018,,,many,paper\nk1,amazon,march,,18.5.2018,,,many,paper\n"
    first, second = plan("actions", HEAD + bad).rows
    assert "“nowhere” is unknown" in first.errors[0]
    said = " ".join(second.errors)
    assert "kind: “march” is none of: open_letter, employee_letter," in said
    for words in ("title", "18.5.2018", "many", "paper"):
        assert words in said


def test_nothing_is_written_when_one_row_is_refused(amazon: Campaign) -> None:
    with pytest.raises(Refusal):
        bring("actions", HEAD + ROW + ROW.replace("k1", "k2").replace("petition,A", "march,A"))
    assert not Action.objects.exists()
    assert not Company.objects.filter(name="Ring").exists()


def test_a_plan_that_is_not_the_one_that_was_seen_is_refused(amazon: Campaign) -> None:
    seen = plan("actions", HEAD + ROW).fingerprint
    make_company("Ring")
    with pytest.raises(Refusal, match="changed since"):
        bring("actions", HEAD + ROW, seen=seen)
    assert not Action.objects.exists()


def test_actions_of_the_same_day_and_target_are_named_as_perhaps_the_same(
    amazon: Campaign,
) -> None:
    day = dt.date(2018, 5, 22)
    make_action(amazon, title="On record", happened_on=day).targets.set(amazon.targets.all())
    one = ROW.replace("2018-05", "2018-05-22")
    first, second = plan("actions", HEAD + one + one.replace("k1", "k2")).rows
    assert first.duplicates == ["on record: On record"]
    assert second.duplicates == ["on record: On record", "line 2: A petition"]


def test_unknown_columns_are_refused() -> None:
    planned = plan("companies", "name,colour\nAcme,red\n")
    assert "“colour”" in planned.errors[0]
    with pytest.raises(Refusal):
        bring("companies", "name,colour\nAcme,red\n")


def test_the_number_of_queries_of_a_plan_does_not_grow_with_its_rows(
    amazon: Campaign, django_assert_max_num_queries: Any
) -> None:
    rows = "".join(
        ROW.replace("k1", f"k{number}").replace("/1", f"/{number}") for number in range(60)
    )
    with django_assert_max_num_queries(16):
        planned = plan("actions", HEAD + rows)
    assert planned.counts["create"] == 60


def test_companies_are_known_by_slug_and_their_parents_may_be_rows_above() -> None:
    make_company("Amazon Inc", slug="amazon")
    planned = bring(
        "companies",
        "slug,name,parent,aliases\namazon,Amazon,,AWS\nring,Ring,amazon,\nblink,Blink,ring,\n",
    )
    assert planned.counts == {"create": 2, "update": 1, "unchanged": 0, "refused": 0}
    blink = Company.objects.get(slug="blink")
    assert blink.parent
    assert blink.parent.parent == Company.objects.get(name="Amazon")
    assert Alias.objects.get().company.slug == "amazon"


def test_a_company_does_not_take_the_name_of_another() -> None:
    make_company("Amazon", slug="amazon", aliases=("AWS",))
    rows = plan("companies", "slug,name,aliases\nother,aws,\nthird,Third,AWS\n").rows
    assert "“Amazon” goes by it already" in rows[0].errors[0]
    assert "is an alias of Amazon" in rows[1].errors[0]


def test_organizations_are_created_with_a_slug_of_their_name() -> None:
    bring("organizations", "name,kind\nThe Union,union\n")
    organization = Organization.objects.get()
    assert (organization.slug, organization.kind) == ("the-union", "union")


def test_status_changes_are_recorded_in_order_silently_and_once(amazon: Campaign) -> None:
    rows = (
        "a,amazon,Amazon,called_on,2018-05-22,Asked,,\n"
        "b,amazon,Amazon.com,paused,2020-06-10,Paused,https://a.example/1,one-year\n"
    )
    bring("status_changes", CHANGES + rows)
    first, second = StatusChange.objects.order_by("sequence")
    assert (first.to_status, second.from_status, second.to_status) == (
        *("called_on", "called_on", "paused"),
    )
    assert first.is_silent
    assert second.is_silent
    assert second.citations.get().quote == "one-year"
    assert bring("status_changes", CHANGES + rows).counts["unchanged"] == 2


def test_status_changes_that_contradict_the_log_are_refused_in_the_preview(
    amazon: Campaign,
) -> None:
    make_change(amazon.targets.get(), "called_on")
    rows = (
        "a,amazon,Amazon,called_on,2020-06-11,Again,,\n"
        "b,amazon,Nobody,paused,2020-06-11,,,\n"
        "c,amazon,Amazon,asleep,2020-06-11,,,\n"
    )
    said = [row.errors for row in plan("status_changes", CHANGES + rows).rows]
    assert "already" in said[0][0]
    assert "no target “Nobody”" in said[1][0]
    assert "“asleep” is no status" in said[2][0]


def test_what_is_on_record_of_a_status_is_not_edited_by_a_file(amazon: Campaign) -> None:
    row = "a,amazon,Amazon,called_on,2018-05-22,Asked,,\n"
    bring("status_changes", CHANGES + row)
    planned = plan("status_changes", CHANGES + row.replace("called_on", "refused"))
    assert "correct it there" in planned.rows[0].errors[0]


def test_a_month_that_a_spreadsheet_rewrote_is_read_as_a_month_and_said(amazon: Campaign) -> None:
    planned = bring("actions", HEAD + ROW.replace("2018-05", "May-18"))
    assert "happened_on: “May-18” is read as May 2018." in planned.rows[0].notes
    action = Action.objects.get()
    assert (action.happened_on, action.happened_precision) == (dt.date(2018, 5, 1), "month")
