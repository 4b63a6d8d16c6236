"""Merging organizations: what they did and who belongs to them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User

from accounts.models import Invitation
from campaigns.models import Membership, Role
from campaigns.services import merge_organizations
from campaigns.timemachine import as_known
from tests.factories import NOW, made_at, make_action, make_campaign, make_organization

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def test_what_organizations_did_before_a_merge_is_still_told() -> None:
    with made_at(NOW):
        kept, duplicate = make_organization(), make_organization()
        campaign = make_campaign(organizations=(kept, duplicate))
        action = make_action(campaign)
        action.organizations.add(duplicate)
    with made_at(NOW + DAY):
        merge_organizations(kept=kept, duplicate=duplicate, merged_by=None, now=NOW)
    for moment in (NOW, NOW + DAY):
        with as_known(moment):
            assert list(campaign.organizations.all()) == [kept]
            assert list(action.organizations.all()) == [kept]


def test_who_is_a_member_of_both_organizations_keeps_the_higher_role() -> None:
    kept, duplicate = make_organization(), make_organization()
    both, one = User.objects.create_user("both"), User.objects.create_user("one")
    for user, organization, role in (
        (both, kept, Role.MEMBER), (both, duplicate, Role.MANAGER), (one, duplicate, Role.EDITOR),
    ):  # fmt: skip
        Membership.objects.create(user=user, organization=organization, role=role)
    campaign = make_campaign()
    campaign.shared_with.add(duplicate)
    for organization in (kept, duplicate):
        Invitation.objects.create(
            organization=organization, email="a@b.example", created_at=NOW, expires_at=NOW + DAY
        )
    merge_organizations(kept=kept, duplicate=duplicate, merged_by=None, now=NOW)
    roles = dict(kept.memberships.values_list("user__username", "role"))
    assert roles == {"both": "manager", "one": "editor"}
    assert list(campaign.shared_with.all()) == [kept]
    assert sorted(kept.invitations.values_list("revoked_at", flat=True), key=bool) == [None, NOW]
