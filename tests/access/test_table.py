"""Every cell of the table in docs/permissions.md, for every role, over HTTP."""

from copy import deepcopy

import pytest
from django.contrib import admin
from django.db import transaction

from campaigns.models import Membership
from companies.workbench import Workbench
from tests.access.deeds import DEEDS
from tests.access.table import STATES, Cell, cells
from tests.access.worlds import OTHERS, ROLES, World, make_world
from tests.holding import held

pytestmark = pytest.mark.django_db


made_world = held(make_world)


@pytest.fixture
def world(made_world: World) -> World:
    """Two organizations that share nothing, as they were made."""
    return deepcopy(made_world)


@pytest.mark.parametrize("cell", cells(), ids=str)
def test_each_role_may_do_what_the_table_says_and_nothing_else(cell: Cell, world: World) -> None:
    done, expected = {}, {}
    for state in STATES:
        for who in (*ROLES, *OTHERS):
            with transaction.atomic():
                half = world.half(state)
                expected[state, who] = cell.allows(who, state)
                if who == "outsider":
                    expected[state, who] = is_theirs_too(cell)
                done[state, who] = DEEDS[cell.verb](world, half, cell.record, who)
                transaction.set_rollback(True)
    assert done == expected


SHARED = ("company", "product", "organization", "topic", "bill", "position")


def is_theirs_too(cell: Cell) -> bool:
    """Whether the manager of another organization may do it: with what all campaigns share, and
    with what is new and belongs to no campaign yet.
    """
    is_new = cell.verb == "add" and cell.record in ("document", "source")
    return (is_new or cell.record in SHARED) and cell.allows("manager", "public")


def test_the_table_speaks_of_every_kind_of_record_that_members_work_with(world: World) -> None:
    benches = {
        model._meta.verbose_name
        for model, model_admin in admin.site._registry.items()
        if isinstance(model_admin, Workbench)
    }
    assert benches == {cell.record for cell in cells()}


@pytest.mark.parametrize("role", ROLES)
def test_who_is_removed_from_an_organization_sees_nothing_of_it(role: str, world: World) -> None:
    Membership.objects.filter(user=world.users[role]).delete()
    for cell in cells():
        if cell.verb == "see":
            assert not DEEDS["see"](world, world.public, cell.record, role)
