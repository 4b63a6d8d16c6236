"""The lists of the admin over a large record: server time and queries of each page.

On PostgreSQL at the scale of ``benchmarks.api.data``: 50,000 campaigns, 500,000 actions. Asked by
a steward, who sees all, and by an editor with whose organization a tenth is shared.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from benchmarks.api.data import build
from benchmarks.timing import Row, best_of
from campaigns.models import Campaign, Membership, Organization, Role
from companies.access import visible

PER_PAGE = 100
LIMIT = 0.3
"""Seconds of server time for a list."""
DEEP = "?p=deep"
"""Stands for the page in the middle of the list: the one that is farthest from both ends."""
PAGES = {
    "campaigns_campaign": ["", DEEP, "?q=letter", "?published_at__isempty=1"],
    "campaigns_action": [
        "",
        DEEP,
        "?q=letter",
        "?q=amazon+letter",
        "?kind__exact=petition",
        "?kind__exact=petition&p=9",
        "?answer=overdue",
        "?year=2019",
    ],
    "campaigns_target": ["", DEEP, "?q=company", "?status__exact=paused", "?outcome=ending"],
    "campaigns_statuschange": ["", DEEP, "?q=letter", "?to_status__exact=met"],
    "campaigns_outcome": ["", DEEP, "?q=letter"],
    "campaigns_response": ["", DEEP, "?q=letter", "?year=2019"],
    "campaigns_document": ["", DEEP, "?q=letter", "?year=2019"],
    "companies_company": ["", DEEP, "?q=corp"],
    "campaigns_organization": ["", "?q=union"],
}


def measure() -> Iterator[Row]:
    """Load the record, then ask for every list as often as it takes for a steady figure."""
    call_command("collectstatic", verbosity=0, interactive=False)
    with transaction.atomic():
        build(connection.connection, scale=float(os.environ.get("LISTS_SCALE", "1")))
    for user in (User.objects.create_superuser("steward"), _editor()):
        yield from pages_of(user)


def pages_of(user: User) -> Iterator[Row]:
    """Ask for every list as somebody."""
    client = Client()
    client.force_login(user)
    yield from _page(user.username, client, "/admin/")
    for name, queries in PAGES.items():
        app, model = name.split("_")
        for query in queries:
            if query == DEEP:
                rows = visible(apps.get_model(app, model)._default_manager.all(), user)
                query = f"?p={rows.count() // PER_PAGE // 2 + 1}"
            yield from _page(user.username, client, f"/admin/{app}/{model}/{query}")


def _page(who: str, client: Client, url: str) -> Iterator[Row]:
    def ask() -> None:
        status = client.get(url).status_code
        if status != 200:
            raise AssertionError(f"{url} answered {status}")

    count = 0

    def counted(execute: Any, *args: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*args)

    with connection.execute_wrapper(counted):
        ask()
    took = best_of(ask, times=3, clock=time.perf_counter)
    yield Row(f"{who} {url} ({count} queries)", took, LIMIT)


def _editor() -> User:
    """Somebody with whose organization every tenth campaign is shared."""
    user = User.objects.create_user("editor")
    organization = Organization.objects.order_by("pk")[0]
    Membership.objects.create(user=user, organization=organization, role=Role.EDITOR)
    through = Campaign.shared_with.through
    keys = Campaign.objects.order_by("pk").values_list("pk", flat=True)[::10]
    rows = (through(campaign_id=key, organization=organization) for key in keys)
    through.objects.bulk_create(rows, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as the database itself does after a while
    return user
