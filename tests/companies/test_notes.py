"""Notes stand beside records for who works on them, and nowhere else."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from campaigns.models import (
    Action,
    Bill,
    Campaign,
    Document,
    Membership,
    Organization,
    StatusChange,
    Target,
)
from campaigns.services import merge_organizations
from companies.models import Company, Note
from companies.notes import add_note
from tests.access.worlds import World, make_world
from tests.api.export.exporting import export, make_record
from tests.factories import make_company

SECRET = "Quagga"
LISTS = (
    *("campaigns", "targets", "status-changes", "outcomes", "actions", "responses", "bills"),
    *("positions", "documents", "companies", "organizations", "topics", "sources"),
)


def address(row: Model, page: str) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/{page}"


def note_beside(row: Model, text: str = "Ask Ada first", author: User | None = None) -> Note:
    author = author or User.objects.get_or_create(username="author")[0]
    return add_note(about=row, author=author, text=text, now=timezone.now())


@pytest.fixture
def world(db: None) -> World:
    """Two organizations that share nothing."""
    return make_world()


@pytest.mark.django_db
def test_a_note_stands_beside_the_form_the_history_and_the_timeline(admin_client: Client) -> None:
    company = make_company()
    written = admin_client.post(address(company, "notes/"), {"text": "Ask Ada first"})

    assert written.status_code == 302
    note = Note.objects.get()
    assert (note.about, note.author, note.edited_at) == (company, User.objects.get(), None)
    for page in ("change/", "history/"):
        assert "Ask Ada first" in admin_client.get(address(company, page)).content.decode()


@pytest.mark.django_db
def test_a_note_of_another_record_with_the_same_number_stays_there(admin_client: Client) -> None:
    company = make_company()
    other = Organization.objects.create(pk=company.pk, name="Eyes", slug="eyes")
    note_beside(other)

    assert "Ask Ada" not in admin_client.get(address(company, "change/")).content.decode()
    assert "Ask Ada" in admin_client.get(address(other, "change/")).content.decode()


@pytest.mark.django_db
def test_an_empty_note_is_refused(admin_client: Client) -> None:
    response = admin_client.post(address(make_company(), "notes/"), {"text": "  "})

    assert "This field is required." in response.content.decode()
    assert not Note.objects.exists()


@pytest.mark.django_db
def test_its_author_edits_and_deletes_a_note(admin_client: Client, admin_user: User) -> None:
    company = make_company()
    page = address(company, f"notes/{note_beside(company, author=admin_user).pk}/")

    admin_client.post(page, {"text": "Ask Grace"})
    note = Note.objects.get()
    assert note.text == "Ask Grace"
    assert note.edited_at is not None
    admin_client.post(page, {"text": "Ask Grace", "delete": "1"})
    assert not Note.objects.exists()


@pytest.mark.django_db
def test_nobody_edits_or_deletes_the_note_of_another(admin_client: Client) -> None:
    company = make_company()
    page = address(company, f"notes/{note_beside(company).pk}/")

    for data in ({"text": "Mine"}, {"text": "Mine", "delete": "1"}):
        assert admin_client.post(page, data).status_code == 403
    assert Note.objects.get().text == "Ask Ada first"


@pytest.mark.parametrize("name", ["campaign", "target", "action", "response", "document"])
def test_who_does_not_see_a_record_sees_and_writes_no_notes(world: World, name: str) -> None:
    row, client = world.hidden.rows[name], world.client("manager")
    note = note_beside(row, author=world.users["manager"])
    for page in ("notes/", f"notes/{note.pk}/", "history/", "timeline/"):
        assert client.get(address(row, page)).status_code in (302, 404)
    client.post(address(row, "notes/"), {"text": "Mine"})
    client.post(address(row, f"notes/{note.pk}/"), {"text": "Mine"})

    assert [one.text for one in Note.objects.all()] == ["Ask Ada first"]


def test_on_what_all_see_each_organization_reads_its_own_notes(world: World) -> None:
    company, campaign = world.draft.rows["company"], world.draft.campaign
    for row in (company, campaign):
        note_beside(row, f"{SECRET} by others", world.users["outsider"])
        note_beside(row, f"{SECRET} by us", world.users["manager"])
    page = world.client("member").get(address(company, "change/")).content.decode()
    assert f"{SECRET} by us" in page
    assert "by others" not in page
    # Who shares a campaign works on it together.
    together = world.client("member").get(address(campaign, "change/")).content.decode()
    assert f"{SECRET} by others" in together
    everything = world.client("steward").get(address(company, "change/")).content.decode()
    assert f"{SECRET} by others" in everything


def test_a_note_stays_in_the_organization_when_its_author_goes_to_another(world: World) -> None:
    company, author = world.draft.rows["company"], world.users["manager"]
    note_beside(company, "What we plan", author)
    Membership.objects.filter(user=author).update(organization=world.theirs)

    page = address(company, "change/")
    for who, is_read in (("member", True), ("manager", False), ("outsider", False)):
        told = world.client(who).get(page).content.decode()
        assert ("What we plan" in told) == is_read, who


def test_notes_of_a_merged_organization_are_read_in_the_one_that_was_kept(world: World) -> None:
    company = world.draft.rows["company"]
    note_beside(company, "What they plan", world.users["outsider"])
    now = timezone.now()
    merge_organizations(kept=world.ours, duplicate=world.theirs, merged_by=None, now=now)

    for who in ("member", "outsider"):
        told = world.client(who).get(address(company, "change/")).content.decode()
        assert "What they plan" in told, who


def test_who_changed_what_all_share_is_named_to_colleagues_only(world: World) -> None:
    company: Any = world.draft.rows["company"]
    for who in ("outsider", "editor"):
        company.name = f"Renamed by {who}"
        company.save()
        company.history.filter(name=company.name).update(history_user=world.users[who])
    page = address(company, "history/")
    told = world.client("member").get(page).content.decode()
    assert "Renamed by outsider" in told
    assert "· editor" in told
    stranger = str(User.objects.get(pk=world.users["outsider"].pk))
    assert f"· {stranger}" not in told
    assert "somebody of another organization" in told
    assert f"· {stranger}" in world.client("steward").get(page).content.decode()


def test_a_member_reads_and_writes_notes_where_they_may_not_edit(world: World) -> None:
    row, client = world.public.rows["action"], world.client("member")
    note_beside(row, author=world.users["editor"])

    assert "Ask Ada first" in client.get(address(row, "change/")).content.decode()
    assert client.post(address(row, "notes/"), {"text": "Mine"}).status_code == 302
    assert Note.objects.count() == 2


def version_before_a_change(row: Any) -> int:
    row.title = "Something else"
    row.save()
    return int(row.history.earliest("history_date", "history_id").pk)


def test_who_may_not_edit_a_record_restores_no_version(world: World) -> None:
    public, draft, hidden = (
        half.rows["action"] for half in (world.public, world.draft, world.hidden)
    )
    client = world.client("member")
    answers = [
        client.post(address(row, f"history/{version_before_a_change(row)}/")).status_code
        for row in (public, draft, hidden)
    ]

    assert answers == [403, 302, 404]
    assert Action.objects.get(pk=draft.pk).title == "Letter"
    assert Action.objects.get(pk=hidden.pk).title == "Something else"


def test_what_others_deleted_is_neither_told_nor_restored(world: World) -> None:
    row = world.hidden.rows["action"]
    key = row.pk
    row.delete()
    kept = Action.history.filter(id=key).earliest("history_date", "history_id").pk
    client = world.client("manager")
    page = f"/admin/campaigns/action/{key}/history/"

    assert client.get(page).status_code == 403
    assert client.post(f"{page}{kept}/").status_code == 403
    assert not Action.objects.filter(pk=key).exists()


@pytest.mark.django_db(transaction=True)
def test_no_public_output_contains_a_note(client: Client, tmp_path: Path) -> None:
    make_record()
    kinds: tuple[Any, ...] = (
        *(Campaign, Target, Action, Bill, Document, Organization, Company, StatusChange),
    )
    rows = [row for kind in kinds for row in kind.objects.all()]
    for row in rows:
        note_beside(row, f"{SECRET} has doubts about it")
    told = [f"/api/v1/{name}/" for name in LISTS]
    told += ["/", "/data/", "/corrections/", "/api/v1/statistics/", "/api/v1/schema/"]

    assert {kind for kind in kinds if kind.objects.exists()} == set(kinds)
    addresses = [row.get_absolute_url() for row in rows if hasattr(row, "get_absolute_url")]
    for page in [*told, *addresses]:
        answer = client.get(page)
        # What is a draft, or has to do with drafts only, has no page.
        assert answer.status_code == 200 or page in addresses, page
        assert SECRET not in answer.getvalue().decode(), page
    for name in ("campaigns", "actions", "companies"):
        found = client.get(f"/api/v1/{name}/", {"search": SECRET})
        assert b'"results":[]' in found.getvalue().replace(b" ", b"")
    export(tmp_path / "data")
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert files
    for path in files:
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
        assert SECRET.encode() not in content, path
