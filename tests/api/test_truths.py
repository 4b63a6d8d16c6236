"""Every filter that says yes or no parts its list in two, at any moment."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from api.filters import TruthFilter
from api.resources import RESOURCES as DECLARED
from campaigns.models import Citation, Response
from tests.api.factories import HASH, ids, make_blind, make_position, make_response, make_world
from tests.api.groves import make_grove
from tests.factories import (
    NOW,
    made_at,
    make_change,
    make_citation_draft,
    make_document,
    make_outcome_draft,
    make_target,
)
from tests.holding import held

pytestmark = pytest.mark.django_db

TRUTHS = [
    (resource.name, item.name)
    for resource in DECLARED
    for item in resource.filters
    if isinstance(item, TruthFilter)
]


def make_mixed_world() -> None:
    """Rows for which each claim holds, and rows for which it does not."""
    make_grove()
    world = make_world()
    make_response(world.target, kind=Response.Kind.DENIAL)
    for fact in (
        {"action": world.action},
        {"response": world.response},
        {"position": make_position(world.company)},
        {"outcome": world.outcome},
    ):
        Citation.objects.create(document=make_document(), quote="kept", snapshot_hash=HASH, **fact)
    make_change(
        world.target,
        "in_court",
        dt.date(2020, 9, 1),
        citations=[make_citation_draft(snapshot_hash=HASH)],
    )
    with made_at(NOW):
        unending = make_outcome_draft(expires_on=None)
        make_change(make_target(), "met", dt.date(2019, 1, 1), outcome=unending)
    make_change(make_target(), "refused")
    make_blind(world.source)


mixed_world = held(make_mixed_world)


@pytest.mark.usefixtures("mixed_world")
@pytest.mark.parametrize("resource", sorted({resource for resource, _ in TRUTHS}))
def test_yes_and_no_part_every_list_in_two(client: Client, resource: str) -> None:
    for name in [name for narrowed, name in TRUTHS if narrowed == resource]:
        for clocks in ({}, {"as_of": "2020-12-01"}, {"known_at": "2099-01-01"}):
            query: dict[str, Any] = {**clocks}
            yes, no = (ids(client, resource, **query, **{name: v}) for v in ("true", "false"))
            assert clocks or (yes and no), name
            assert sorted(yes + no) == sorted(ids(client, resource, **query)), (name, clocks)
