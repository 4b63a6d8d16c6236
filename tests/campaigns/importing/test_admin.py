"""The two steps of an import in the admin, and exports of lists."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from campaigns.importing import writing
from campaigns.importing.tables import read_table
from campaigns.models import Action, Campaign, Membership, StatusChange, Upload
from campaigns.services.importing import IMPORTERS
from tests.factories import make_action, make_campaign, make_company, make_organization, make_target

pytestmark = pytest.mark.django_db

NEW = "/admin/campaigns/upload/new/actions/"
LISTS = {
    "actions": "/admin/campaigns/action/",
    "companies": "/admin/companies/company/",
    "organizations": "/admin/campaigns/organization/",
    "status_changes": "/admin/campaigns/statuschange/",
}


@pytest.fixture
def campaign() -> Campaign:
    campaign = make_campaign(slug="amazon", is_public=False)
    make_target(campaign, make_company("Amazon"))
    return campaign


def person(campaign: Campaign, role: str = "editor") -> User:
    organization = make_organization()
    campaign.shared_with.add(organization)
    user = User.objects.create_user(f"{role}-{campaign.pk}")
    Membership.objects.create(user=user, organization=organization, role=role)
    return user


@pytest.fixture
def editor(client: Client, campaign: Campaign) -> Client:
    client.force_login(person(campaign))
    return client


def send(client: Client, rows: str, address: str = NEW, **fields: str) -> Any:
    head = "key,campaign,kind,title,happened_on,targets\n"
    file = SimpleUploadedFile("a.csv", (rows if "\n" in rows else head + rows).encode())
    return client.post(address, {"file": file, **fields})


def fields_of(page: Any) -> dict[str, str]:
    tree = LexborHTMLParser(page.content)
    return {"seen": str(tree.css_first("input[name=seen]").attributes["value"])}


def test_a_file_is_previewed_then_imported(editor: Client) -> None:
    preview = send(editor, "k,amazon,petition,A petition,2020-06,Amazon; Ring").url
    page = editor.get(preview)
    assert "1 to create" in page.content.decode()
    assert "company “Ring”" in page.content.decode()
    assert not Action.objects.exists()
    done = editor.post(preview, fields_of(page), follow=True)
    assert "1 created" in done.content.decode()
    assert Action.objects.get().title == "A petition"
    assert not Upload.objects.exists()


def test_what_is_refused_cannot_be_imported_and_comes_back_with_the_reason(editor: Client) -> None:
    preview = send(editor, "k,amazon,march,A march,2020,").url
    page = editor.get(preview)
    assert b'name="seen"' not in page.content
    done = editor.post(preview, {"seen": ""}, follow=True)
    assert "Nothing was imported" in done.content.decode()
    assert not Action.objects.exists()
    refused = editor.get(preview.replace("preview/", "refused.xlsx")).getvalue()
    row = read_table("a.xlsx", refused).rows[0]
    assert row.cells["title"] == "A march"
    assert "march" in row.cells["why"]
    again = SimpleUploadedFile("again.xlsx", refused)
    page = editor.post(NEW, {"file": again}, follow=True)
    assert "1 refused" in page.content.decode()


def test_an_import_is_refused_when_the_record_changed_after_the_preview(editor: Client) -> None:
    preview = send(editor, "k,amazon,petition,A petition,2020,Ring").url
    page = editor.get(preview)
    make_company("Ring")
    done = editor.post(preview, fields_of(page), follow=True)
    assert "changed since the preview" in done.content.decode()
    assert not Action.objects.exists()


def test_a_file_that_is_no_table_is_said_at_the_form(editor: Client) -> None:
    page = send(editor, "name,name\nA,B\n")
    assert "A column is there twice" in page.content.decode()


def test_nobody_sees_the_file_of_another_and_nobody_after_an_hour(
    editor: Client, campaign: Campaign
) -> None:
    preview = send(editor, "k,amazon,petition,A petition,2020,").url
    other = Client()
    other.force_login(person(campaign, "manager"))
    assert other.get(preview).status_code == 404
    assert other.post(preview, {"seen": "x"}).status_code == 404
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1, minutes=1)
    with time_machine.travel(later, tick=False):
        assert editor.get(preview).status_code == 404


def test_the_campaign_of_another_organization_is_unknown(editor: Client) -> None:
    make_campaign(slug="hidden", is_public=False)
    page = editor.get(send(editor, "k,hidden,petition,A petition,2020,").url)
    assert "“hidden” is unknown" in page.content.decode()


def test_status_changes_are_silent_unless_alerts_are_asked_for(editor: Client) -> None:
    text = "campaign,target,status,effective_on\namazon,Amazon,{},2020-06-1{}\n"
    address = NEW.replace("actions", "status_changes")
    for status, day, asked in (("called_on", 0, {}), ("refused", 1, {"alerts": "on"})):
        preview = send(editor, text.format(status, day), address, **asked).url
        editor.post(preview, fields_of(editor.get(preview)))
    silent = StatusChange.objects.order_by("sequence").values_list("is_silent", flat=True)
    assert list(silent) == [True, False]


@pytest.mark.parametrize("kind", IMPORTERS)
def test_every_kind_has_links_a_form_templates_and_exports(editor: Client, kind: str) -> None:
    page = LexborHTMLParser(editor.get(LISTS[kind]).content)
    links = [str(link.attributes["href"]) for link in page.css(".object-tools a")]
    assert f"/admin/campaigns/upload/new/{kind}/" in links
    assert editor.get(f"/admin/campaigns/upload/new/{kind}/").status_code == 200
    for place in ("template", "export"):
        for ending in ("csv", "xlsx"):
            answer = editor.get(f"/admin/campaigns/upload/{place}/{kind}.{ending}")
            assert answer.status_code == 200
            assert read_table("a", answer.getvalue()).columns
            assert f"{kind}.{ending}" in answer["Content-Disposition"]


def test_an_export_holds_what_the_list_shows_and_only_what_is_shared(
    editor: Client, campaign: Campaign
) -> None:
    shown = make_action(campaign, kind="petition")
    make_action(campaign, kind="strike")
    make_action(make_campaign(), kind="petition", title="Hidden")
    answer = editor.get("/admin/campaigns/upload/export/actions.csv?kind__exact=petition")
    assert [row.cells["id"] for row in read_table("a", answer.getvalue()).rows] == [str(shown.pk)]


def test_an_export_is_as_long_as_the_list_and_a_workbook_as_long_as_a_sheet(
    editor: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_action(campaign)
    first.targets.set(campaign.targets.all())
    now = dt.datetime.now(dt.UTC)
    fields = {"campaign": campaign, "kind": "petition", "happened_on": dt.date(2020, 6, 1)}
    rows = [Action(title="A", created_at=now, updated_at=now, **fields) for _number in range(1_100)]
    Action.objects.bulk_create(rows)
    answer = editor.get("/admin/campaigns/upload/export/actions.csv")
    assert len(read_table("a", answer.getvalue()).rows) == 1_101
    monkeypatch.setattr(writing, "MOST_SHEET_ROWS", 1_101)
    page = editor.get("/admin/campaigns/upload/export/actions.xlsx", follow=True)
    assert "take CSV" in page.content.decode()


def test_a_preview_says_what_holds_for_the_file_and_leads_to_what_is_on_record(
    editor: Client, campaign: Campaign
) -> None:
    action = make_action(campaign, title="Café")
    text = f"id,campaign,kind,title,happened_on\n{action.pk},amazon,open_letter,Café,{{}}\n"
    for day, button in ((action.happened_on, False), ("2018", True)):
        file = SimpleUploadedFile("a.csv", text.format(day).encode("cp1252"))
        page = editor.post(NEW, {"file": file}, follow=True)
        tree = LexborHTMLParser(page.content)
        assert "is read as Windows-1252" in page.content.decode()
        assert tree.css_first(f'.import-rows a[href$="/action/{action.pk}/change/"]')
        assert (tree.css_first("input[name=seen]") is not None) is button


def test_selected_records_are_exported(editor: Client, campaign: Campaign) -> None:
    chosen, other = make_action(campaign), make_action(campaign)
    hidden = make_action(make_campaign())
    data = {"action": "export_csv", "_selected_action": [chosen.pk, hidden.pk]}
    answer = editor.post(LISTS["actions"], data)
    rows = read_table("a", answer.getvalue()).rows
    assert [row.cells["title"] for row in rows] == [chosen.title] != [other.title]


def test_the_number_of_queries_of_an_export_does_not_grow(
    editor: Client, campaign: Campaign, django_assert_max_num_queries: Any
) -> None:
    for _number in range(30):
        make_action(campaign).targets.set(campaign.targets.all())
    with django_assert_max_num_queries(18):
        answer = editor.get("/admin/campaigns/upload/export/actions.csv")
        assert len(read_table("a", answer.getvalue()).rows) == 30


@pytest.mark.parametrize("place", ["new/actions/", "template/actions.csv", "export/actions.csv"])
def test_who_works_for_nobody_has_none_of_it(client: Client, place: str) -> None:
    client.force_login(User.objects.create_user("stranger"))
    assert client.get(f"/admin/campaigns/upload/{place}").status_code in (302, 403)


def test_unknown_kinds_and_formats_are_not_found(editor: Client) -> None:
    for place in ("new/users/", "template/actions.pdf", "export/users.csv", "1/preview/"):
        assert editor.get(f"/admin/campaigns/upload/{place}").status_code == 404


def test_a_member_who_may_not_change_a_status_imports_none(
    client: Client, campaign: Campaign
) -> None:
    client.force_login(person(campaign, "member"))
    assert client.get(NEW.replace("actions", "status_changes")).status_code == 403
