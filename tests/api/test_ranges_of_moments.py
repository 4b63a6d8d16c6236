"""Ranges of the moments at which rows were made and edited."""

from __future__ import annotations

import pytest
from django.test import Client

from api.resources import RESOURCES as DECLARED
from tests.api.factories import RESOURCES, ids, results
from tests.api.groves import make_grove
from tests.holding import held

pytestmark = pytest.mark.django_db

grove = held(make_grove)

RANGES = [
    (resource.name, item.name.removesuffix("_after"))
    for resource in DECLARED
    for item in resource.filters
    if item.name in ("updated_after", "created_after")
]


def test_every_list_of_what_is_edited_has_a_range_of_its_edits() -> None:
    edited = {resource for resource, name in RANGES if name == "updated"}
    assert edited == set(RESOURCES) - {"outcomes", "status-changes", "sources"}


@pytest.mark.usefixtures("grove")
@pytest.mark.parametrize(("resource", "name"), RANGES)
def test_a_range_of_moments_is_that_of_the_member_and_includes_its_ends(
    client: Client, resource: str, name: str
) -> None:
    everything = results(client, resource)
    moments = sorted({row[f"{name}_at"] for row in everything})
    assert len(moments) > 1
    for moment in moments:
        after = ids(client, resource, **{f"{name}_after": moment})
        before = ids(client, resource, **{f"{name}_before": moment})
        assert after == [row["id"] for row in everything if row[f"{name}_at"] >= moment]
        assert before == [row["id"] for row in everything if row[f"{name}_at"] <= moment]
