"""Snapshots in the admin: read, and their content removed with a reason."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from sources import evidence
from sources.models import Snapshot
from tests.sources.factories import PASSAGE, make_snapshot

pytestmark = pytest.mark.django_db

LIST = "/admin/sources/snapshot/"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path
    return tmp_path


@pytest.fixture
def snapshot() -> Snapshot:
    return make_snapshot(body_hash=evidence.put(b"<p>private</p>"), title="<i>Our</i> policy")


def page_of(snapshot: Snapshot) -> str:
    return f"{LIST}{snapshot.pk}/change/"


def removal_of(snapshot: Snapshot) -> str:
    return f"{LIST}{snapshot.pk}/remove/"


def staff(*codenames: str) -> Client:
    user = User.objects.create_user("somebody", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


def test_a_snapshot_can_be_read_and_nothing_else(admin_client: Client, snapshot: Snapshot) -> None:
    assert "&lt;i&gt;Our&lt;/i&gt; policy" in admin_client.get(LIST).content.decode()
    page = admin_client.get(page_of(snapshot)).content.decode()
    assert PASSAGE in page
    assert snapshot.body_hash in page
    assert 'name="_save"' not in page
    assert admin_client.post(page_of(snapshot), {"text": "x"}).status_code == 403
    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.get(f"{LIST}{snapshot.pk}/delete/").status_code == 403


def test_the_content_is_removed_with_a_reason(
    admin_client: Client,
    admin_user: User,
    snapshot: Snapshot,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    twin = make_snapshot(body_hash=snapshot.body_hash)
    assert removal_of(snapshot) in admin_client.get(page_of(snapshot)).content.decode()
    asked = admin_client.get(removal_of(snapshot)).content.decode()
    assert "2 snapshots hold these bytes" in asked
    with django_capture_on_commit_callbacks(execute=True):
        answer = admin_client.post(removal_of(snapshot), {"reason": "It names a child."})
    assert (answer.status_code, answer["Location"]) == (302, page_of(snapshot))
    for row in (snapshot, twin):
        row.refresh_from_db()
        assert (row.text, row.removal_reason) == ("", "It names a child.")
        assert (row.removed_by, row.removed_at is not None) == (admin_user, True)
    assert not evidence.path_of(snapshot.body_hash).exists()
    page = admin_client.get(page_of(snapshot)).content.decode()
    assert "The content of 2 snapshots is removed." in page
    assert "It names a child." in page
    assert removal_of(snapshot) not in page


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_without_a_reason_nothing_is_removed(
    admin_client: Client, snapshot: Snapshot, reason: str
) -> None:
    answer = admin_client.post(removal_of(snapshot), {"reason": reason})
    assert answer.status_code == 200
    assert "This field is required." in answer.content.decode()
    snapshot.refresh_from_db()
    assert snapshot.removed_at is None
    assert evidence.path_of(snapshot.body_hash).exists()


def test_what_is_removed_is_not_removed_again(admin_client: Client, snapshot: Snapshot) -> None:
    admin_client.post(removal_of(snapshot), {"reason": "First."})
    answer = admin_client.post(removal_of(snapshot), {"reason": "Second."}, follow=True)
    assert "The content is removed already." in answer.content.decode()
    snapshot.refresh_from_db()
    assert snapshot.removal_reason == "First."


def test_a_snapshot_that_is_not_there_is_said_to_be_missing(admin_client: Client) -> None:
    answer = admin_client.get(f"{LIST}12345/remove/", follow=True)
    assert "doesn’t exist" in answer.content.decode()


def test_who_may_only_look_cannot_remove(snapshot: Snapshot) -> None:
    client = staff("view_snapshot", "change_snapshot")
    page = client.get(page_of(snapshot))
    assert page.status_code == 200
    assert "Remove the content" not in page.content.decode()
    assert client.get(removal_of(snapshot)).status_code == 403
    assert client.post(removal_of(snapshot), {"reason": "Mine."}).status_code == 403
    snapshot.refresh_from_db()
    assert snapshot.removed_at is None


def test_who_may_delete_snapshots_may_remove_what_they_hold(snapshot: Snapshot) -> None:
    client = staff("delete_snapshot")
    assert "Remove the content" in client.get(page_of(snapshot)).content.decode()
    client.post(removal_of(snapshot), {"reason": "A name."})
    snapshot.refresh_from_db()
    assert snapshot.removal_reason == "A name."


def test_who_has_no_permission_sees_nothing(snapshot: Snapshot) -> None:
    client = staff("view_source")
    for address in (LIST, page_of(snapshot), removal_of(snapshot)):
        assert client.get(address).status_code == 403


def test_who_is_not_logged_in_is_asked_to(client: Client, snapshot: Snapshot) -> None:
    answer = client.post(removal_of(snapshot), {"reason": "A name."})
    assert answer["Location"].startswith("/admin/login/")
    snapshot.refresh_from_db()
    assert snapshot.removed_at is None
