"""How a row is known again: by its number, by its key, and from then on by both."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from campaigns.models import Action, Campaign, ImportKey, Membership
from tests.campaigns.importing.bringing import bring, plan
from tests.factories import make_action, make_change, make_organization

pytestmark = pytest.mark.django_db

HEAD = "key,id,campaign,kind,title,happened_on\n"


def row_of(action: Action, key: str, number: object = "") -> str:
    return f"{key},{number},amazon,{action.kind},{action.title},{action.happened_on}\n"


def test_a_record_that_is_known_by_its_number_is_given_the_key_of_its_row(
    amazon: Campaign,
) -> None:
    action = make_action(amazon)
    versions = Action.history.count()
    planned = bring("actions", HEAD + row_of(action, "k1", action.pk))
    assert planned.rows[0].changes == ["key: “” becomes “k1”"]
    assert ImportKey.objects.get().action == action
    assert Action.history.count() == versions
    again = bring("actions", HEAD + row_of(action, "k1"))
    assert again.counts["unchanged"] == 1
    assert Action.objects.count() == 1


def test_a_record_keeps_the_key_that_it_has(amazon: Campaign) -> None:
    action = make_action(amazon)
    bring("actions", HEAD + row_of(action, "k1", action.pk))
    same, other = (
        plan("actions", HEAD + row_of(action, key, action.pk)).rows[0] for key in ("k1", "k2")
    )
    assert (same.errors, same.changes) == ([], [])
    assert other.errors == ["key: the record has the key “k1”, not “k2”."]


def test_a_key_stays_with_its_record(amazon: Campaign) -> None:
    first, second = make_action(amazon), make_action(amazon)
    bring("actions", HEAD + row_of(first, "k1", first.pk))
    row = plan("actions", HEAD + row_of(second, "k1", second.pk)).rows[0]
    assert row.errors == [f"key: “k1” is the key of another record, number {first.pk}."]


def test_a_record_is_not_meant_twice_in_one_file(amazon: Campaign) -> None:
    action = make_action(amazon)
    bring("actions", HEAD + row_of(action, "k1", action.pk))
    rows = plan("actions", HEAD + row_of(action, "k1") + row_of(action, "", action.pk)).rows
    assert [row.errors for row in rows] == [[], ["Line 2 is about the same record."]]


def test_a_key_that_is_too_long_is_refused_beside_a_number_as_well(amazon: Campaign) -> None:
    action = make_action(amazon)
    row = plan("actions", HEAD + row_of(action, "k" * 101, action.pk)).rows[0]
    assert row.errors == ["key: more than 100 characters."]


def test_a_member_gives_no_key_to_what_they_may_not_record(amazon: Campaign) -> None:
    change = make_change(amazon.targets.get())
    organization = make_organization()
    amazon.shared_with.add(organization)
    user = User.objects.create_user("member")
    Membership.objects.create(user=user, organization=organization, role="member")
    head = "key,id,campaign,target,status,effective_on\n"
    text = f"{head}k1,{change.pk},amazon,Amazon,called_on,2020-06-10\n"
    row = plan("status_changes", text, person=user).rows[0]
    assert row.errors == ["Your role does not allow this in the campaign."]
