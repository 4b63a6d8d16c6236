"""Adding findings to the backtest set in the admin: one click."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from campaigns.models import Membership, Role, Target
from sources.models import Finding, LabelledFinding, Review
from sources.services import accept_finding, dismiss_finding, remove_snapshot
from tests.factories import NOW, make_organization
from tests.sources.admin.desk import LIST, address, form_of
from tests.sources.factories import make_finding, make_snapshot

pytestmark = pytest.mark.django_db

DISMISS = {"action": "dismiss_and_add", "category": "old_news"}
ADD = "Add to the backtest set"
TAKE_OUT = "Take out of the backtest set"


def content(client: Client, finding: Finding) -> str:
    return client.get(address(finding)).content.decode()


def person(finding: Finding, role: Role) -> Client:
    """A member of an organization that shares the campaign."""
    organization = make_organization()
    finding.target.campaign.shared_with.add(organization)
    user = User.objects.create_user(role)
    Membership.objects.create(user=user, organization=organization, role=role)
    client = Client()
    client.force_login(user)
    return client


def test_dismissing_and_adding_is_one_click(admin_client: Client, finding: Finding) -> None:
    data = form_of(admin_client, finding, "dismiss_and_add") | {"category": "old_news"}
    answer = admin_client.post(address(finding), data, follow=True)
    assert "Dismissed, and added to the backtest set." in answer.content.decode()
    assert LabelledFinding.objects.get().finding == finding
    page = content(admin_client, finding)
    assert TAKE_OUT in page
    assert ADD not in page


def test_without_a_reason_nothing_is_dismissed_or_added(
    admin_client: Client, finding: Finding
) -> None:
    answer = admin_client.post(address(finding), {"action": "dismiss_and_add", "category": ""})
    assert "Choose why" in answer.content.decode()
    assert not Review.objects.exists()
    assert not LabelledFinding.objects.exists()


@pytest.mark.parametrize("verdict", ["dismissed", "accepted"])
def test_what_was_decided_is_added_and_taken_out_by_a_click_each_and_stays_open(
    admin_client: Client, finding: Finding, verdict: str
) -> None:
    if verdict == "dismissed":
        dismiss_finding(finding=finding, category="old_news", reviewer=None, now=NOW)
    else:
        accept_finding(finding=finding, reviewer=None, now=NOW)
    assert ADD in content(admin_client, finding)
    for _ in range(2):
        answer = admin_client.post(address(finding), form_of(admin_client, finding, "add"))
        assert answer["Location"] == address(finding)
        answer = admin_client.post(address(finding), {"action": "add"})
        assert LabelledFinding.objects.count() == 1
        admin_client.post(address(finding), form_of(admin_client, finding, "take_out"))
        assert not LabelledFinding.objects.exists()


def test_what_nobody_decided_about_is_not_added(admin_client: Client, finding: Finding) -> None:
    assert ADD not in content(admin_client, finding)
    answer = admin_client.post(address(finding), {"action": "add"})
    assert "Decide about it first" in answer.content.decode()
    assert not LabelledFinding.objects.exists()


def test_where_the_text_was_removed_it_is_said_instead(
    admin_client: Client, admin_user: User, finding: Finding
) -> None:
    dismiss_finding(finding=finding, category="old_news", reviewer=None, now=NOW)
    remove_snapshot(snapshot=finding.snapshot, editor=admin_user, reason="Private", now=NOW)
    page = content(admin_client, finding)
    assert "Its text was removed." in page
    assert ADD not in page


def test_a_bill_offers_no_set(admin_client: Client, amazon: Target) -> None:
    finding = make_finding(amazon, make_snapshot(kind="bill"))
    assert "backtest set" not in content(admin_client, finding)


@pytest.mark.parametrize(
    ("role", "may"), [(Role.MEMBER, False), (Role.EDITOR, True), (Role.MANAGER, True)]
)
def test_who_may_review_a_finding_may_add_it(finding: Finding, role: Role, *, may: bool) -> None:
    client = person(finding, role)
    assert (client.post(address(finding), DISMISS).status_code == 302) == may
    assert LabelledFinding.objects.exists() == may
    assert (TAKE_OUT in content(client, finding)) == may
    for action in ("add", "take_out"):
        answer = client.post(address(finding), {"action": action})
        assert (answer.status_code == 302) == may
    assert not LabelledFinding.objects.exists()


def test_a_finding_of_another_organization_is_neither_added_nor_taken_out(
    finding: Finding, pinemart: Target
) -> None:
    client = person(finding, Role.EDITOR)
    theirs = make_finding(pinemart)
    client.post(address(theirs), DISMISS)
    assert not Review.objects.exists()
    dismiss_finding(finding=theirs, category="old_news", reviewer=None, now=NOW)
    client.post(address(theirs), {"action": "add"})
    assert not LabelledFinding.objects.exists()
    kept = LabelledFinding.objects.create(finding=theirs, added_at=NOW)
    client.post(address(theirs), {"action": "take_out"})
    assert LabelledFinding.objects.get() == kept


def test_the_list_can_be_narrowed_to_the_set(
    admin_client: Client, finding: Finding, pinemart: Target
) -> None:
    dismiss_finding(finding=finding, category="old_news", reviewer=None, now=NOW, is_labelled=True)
    make_finding(pinemart)
    page = admin_client.get(LIST, {"state": "labelled"})
    assert [row.pk for row in page.context["cl"].result_list] == [finding.pk]
