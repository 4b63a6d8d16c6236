"""Between transactional tests the database becomes what `migrate` made it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DatabaseError, connection

from campaigns.models import StatusChange
from campaigns.versions import NOTES_TABLE, TOTAL_TABLE
from tests.factories import make_change

pytestmark = pytest.mark.django_db(transaction=True)

REFILLED = {"auth_permission", "django_content_type", NOTES_TABLE, TOTAL_TABLE}
"""Tables that `migrate` itself fills."""


def rows_of(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
        count: int = cursor.fetchone()[0]
    return count


def test_a_flush_leaves_nothing_that_a_test_wrote() -> None:
    make_change(to_status="paused")
    assert StatusChange.objects.exists()
    before = set(Permission.objects.values_list("codename", "content_type__model"))
    kind = ContentType.objects.create(app_label="campaigns", model="passing")
    Permission.objects.create(content_type=kind, codename="pass", name="Pass")
    call_command("flush", interactive=False, verbosity=0)
    tables = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
    }
    assert {table for table in tables - REFILLED if rows_of(table)} == set()
    assert set(Permission.objects.values_list("codename", "content_type__model")) == before
    assert not ContentType.objects.filter(model="passing").exists()


def test_after_a_flush_the_log_is_protected_again() -> None:
    call_command("flush", interactive=False, verbosity=0)
    make_change(to_status="paused")
    with pytest.raises(DatabaseError, match="never updated or deleted"), connection.cursor() as raw:
        raw.execute("DELETE FROM campaigns_statuschange")
