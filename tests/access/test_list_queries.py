"""Every list of the workbench asks few queries, as many for many rows as for few."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies.models import Company
from companies.workbench import Workbench
from tests.access.worlds import World, make_half, make_world
from tests.holding import held

pytestmark = pytest.mark.django_db

MOST = 15
"""Queries of a list."""

world = held(make_world)

LISTS = [
    reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for model, model_admin in admin.site._registry.items()
    if isinstance(model_admin, Workbench)
]


def offered(client: Client, address: str) -> list[str]:
    """Return the list itself, its search, its filters and its order by all columns at once."""
    shown: Any = client.get(address).context["cl"]
    queries = ["", *(["?q=letter"] if shown.search_fields else [])]
    for spec in shown.filter_specs:
        queries += [one["query_string"] for one in spec.choices(shown)][-1:]
    columns = [n for n, name in enumerate(shown.list_display) if name in shown.sortable_by]
    return queries + [f"?o=-{'.-'.join(map(str, columns))}"] * bool(columns)


def count(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_takes_few_queries_and_no_more_for_more_rows(world: World, address: str) -> None:
    clients = {who: world.client(who) for who in ("steward", "editor", "member")}
    if address == reverse("admin:accounts_invitation_changelist"):
        for who in ("editor", "member"):  # for managers only
            assert clients.pop(who).get(address).status_code == 403
    before = {
        who: {query: count(client, address + query) for query in offered(client, address)}
        for who, client in clients.items()
    }
    assert max(max(counts.values()) for counts in before.values()) <= MOST, before
    company = Company.objects.get(name="Amazon")
    for is_public in (True, False):
        make_half(company, world.ours, is_public=is_public)
    # A filter may be offered, or a result found, that was not there before: the plain list tells.
    for who, client in clients.items():
        assert count(client, address) <= before[who][""] + 1, who
