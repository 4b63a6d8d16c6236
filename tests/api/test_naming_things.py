"""What a list is filtered by is named by its number or its slug."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.api.factories import BY_COMPANY, World, ids, make_position, make_world
from tests.holding import held

pytestmark = pytest.mark.django_db

BY_ORGANIZATION = ("companies", *BY_COMPANY[1:])
BY_TOPIC = ("companies", "organizations", *BY_ORGANIZATION[2:])
BY_CAMPAIGN = ("companies", "organizations", "topics", *BY_ORGANIZATION[3:-3], "documents")


def make_worlds() -> tuple[World, World]:
    """Two that share nothing, each with a row of every kind."""
    wanted, other = make_world(), make_world()
    for world in (wanted, other):
        make_position(world.company, world.bill, world.document)
    return wanted, other


worlds = held(make_worlds)


@pytest.mark.parametrize(
    ("name", "resource"),
    [("company", resource) for resource in BY_COMPANY]
    + [("organization", resource) for resource in BY_ORGANIZATION]
    + [("topic", resource) for resource in BY_TOPIC]
    + [("campaign", resource) for resource in BY_CAMPAIGN],
)
def test_a_thing_is_named_by_its_number_or_its_slug(
    client: Client, worlds: tuple[World, World], name: str, resource: str
) -> None:
    wanted, other = worlds
    everything = ids(client, resource)
    thing = getattr(wanted, name)
    found = ids(client, resource, **{name: thing.slug})
    assert found == ids(client, resource, **{name: thing.pk})
    assert found
    assert set(found).isdisjoint(ids(client, resource, **{name: getattr(other, name).slug}))
    assert len(found) * 2 == len(everything)
