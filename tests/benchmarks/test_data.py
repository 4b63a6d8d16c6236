"""The generated record is one that the services could have written, the same for every seed."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from benchmarks.api.data import TABLES, build
from campaigns.models import (
    Action,
    Campaign,
    Citation,
    LogHead,
    Outcome,
    StatusChange,
    Target,
)
from campaigns.services import rebuild_status
from companies.models import Alias, Company, Product

# It is loaded with PostgreSQL's COPY.
pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def build_small(seed: int = 1) -> None:
    assert connection.in_atomic_block
    connection.ensure_connection()
    build(connection.connection, scale=0.001, seed=seed, report=lambda line: None)


def test_the_columns_of_targets_say_what_the_log_says() -> None:
    build_small()
    repairs = list(rebuild_status(now=timezone.now()))

    assert len(repairs) == Target.objects.count() > 50
    assert not any(repairs)


def test_no_row_breaks_a_rule_of_its_model() -> None:
    build_small()
    checked = 0
    for model in (Company, Alias, Product, Campaign, Target, Action, Outcome, Citation):
        for row in model._default_manager.all()[:200]:
            row.full_clean(validate_unique=False)
            checked += 1

    assert checked > 500


def test_the_constraints_and_indexes_are_there_again_and_hold() -> None:
    before = definitions()
    build_small()

    assert definitions() == before
    connection.check_constraints()


def test_the_log_goes_on_where_the_generated_one_ends() -> None:
    build_small()
    head = LogHead.objects.get()

    assert head.last_sequence == StatusChange.objects.count() == 250
    assert head.last_recorded_at == StatusChange.objects.order_by("sequence")[249].recorded_at
    assert Company.objects.create(name="New", slug="new").pk > 12


def test_drafts_are_generated_too() -> None:
    build_small()

    drafts = Campaign.objects.filter(published_at=None)
    assert 0 < drafts.count() < Campaign.objects.count() / 4


def test_the_public_feed_is_filled_where_there_is_one() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE campaigns_loghead ADD IF NOT EXISTS last_feed_sequence bigint")
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS campaigns_feedentry (sequence bigint, event varchar(9), "
            "status_change_id bigint REFERENCES campaigns_statuschange "
            "DEFERRABLE INITIALLY DEFERRED, entered_at timestamptz)"
        )
    build_small()

    public = StatusChange.objects.public().order_by("sequence").values_list("pk", "recorded_at")
    entries = rows(
        "SELECT sequence, event, status_change_id, entered_at FROM campaigns_feedentry "
        "ORDER BY sequence"
    )
    assert entries == [(n, "published", *change) for n, change in enumerate(public, 1)]
    assert 100 < len(entries) < 250
    assert rows("SELECT last_feed_sequence FROM campaigns_loghead") == [(len(entries),)]


def test_the_same_seed_gives_the_same_rows() -> None:
    build_small(seed=7)
    first = digest()
    empty_all()
    build_small(seed=7)
    assert digest() == first
    empty_all()
    build_small(seed=8)
    assert digest() != first


def rows(statement: str, parameters: list[Any] | None = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        fetched: list[Any] = cursor.fetchall()
        return fetched


def definitions() -> list[Any]:
    indexes = rows("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
    keys = rows(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
    )
    return [*indexes, *keys]


def digest() -> str:
    """A hash of everything that was generated."""
    content = hashlib.sha256()
    for table, (columns, _) in TABLES.items():
        listed = ", ".join(columns)
        for row in rows(f"SELECT {listed} FROM {table} ORDER BY {listed}"):
            content.update(repr(row).encode())
    return content.hexdigest()


def empty_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"TRUNCATE {', '.join(TABLES)}, campaigns_loghead CASCADE")
        cursor.execute("SET LOCAL session_replication_role = origin")
