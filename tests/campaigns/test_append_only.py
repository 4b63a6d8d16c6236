"""The log is written once: the model says so, and so does the database."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from campaigns.errors import AppendOnlyError
from campaigns.models import Exemption, FeedEntry, Outcome, StatusChange
from campaigns.triggers import APPEND_ONLY_TABLES, install_triggers
from tests.factories import make_change, make_outcome_draft

pytestmark = pytest.mark.django_db

LOG = [StatusChange, Outcome, Exemption, FeedEntry]


@pytest.fixture
def recorded() -> StatusChange:
    return make_change(to_status="paused", outcome=make_outcome_draft(exemptions=("Thorn",)))


@pytest.mark.parametrize("model", LOG)
@pytest.mark.usefixtures("recorded")
def test_the_model_refuses_to_save_again_or_to_delete(model: type[Model]) -> None:
    row = model._default_manager.get()

    with pytest.raises(AppendOnlyError):
        row.save()
    with pytest.raises(AppendOnlyError):
        row.delete()


@pytest.mark.parametrize("model", LOG)
@pytest.mark.usefixtures("recorded")
def test_the_queryset_refuses_to_update_or_delete(model: type[Model]) -> None:
    rows = model._default_manager.all()

    with pytest.raises(AppendOnlyError):
        rows.update(pk=99)
    with pytest.raises(AppendOnlyError):
        rows.bulk_update(list(rows), [])
    with pytest.raises(AppendOnlyError):
        rows.delete()


WAYS = {
    "sqlite": [
        "UPDATE {table} SET {key} = {key}",
        "DELETE FROM {table}",
        "REPLACE INTO {table} SELECT * FROM {table}",
    ],
    "postgresql": [
        "UPDATE {table} SET {key} = {key}",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
    ],
}


@pytest.mark.parametrize("table", APPEND_ONLY_TABLES)
@pytest.mark.parametrize("way", range(3))
@pytest.mark.usefixtures("recorded")
def test_the_database_refuses_to_rewrite_or_remove(table: str, way: int) -> None:
    statement = WAYS[connection.vendor][way]
    if connection.vendor == "postgresql":
        connection.check_constraints()  # settles what is deferred, which TRUNCATE asks for

    with (
        pytest.raises(DatabaseError, match="never updated or deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table=table, key=APPEND_ONLY_TABLES[table]))


LOST = {
    "sqlite": ["DROP TRIGGER campaigns_statuschange_no_DELETE"],
    "postgresql": ["DROP TRIGGER campaigns_statuschange_append_only ON campaigns_statuschange"],
}
OF_ANOTHER_TEXT = {
    "sqlite": [
        *LOST["sqlite"],
        """CREATE TRIGGER campaigns_statuschange_no_DELETE BEFORE DELETE ON campaigns_statuschange
        BEGIN SELECT 1; END""",
    ],
    "postgresql": [
        """CREATE OR REPLACE TRIGGER campaigns_statuschange_append_only BEFORE UPDATE
        ON campaigns_statuschange FOR EACH ROW EXECUTE FUNCTION followthrough_append_only()"""
    ],
}


@pytest.mark.parametrize("statements", [LOST, OF_ANOTHER_TEXT], ids=["lost", "of another text"])
@pytest.mark.usefixtures("recorded")
def test_triggers_that_are_not_as_they_should_be_are_renewed_by_the_next_migrate(
    statements: dict[str, list[str]],
) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)

        install_triggers()

        with pytest.raises(DatabaseError, match="never updated or deleted"), transaction.atomic():
            cursor.execute("DELETE FROM campaigns_statuschange")
