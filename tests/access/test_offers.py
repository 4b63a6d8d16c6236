"""What is offered is not refused afterwards."""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests.access.deeds import address, delete
from tests.access.worlds import World, make_world, stored
from tests.holding import held

pytestmark = pytest.mark.django_db

made_world = held(make_world)


@pytest.fixture
def world(made_world: World) -> World:
    """Two organizations that share nothing, as they were made."""
    return deepcopy(made_world)


@pytest.mark.parametrize(("who", "is_offered"), [("member", False), ("editor", True)])
def test_a_status_change_is_offered_to_who_may_record_it(
    who: str, is_offered: bool, world: World
) -> None:
    client = world.client(who)
    target = world.draft.rows["target"]
    campaign = world.draft.campaign
    for page in (address(target), address(campaign)):
        text = client.get(page).content.decode()
        assert ("statuschange/add/" in text.split('id="content"')[1]) == is_offered, page
    change = client.get(address(world.public.rows["status change"])).content.decode()
    assert ("/correct/" in change) == is_offered


@pytest.mark.parametrize("record", ["campaign", "target", "status change"])
def test_the_site_is_offered_for_what_it_shows(record: str, world: World) -> None:
    client = world.client("editor")
    for half, is_shown in ((world.draft, False), (world.public, True)):
        text = client.get(address(half.rows[record])).content.decode()
        assert ("View on site" in text) == is_shown


def test_an_action_whose_quote_was_lost_can_be_deleted(world: World) -> None:
    lost = world.draft.rows["lost quote"]
    action = lost.citation.action  # type: ignore[attr-defined]
    world.draft.rows["action"] = action
    assert delete(world, world.draft, "action", "editor")
    assert stored(lost) is None
