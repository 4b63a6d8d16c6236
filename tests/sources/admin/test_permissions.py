"""Who may look at findings, and who may review them."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from campaigns.models import Target
from sources.models import Finding, Review
from tests.sources.factories import make_finding

pytestmark = pytest.mark.django_db

LIST = "/admin/sources/finding/"


@pytest.fixture
def finding(amazon: Target) -> Finding:
    """Something to review."""
    return make_finding(amazon)


def address(finding: Finding) -> str:
    return f"{LIST}{finding.pk}/change/"


def reader(codename: str) -> Client:
    user = User.objects.create_user(codename, is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename=codename))
    client = Client()
    client.force_login(user)
    return client


def test_who_may_only_look_sees_no_buttons_and_cannot_post(finding: Finding) -> None:
    client = reader("view_finding")
    page = client.get(address(finding))
    assert page.status_code == 200
    assert b"<button" not in page.content.split(b'id="content-main"')[1]
    assert (
        client.post(address(finding), {"action": "dismiss", "category": "old_news"}).status_code
        == 403
    )
    assert not Review.objects.exists()


def test_who_may_change_findings_may_review_them(finding: Finding) -> None:
    client = reader("change_finding")
    client.post(address(finding), {"action": "dismiss", "category": "old_news"})
    assert Review.objects.exists()


def test_who_has_no_permission_sees_nothing(finding: Finding) -> None:
    assert reader("view_source").get(address(finding)).status_code == 403
