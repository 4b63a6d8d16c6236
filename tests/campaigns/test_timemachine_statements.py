"""Which statements can read the record as it stood at a moment, and how they are kept apart."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import Count
from django.db.utils import DatabaseError

from campaigns.models import (
    Campaign,
    Response,
    Target,
)
from campaigns.timemachine import TimeTravelError, WriteInThePast, as_known, shadowed
from companies.models import Company
from tests.factories import (
    NOW,
    make_campaign,
    make_company,
    make_target,
    make_topic,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
BEFORE, LATER = NOW - DAY, NOW + DAY


def at(moment: dt.datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def test_rows_can_be_counted_grouped_and_prefetched() -> None:
    with at(NOW):
        campaign = make_campaign("A")
        target = make_target(campaign)
        Response.objects.create(
            target=target, kind="denial", summary="No.", happened_on=dt.date(2020, 1, 1)
        )
    with at(LATER):
        make_target(campaign)

    with as_known(NOW):
        [row] = Campaign.objects.annotate(number=Count("targets")).order_by("title")
        assert vars(row)["number"] == 1
        [row] = Campaign.objects.prefetch_related("targets__responses")
        assert [len(target.responses.all()) for target in row.targets.all()] == [1]
        assert list(Target.objects.public().with_parts()) == [target]
        assert len(Campaign.objects.order_by().union(Campaign.objects.order_by())) == 1
        assert [row.pk for row in Target.objects.iterator(chunk_size=10)] == [target.pk]
        assert "campaigns_h" in Target.objects.filter(pk=target.pk).explain()


def test_sql_by_hand_is_shifted_with_names_quoted_or_not_and_its_own_with_queries() -> None:
    with at(NOW):
        campaign = make_campaign("Then")
    with at(LATER):
        campaign.title = "Now"
        campaign.save()
    statements = [
        "SELECT title FROM campaigns_campaign WHERE slug = %s",
        'SELECT c.title FROM "campaigns_campaign" c WHERE c.slug = %s',
        "WITH chosen AS (SELECT * FROM campaigns_campaign) SELECT title FROM chosen WHERE slug=%s",
        """with recursive n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3)
        SELECT title FROM campaigns_campaign, n WHERE i = 3 AND slug = %s""",
    ]
    for statement in statements:
        with as_known(NOW), connection.cursor() as cursor:
            cursor.execute(statement, [campaign.slug])
            assert cursor.fetchall() == [("Then",)], statement


def test_statements_keep_their_parameters_and_what_is_not_of_the_record() -> None:
    def shift(sql: str) -> str:
        shifted, params = shadowed(sql, {"pk": 1}, moment=NOW, connection=connection)
        assert params == {"pk": 1}
        return str(shifted)

    assert shift("SELECT 1 FROM auth_user") == "SELECT 1 FROM auth_user"
    joined = shift('SELECT 1 FROM "campaigns_action_targets" WHERE id = %(pk)s')
    assert joined.startswith('WITH "campaigns_action_targets" AS NOT MATERIALIZED (SELECT')
    assert joined.endswith(') SELECT 1 FROM "campaigns_action_targets" WHERE id = %(pk)s')
    assert '"campaigns_action" AS NOT' not in joined
    assert joined.count("%") == 1
    assert shift('(SELECT 1 FROM "campaigns_topic")').startswith('WITH "campaigns_topic" AS')
    explained = shift("EXPLAIN SELECT 1 FROM campaigns_topic")
    assert explained.startswith('EXPLAIN WITH "campaigns_topic" AS')
    schema = "main" if connection.vendor == "sqlite" else "public"
    real = f'SELECT 1 FROM "{schema}"."campaigns_topic"'
    assert shift(real) == real


def test_a_moment_is_the_same_in_every_zone_and_needs_one() -> None:
    with at(NOW):
        make_campaign()
    with as_known(NOW.astimezone(dt.timezone(dt.timedelta(hours=-9)))):
        assert Campaign.objects.count() == 1
    with pytest.raises(ValueError, match="time zone"), as_known(NOW.replace(tzinfo=None)):
        pass


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO campaigns_topic (name) VALUES ('x')",
        "UPDATE campaigns_topic SET name = 'x'",
        "DELETE FROM campaigns_topic",
        "WITH gone AS (SELECT 1) DELETE FROM campaigns_topic",
        "SELECT 1 FROM campaigns_topic FOR UPDATE",
        "CREATE TABLE x (y int)",
    ],
)
def test_the_past_cannot_be_written(statement: str) -> None:
    with as_known(NOW), connection.cursor() as cursor, pytest.raises(WriteInThePast):
        cursor.execute(statement)


def test_records_cannot_be_saved_in_the_past_and_can_be_afterwards() -> None:
    topic = make_topic("Police")
    topic.name = "Police face recognition"
    with as_known(topic.updated_at), pytest.raises(WriteInThePast), transaction.atomic():
        topic.save()

    topic.save()

    assert type(topic).objects.get().name == "Police face recognition"


def test_one_moment_at_a_time() -> None:
    with as_known(NOW):
        with pytest.raises(TimeTravelError), as_known(LATER):
            pass
        assert Campaign.objects.count() == 0
    with as_known(LATER):
        pass


def test_an_error_inside_brings_back_the_present() -> None:
    make_campaign()
    with pytest.raises(LookupError), as_known(BEFORE):
        raise LookupError
    assert Campaign.objects.count() == 1
    assert connection.execute_wrappers == []


@pytest.mark.django_db(transaction=True)
def test_other_threads_read_the_present() -> None:
    make_campaign()
    seen: list[int] = []

    def read() -> None:
        try:
            seen.append(Campaign.objects.count())
        except DatabaseError as error:  # pragma: no cover - shown by the assertion below
            seen.append(hash(error))
        finally:
            connection.close()

    with as_known(BEFORE):
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
        seen.append(Campaign.objects.count())

    assert seen == [1, 0]


def test_nothing_was_known_in_the_first_centuries() -> None:
    make_company()
    with as_known(dt.datetime(45, 3, 22, tzinfo=dt.UTC)):
        assert not Company.objects.exists()
