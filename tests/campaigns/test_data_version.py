"""Every commit to public data advances the version, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import CaptureQueriesContext

from campaigns.models import CommitTotal, LogHead, PublicCommit, Topic
from campaigns.tasks import settle_data_version as settle_task
from campaigns.version_triggers import NOT_PUBLIC, install_version_triggers, public_tables
from campaigns.versions import NoDataVersion, read_data_version, settle_data_version
from companies.models import Company
from sources.models import Poll
from tests.factories import (
    NOW,
    make_campaign,
    make_change,
    make_company,
    make_organization,
    make_topic,
)
from tests.sources.factories import make_source

pytestmark = pytest.mark.django_db(transaction=True)


def version() -> str:
    return read_data_version()


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def add_to_relation() -> None:
    make_campaign().organizations.add(make_organization())


def truncate() -> None:
    if connection.vendor == "postgresql":
        run("TRUNCATE campaigns_topic CASCADE")
    else:
        run("DELETE FROM campaigns_topic")


WRITES: dict[str, Callable[[], object]] = {
    "saved": make_company,
    "recorded": make_change,
    "in bulk": lambda: Company.objects.bulk_create([Company(name="A", slug="a")]),
    "in bulk, ignoring conflicts": lambda: Company.objects.bulk_create(
        [Company(name="B", slug="b")], ignore_conflicts=True
    ),
    "updated": lambda: Topic.objects.update(name="Other"),
    "deleted": lambda: Topic.objects.all().delete(),
    "relation": add_to_relation,
    "plain SQL": lambda: run("UPDATE campaigns_topic SET name = 'Third'"),
    "truncated": truncate,
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_every_way_to_write_advances_it(write: Callable[[], object]) -> None:
    make_topic()
    before = version()

    write()

    assert version() != before


def test_a_cascade_advances_it() -> None:
    company = make_company(aliases=("Another name",))
    before = version()
    company.delete()
    assert version() != before


@pytest.mark.parametrize("table", public_tables())
def test_each_public_table_is_watched(table: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s",
                [table, f"{table}_version"],
            )
            assert cursor.fetchone() == (1,)
        else:
            cursor.execute(
                "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s "
                "AND name LIKE %s",
                [table, f"{table}_version_%"],
            )
            assert cursor.fetchone() == (3,)


def test_all_tables_of_the_domain_are_watched_but_those_named() -> None:
    tables = {
        table
        for table in connection.introspection.django_table_names(only_existing=True)
        if table.startswith(("companies_", "campaigns_")) and "historical" not in table
    }
    assert tables - set(public_tables()) == NOT_PUBLIC


def write_and_fail() -> None:
    with transaction.atomic():
        make_company()
        raise RuntimeError


def test_what_is_rolled_back_does_not_advance_it() -> None:
    before = version()
    with pytest.raises(RuntimeError):
        write_and_fail()
    assert version() == before


def test_a_savepoint_that_is_rolled_back_does_not_hide_what_is_written_after_it() -> None:
    before = version()
    with transaction.atomic():
        with pytest.raises(RuntimeError):
            write_and_fail()
        make_company()
    assert version() != before


def test_what_is_not_public_does_not_advance_it() -> None:
    source = make_source("https://example.org/")
    before = version()

    Poll.objects.create(source=source, started_at=NOW, finished_at=NOW)
    source.save()
    LogHead.objects.get_or_create(pk=1)
    LogHead.objects.update(last_recorded_at=NOW)

    assert version() == before


def test_settling_and_reading_leave_it_as_it_is() -> None:
    make_company()
    before = version()

    # SQLite counts at once.
    assert settle_data_version() is (connection.vendor == "postgresql")

    assert before == version()
    assert not settle_data_version()
    settle_task()
    assert before == version()
    assert not PublicCommit.objects.exists()


def test_what_is_written_after_settling_advances_it() -> None:
    settle_data_version()
    before = version()
    make_company()
    assert version() != before


def test_a_migration_advances_it_and_brings_back_triggers_that_were_lost() -> None:
    before = version()
    if connection.vendor == "postgresql":
        run("DROP TRIGGER campaigns_topic_version ON campaigns_topic")
    else:
        run("DROP TRIGGER campaigns_topic_version_INSERT")

    install_version_triggers()
    after = version()
    make_topic()

    assert before != after != version()


def test_a_migration_renews_a_trigger_of_another_text() -> None:
    if connection.vendor == "postgresql":
        run(
            "CREATE OR REPLACE TRIGGER campaigns_topic_version AFTER DELETE ON campaigns_topic "
            "FOR EACH STATEMENT EXECUTE FUNCTION followthrough_note_commit()"
        )
    else:
        run("DROP TRIGGER campaigns_topic_version_INSERT")
        run(
            "CREATE TRIGGER campaigns_topic_version_INSERT AFTER INSERT ON campaigns_topic "
            "BEGIN SELECT 1; END"
        )

    install_version_triggers()
    before = version()
    make_topic()

    assert version() != before


def test_a_migration_leaves_triggers_alone_that_are_as_they_should_be() -> None:
    with CaptureQueriesContext(connection) as queries:
        install_version_triggers()
    assert not [query for query in queries if " TRIGGER " in query["sql"]]


def test_it_cannot_be_told_without_its_row() -> None:
    CommitTotal.objects.all().delete()
    with pytest.raises(NoDataVersion):
        read_data_version()


def test_reading_it_is_one_query(
    django_assert_num_queries: Callable[[int], transaction.Atomic],
) -> None:
    with django_assert_num_queries(1):
        read_data_version()


@pytest.fixture
def others() -> Iterator[list[BaseDatabaseWrapper]]:
    """Two more connections, each in a transaction."""
    opened = [connection.copy() for _ in range(2)]
    for other in opened:
        other.set_autocommit(False)
    yield opened
    for other in opened:
        other.rollback()
        other.close()


@pytest.mark.postgresql  # SQLite has one writer at a time, so no other order
def test_commits_out_of_order_each_advance_it_when_they_become_visible(
    others: list[BaseDatabaseWrapper],
) -> None:
    companies = [make_company(), make_company()]
    seen = [version()]
    for other, company in zip(others, companies, strict=True):
        with other.cursor() as cursor:
            for name in ("x", "y"):
                cursor.execute(
                    "UPDATE companies_company SET name = %s WHERE id = %s",
                    [f"{name}{company.pk}", company.pk],
                )
    assert version() == seen[0]

    for other in reversed(others):
        other.commit()
        seen.append(version())
        settle_data_version()
        assert version() == seen[-1]

    assert len(set(seen)) == 3


@pytest.mark.postgresql  # SQLite has one writer at a time
def test_neither_writers_nor_settling_wait_for_a_writer_that_does_not_end(
    others: list[BaseDatabaseWrapper],
) -> None:
    slow, quick = others
    rename = "UPDATE companies_company SET name = 'x' || id WHERE id = %s"
    for other, company in ((slow, make_company()), (quick, make_company())):
        with other.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
            cursor.execute(rename, [company.pk])
    quick.commit()

    run("SET lock_timeout = '2s'")
    assert settle_data_version()
    before = version()
    slow.commit()

    assert version() != before
