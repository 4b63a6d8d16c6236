"""Who may import what; what is exported comes back unchanged; the archive from the command line."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.db.models import QuerySet

from campaigns.importing.cait import read_archive
from campaigns.importing.columns import COLUMNS
from campaigns.importing.tables import read_table
from campaigns.models import (
    Action,
    Campaign,
    Citation,
    ImportKey,
    Membership,
)
from campaigns.services.importing import IMPORTERS, apply_import, plan_import
from campaigns.services.importing.exporting import export_rows
from companies.models import Company
from tests.campaigns.importing.archive import as_csv, as_json
from tests.campaigns.importing.bringing import CHANGES, HEAD, ROW, as_csv_file, as_xlsx_file, plan
from tests.factories import (
    NOW,
    make_action,
    make_campaign,
    make_change,
    make_citation_draft,
    make_company,
    make_document,
    make_organization,
    make_outcome_draft,
    make_product,
    make_target,
)

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("kind", IMPORTERS)
@pytest.mark.parametrize("write", [as_csv_file, as_xlsx_file])
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
    content = write(COLUMNS[kind], list(export_rows(kind=kind, rows=rows)))
    planned = plan_import(kind=kind, table=read_table("a", content), now=NOW)
    assert [row.errors + row.changes + row.creates for row in planned.rows] == [[]] * rows.count()
    assert planned.counts["unchanged"] == rows.count() > 0
    assert company.name == "=Evil; Corp"


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
    said = capsys.readouterr().out
    assert "8: refused:" in said
    assert "“union drive” (1)" in said
    assert said.count("--kind") == 1
    assert "    --kind 'union drive=KIND'\n" in said
    assert not Action.objects.exists()
    call_command(*asked, "--kind", "union drive=protest", "--dry-run")
    assert "--kind" not in capsys.readouterr().out
    assert not Action.objects.exists()
    call_command(*asked, "--skip-refused")
    assert Action.objects.count() == 9
    assert "create 9, update 0, unchanged 0, refused 1" in capsys.readouterr().out


@pytest.mark.parametrize("extra", [
    ["--campaign", "nowhere"],
    ["--kind", "strike=walk", "--format", "cait"],
    ["--kind", "strike=protest"],
    ["--format", "cait"],
])  # fmt: skip
def test_the_command_refuses_what_does_not_exist(tmp_path: Any, extra: list[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("title\n")
    with pytest.raises(CommandError):
        call_command("import_actions", str(path), *extra)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_actions", str(tmp_path / "missing.csv"))


def test_a_document_that_only_drafts_of_others_cite_is_new_to_who_imports(
    amazon: Campaign,
) -> None:
    url = "https://a.example/1"
    document = make_document(url=url)
    Citation.objects.create(document=document, action=make_action(make_campaign(is_public=False)))
    editor = member_of(amazon, "editor")
    change = CHANGES + f"a,amazon,Amazon,called_on,2020-06-10,,{url},\n"
    hidden = plan("actions", HEAD + ROW, person=editor).rows[0]
    assert f"document {url}" in hidden.creates
    assert hidden.notes == []
    assert plan("status_changes", change, person=editor).creations == [f"document {url}"]
    Citation.objects.create(document=document, action=make_action(amazon))
    shown = plan("actions", HEAD + ROW, person=editor).rows[0]
    assert f"document {url}" not in shown.creates
    assert shown.notes == [f"Its source is on record: {url}"]
    assert plan("status_changes", change, person=editor).creations == []


def test_a_steward_creates_besides_only_what_they_may_create(amazon: Campaign) -> None:
    steward = User.objects.create_user("steward", is_staff=True)
    names = ("add_action", "add_target")
    steward.user_permissions.set(Permission.objects.filter(codename__in=names))
    errors = plan("actions", HEAD + ROW, person=steward).rows[0].errors
    assert [error.partition(":")[0] for error in errors] == ["organizations", "targets"]
