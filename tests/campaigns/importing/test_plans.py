"""Plans say everything first; then all is written, or nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db.models import QuerySet

from campaigns.importing.cait import read_archive
from campaigns.importing.columns import COLUMNS
from campaigns.importing.rows import Table
from campaigns.importing.tables import read_table, write_csv, write_xlsx
from campaigns.models import (
    Action,
    Campaign,
    Document,
    ImportKey,
    Membership,
    Organization,
    StatusChange,
)
from campaigns.services.importing import IMPORTERS, Refusal, apply_import, plan_import
from campaigns.services.importing.exporting import export_rows
from companies.models import Alias, Company
from tests.factories import (
    NOW,
    make_action,
    make_campaign,
    make_change,
    make_citation_draft,
    make_company,
    make_organization,
    make_outcome_draft,
    make_product,
    make_target,
)

from .archive import as_csv, as_json

pytestmark = pytest.mark.django_db


def table(text: str) -> Table:
    return read_table("a.csv", text.encode())


def plan(kind: str, text: str, **options: Any) -> Any:
    return plan_import(kind=kind, table=table(text), now=NOW, **options)


def bring(kind: str, text: str, **options: Any) -> Any:
    return apply_import(kind=kind, table=table(text), now=NOW, **options)


HEAD = "key,campaign,kind,title,happened_on,organizations,targets,participants_count,sources\n"
ROW = "k1,amazon,petition,A petition,2018-05,ACLU,Amazon.com; Ring,1200,https://a.example/1\n"


@pytest.fixture
def amazon() -> Campaign:
    campaign = make_campaign(slug="amazon", is_public=False)
    make_target(campaign, make_company("Amazon", aliases=("Amazon.com",)))
    return campaign


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
    for words in ("march", "title", "18.5.2018", "many", "paper"):
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


# --- companies and organizations -------------------------------------------------------------


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


# --- status changes --------------------------------------------------------------------------

CHANGES = "key,campaign,target,status,effective_on,summary,sources,quote\n"


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


# --- who may ---------------------------------------------------------------------------------


def member_of(campaign: Campaign, role: str) -> User:
    organization = make_organization()
    campaign.shared_with.add(organization)
    user = User.objects.create_user(f"{role}-{campaign.pk}")
    Membership.objects.create(user=user, organization=organization, role=role)
    return user


def test_a_campaign_that_is_not_shared_is_unknown(amazon: Campaign) -> None:
    outsider = member_of(make_campaign(), "manager")
    row = plan("actions", HEAD + ROW, person=outsider).rows[0]
    assert row.errors == ["campaign: “amazon” is unknown."]
    row = plan("status_changes", CHANGES + "a,amazon,Amazon,met,2020,,,\n", person=outsider).rows[0]
    assert row.errors == ["campaign: “amazon” is unknown."]


def test_the_number_of_an_action_that_is_not_shared_is_unknown(amazon: Campaign) -> None:
    hidden = make_action(make_campaign())
    text = f"id,campaign,kind,title,happened_on\n{hidden.pk},amazon,petition,Taken,2018\n"
    row = plan("actions", text, person=member_of(amazon, "manager")).rows[0]
    assert f"“{hidden.pk}” is unknown" in row.errors[0]


@pytest.mark.parametrize(("role", "is_public", "errors"), [
    ("member", False, 0), ("member", True, 1), ("editor", True, 0),
])  # fmt: skip
def test_members_import_into_drafts_and_editors_into_public_campaigns(
    role: str, is_public: bool, errors: int
) -> None:
    campaign = make_campaign(slug="amazon", is_public=is_public)
    row = plan("actions", HEAD + ROW, person=member_of(campaign, role)).rows[0]
    assert len(row.errors) == errors


def test_a_member_changes_no_company_and_records_no_status(amazon: Campaign) -> None:
    member = member_of(amazon, "member")
    company = amazon.targets.get().company
    renamed = plan("companies", f"slug,name\n{company.slug},Zon\n", person=member).rows[0]
    recorded = plan("status_changes", CHANGES + "a,amazon,Amazon,met,2020,,,\n", person=member)
    assert "role" in renamed.errors[0]
    assert "role" in recorded.rows[0].errors[0]


# --- round trip ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", IMPORTERS)
@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_what_is_exported_is_imported_without_any_change(kind: str, write: Any) -> None:
    company = make_company("=Evil; Corp", parent=make_company(), aliases=("Evil",))
    target = make_target(company=make_company("Amazon"), product=None)
    second = make_target(target.campaign, make_company("Clear"))
    second.product = make_product(second.company, "View")
    second.save()
    year = {"happened_on": dt.date(2018, 1, 1), "happened_precision": "year"}
    action = make_action(target.campaign, description="-1\r\nline\n", title="@home", **year)
    action.targets.set([target, second])
    action.organizations.add(make_organization("Union, of workers"))
    change = make_change(
        second, "paused", outcome=make_outcome_draft(), citations=[make_citation_draft()]
    )
    make_change(second, None, corrects=change)
    rows: QuerySet[Any] = IMPORTERS[kind].model._default_manager.all()
    content = write(COLUMNS[kind], export_rows(kind=kind, rows=rows))
    planned = plan_import(kind=kind, table=read_table("a", content), now=NOW)
    assert [row.errors + row.changes + row.creates for row in planned.rows] == [[]] * rows.count()
    assert planned.counts["unchanged"] == rows.count() > 0
    assert company.name == "=Evil; Corp"


# --- the archive -----------------------------------------------------------------------------


def test_the_archive_is_imported_once_in_either_form(amazon: Campaign) -> None:
    make_company("Alphabet", aliases=("Google",))
    options: dict[str, Any] = {"kind": "actions", "campaign": amazon, "scheme": "cait", "now": NOW}
    first = apply_import(table=read_archive(as_json()), skips_refused=True, **options)
    assert first.counts == {"create": 9, "update": 0, "unchanged": 0, "refused": 1}
    assert Action.objects.get(import_keys__key="3").targets.count() == 2
    assert not Company.objects.filter(name__in=["Google", "na"]).exists()
    again = apply_import(table=read_archive(as_csv()), skips_refused=True, **options)
    assert again.counts == {"create": 0, "update": 0, "unchanged": 9, "refused": 1}
    assert ImportKey.objects.count() == 9


def test_the_command_refuses_then_skips_and_prints_the_preview(
    amazon: Campaign, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "actions.json"
    path.write_bytes(as_json())
    asked = ["import_actions", str(path), "--format", "cait", "--campaign", "amazon"]
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command(*asked)
    assert "8: refused:" in capsys.readouterr().out
    assert not Action.objects.exists()
    call_command(*asked, "--kind", "union drive=protest", "--dry-run")
    assert not Action.objects.exists()
    call_command(*asked, "--skip-refused")
    assert Action.objects.count() == 9
    assert "create 9, update 0, unchanged 0, refused 1" in capsys.readouterr().out


@pytest.mark.parametrize("extra", [["--campaign", "nowhere"], ["--kind", "strike=walk"]])
def test_the_command_refuses_what_does_not_exist(tmp_path: Any, extra: list[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("title\n")
    with pytest.raises(CommandError):
        call_command("import_actions", str(path), *extra)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_actions", str(tmp_path / "missing.csv"))
