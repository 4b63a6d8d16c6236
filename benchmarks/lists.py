"""The lists of the admin over a large record: server time and queries of each page.

At the scale of ``benchmarks.api.data``: 50,000 campaigns, 500,000 actions. Every list that is
registered is asked for its first page, one in the middle, a search, each filter and each column to
sort by, by the people of ``benchmarks.at_work``: a steward, who sees all, an editor with a tenth
of the campaigns, a member with twenty.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse

from benchmarks import at_work
from benchmarks.api.data import build
from benchmarks.api.loading import say
from benchmarks.api.sqlite_loading import build_in_sqlite
from benchmarks.timing import Row, best_of
from companies.workbench import Workbench

LIMIT = 0.3
"""Seconds of server time for a list."""
WORDS = {"companies": "corp", "sources": "policy"}
"""What is searched for in the lists of an app; elsewhere a word of titles."""


def measure() -> Iterator[Row]:
    """Load the record, then ask for every list as often as it takes for a steady figure."""
    call_command("collectstatic", verbosity=0, interactive=False)
    setup_test_environment()
    people = _load(float(os.environ.get("LISTS_SCALE", "1")))
    for user in people:
        yield from _pages_of(user)


def _load(scale: float) -> list[User]:
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        with transaction.atomic():
            build(connection.connection, scale=scale)
    else:
        build_in_sqlite(scale=scale)
    with transaction.atomic():
        people = at_work.people()
        at_work.work(people[1])
    at_work.settle()
    return people


def _pages_of(user: User) -> Iterator[Row]:
    """Ask for every list as somebody."""
    say(f"  as {user}")
    client = Client()
    client.force_login(user)
    yield _page(user, client, "/admin/")
    for model, model_admin in admin.site._registry.items():
        if isinstance(model_admin, Workbench):
            names = (model._meta.app_label, model._meta.model_name)
            address = reverse("admin:{}_{}_changelist".format(*names))
            if client.get(address).status_code == 200:
                for query in _queries(client, address, WORDS.get(names[0], "letter")):
                    yield _page(user, client, address + query)


def _queries(client: Client, address: str, word: str) -> Iterator[str]:
    """Yield the query strings that a list offers."""
    shown: Any = client.get(address).context["cl"]
    pages_count = shown.paginator.num_pages
    yield ""
    if pages_count > 2:
        yield f"?p={pages_count // 2}"
    if shown.search_fields:
        yield f"?q={word}"
    for spec in shown.filter_specs:
        offered = [one["query_string"] for one in spec.choices(shown) if not one["selected"]]
        yield from offered[:2]
    for number, name in enumerate(shown.list_display):
        if name in shown.sortable_by and shown.get_ordering_field(name):
            yield f"?o=-{number}"


def _page(user: User, client: Client, url: str) -> Row:
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
    took = best_of(ask, times=3, clock=_clock())
    return Row(f"{user} {url} ({count} queries)", took, LIMIT)


def _clock() -> Callable[[], float]:
    """SQLite works in this process, where others disturb least; PostgreSQL in one of its own."""
    return time.process_time if connection.vendor == "sqlite" else time.perf_counter
