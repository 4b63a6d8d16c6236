"""Who leaves an organization looks after nothing of it any more, and is told nothing of it."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from campaigns.access import roles_of
from campaigns.models import Campaign, Membership, Organization, Role
from campaigns.services import merge_organizations
from companies.access import visible
from sources.models import Finding, Source
from sources.services import owe_health_mails
from sources.services.census import take_census
from sources.services.notices import write_notices
from tests.factories import NOW, make_campaign, make_organization, make_target
from tests.sources.factories import make_finding, make_snapshot, make_source, make_watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return make_organization("Eyes")


@pytest.fixture
def campaign(organization: Organization) -> Campaign:
    campaign = make_campaign()
    campaign.shared_with.add(organization)
    return campaign


@pytest.fixture
def manager(organization: Organization) -> User:
    user = User.objects.create_user("manager", "manager@eyes.example")
    Membership.objects.create(user=user, organization=organization, role=Role.MANAGER)
    return user


@pytest.fixture
def source(campaign: Campaign, manager: User) -> Source:
    """A broken source that is watched for the campaign."""
    source = make_source(
        broken_since=NOW, failing_since=NOW, failures_count=5, last_cause="not_found"
    )
    make_watch(source, make_target(campaign=campaign))
    source.stewards.add(manager)
    return source


def move(user: User) -> None:
    """Let a person work for another organization instead."""
    Membership.objects.filter(user=user).get().delete()
    other = make_organization("Ears")
    Membership.objects.create(user=user, organization=other, role=Role.MANAGER)


def sees(user: User, source: Source) -> bool:
    fresh = User.objects.get(pk=user.pk)
    assert roles_of(fresh)
    return visible(Source.objects.filter(pk=source.pk), fresh).exists()


def told(user: User, source: Source) -> list[str]:
    write_notices({source: None})
    owe_health_mails(now=NOW)
    kinds = list(user.source_notices.values_list("kind", flat=True))
    return sorted(kinds)


def test_a_steward_sees_the_source_and_is_told(source: Source, manager: User) -> None:
    assert sees(manager, source)
    assert told(manager, source) == ["broken", "weekly"]
    assert take_census(steward=manager, now=NOW).broken == [source]


def test_who_went_to_another_organization_neither_sees_it_nor_is_told(
    source: Source, manager: User
) -> None:
    move(manager)
    assert not sees(manager, source)
    assert told(manager, source) == []
    assert take_census(steward=manager, now=NOW).is_empty


def test_who_went_is_not_told_that_it_recovered(source: Source, manager: User) -> None:
    write_notices({source: None})
    move(manager)
    broken_since, source.broken_since = source.broken_since, None
    write_notices({source: broken_since})
    assert [notice.kind for notice in manager.source_notices.all()] == ["broken"]


def test_staff_are_stewards_wherever_they_work(source: Source) -> None:
    staff = User.objects.create_user("staff", "staff@news.example", is_staff=True)
    source.stewards.add(staff)
    assert told(staff, source) == ["broken", "weekly"]


def test_a_source_that_nothing_is_watched_for_is_its_stewards_while_they_work_somewhere(
    manager: User,
) -> None:
    source = make_source()
    source.stewards.add(manager)
    assert sees(manager, source)
    move(manager)
    assert not sees(manager, source)
    assert not source.stewards.exists()


@pytest.mark.parametrize("ends", ["leaves", "is a member from now on"])
def test_findings_of_who_may_review_them_no_more_wait_for_anybody(
    ends: str, source: Source, campaign: Campaign, manager: User
) -> None:
    finding = make_finding(make_target(campaign=campaign), make_snapshot(source))
    Finding.objects.filter(pk=finding.pk).update(assigned_to=manager)
    membership = Membership.objects.get(user=manager)
    membership.role = Role.EDITOR
    membership.save()
    finding.refresh_from_db()
    assert finding.assigned_to == manager
    if ends == "leaves":
        membership.delete()
    else:
        membership.role = Role.MEMBER
        membership.save()
    finding.refresh_from_db()
    assert finding.assigned_to is None


def test_a_membership_that_is_given_to_somebody_else_ends_that_of_the_first(
    source: Source, campaign: Campaign, manager: User
) -> None:
    finding = make_finding(make_target(campaign=campaign), make_snapshot(source))
    Finding.objects.filter(pk=finding.pk).update(assigned_to=manager)
    membership = Membership.objects.get(user=manager)
    membership.user = User.objects.create_user("next")
    membership.save()
    finding.refresh_from_db()
    assert finding.assigned_to is None


@pytest.mark.parametrize("ends", ["it is taken out of the organization's", "or the other way"])
def test_findings_of_a_campaign_that_is_taken_away_from_an_organization_wait_for_anybody(
    ends: str,
    source: Source,
    campaign: Campaign,
    organization: Organization,
    manager: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    finding = make_finding(make_target(campaign=campaign), make_snapshot(source))
    Finding.objects.filter(pk=finding.pk).update(assigned_to=manager)
    with django_capture_on_commit_callbacks(execute=True):
        campaign.shared_with.add(make_organization())
    finding.refresh_from_db()
    assert finding.assigned_to == manager
    with django_capture_on_commit_callbacks(execute=True):
        if ends == "it is taken out of the organization's":
            organization.shared_campaigns.clear()
        else:
            campaign.shared_with.remove(organization)
    finding.refresh_from_db()
    assert finding.assigned_to is None


@pytest.mark.parametrize("is_manager_everywhere", [True, False])
def test_findings_stay_assigned_when_organizations_are_merged(
    source: Source,
    campaign: Campaign,
    organization: Organization,
    manager: User,
    is_manager_everywhere: bool,
    django_capture_on_commit_callbacks: Any,
) -> None:
    kept = make_organization()
    if is_manager_everywhere:
        Membership.objects.create(user=manager, organization=kept, role=Role.MEMBER)
    finding = make_finding(make_target(campaign=campaign), make_snapshot(source))
    Finding.objects.filter(pk=finding.pk).update(assigned_to=manager)
    with django_capture_on_commit_callbacks(execute=True):
        merge_organizations(kept=kept, duplicate=organization, merged_by=None, now=NOW)
    finding.refresh_from_db()
    assert finding.assigned_to == manager
    assert sees(manager, source)
