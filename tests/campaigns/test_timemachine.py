"""The public record can be read as it stood at a moment."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import Count
from django.db.utils import DatabaseError

from campaigns.models import (
    Action,
    Campaign,
    Citation,
    Exemption,
    Organization,
    Outcome,
    Response,
    StatusChange,
    Target,
)
from campaigns.statuses import Status
from campaigns.timemachine import TimeTravelError, WriteInThePast, as_known, shadowed
from companies.models import Alias, Company, Product
from tests.factories import (
    NOW,
    make_action,
    make_campaign,
    make_change,
    make_company,
    make_document,
    make_organization,
    make_outcome_draft,
    make_product,
    make_target,
    make_topic,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
BEFORE, LATER = NOW - DAY, NOW + DAY


def at(moment: dt.datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def test_an_edited_record_reads_as_it_did_to_the_very_moment() -> None:
    with at(NOW):
        campaign = make_campaign("Stop Rekognition")
    with at(LATER):
        campaign.title = "End Rekognition"
        campaign.save()

    titles = []
    for moment in (NOW, LATER - dt.timedelta(microseconds=1), LATER):
        with as_known(moment):
            titles.append(Campaign.objects.get().title)
    with as_known(NOW - dt.timedelta(microseconds=1)):
        assert not Campaign.objects.exists()
    assert titles == ["Stop Rekognition", "Stop Rekognition", "End Rekognition"]
    assert Campaign.objects.get().title == "End Rekognition"


def test_members_read_as_they_did_from_both_ends() -> None:
    with at(NOW):
        aclu, mijente = make_organization("ACLU"), make_organization("Mijente")
        campaign = make_campaign(organizations=(aclu,), topics=(make_topic("Police"),))
    with at(LATER):
        campaign.organizations.set([mijente])

    with as_known(NOW):
        assert list(Campaign.objects.get().organizations.all()) == [aclu]
        assert list(Campaign.objects.filter(organizations=mijente)) == []
        assert list(Campaign.objects.filter(organizations__name="ACLU", topics__name="Police"))
        assert Organization.objects.get(name="ACLU").campaigns.count() == 1
    assert list(Campaign.objects.get().organizations.all()) == [mijente]


def test_relations_of_what_was_created_in_bulk_count_from_its_creation() -> None:
    with at(NOW):
        aclu = make_organization("ACLU")
        [campaign] = Campaign.objects.bulk_create([Campaign(title="A", slug="a", published_at=NOW)])
        Campaign.organizations.through.objects.bulk_create(
            [Campaign.organizations.through(campaign=campaign, organization=aclu)]
        )
    with as_known(BEFORE):
        assert not Campaign.organizations.through.objects.exists()
    with as_known(NOW):
        assert Campaign.objects.filter(organizations=aclu).exists()

    with at(LATER):
        campaign.organizations.clear()

    with as_known(NOW):
        assert Campaign.objects.filter(organizations=aclu).exists()
    with as_known(LATER):
        assert not Campaign.objects.filter(organizations=aclu).exists()


def test_a_campaign_was_not_public_before_it_was_published() -> None:
    with at(BEFORE):
        campaign = make_campaign(is_public=False)
    with at(LATER):
        campaign.published_at = LATER
        campaign.save()

    with as_known(NOW):
        assert (Campaign.objects.count(), Campaign.objects.public().count()) == (1, 0)
    with as_known(LATER):
        assert Campaign.objects.public().count() == 1


def test_not_even_if_its_publication_left_no_version() -> None:
    with at(BEFORE):
        make_campaign(is_public=False)
    Campaign.objects.update(published_at=LATER)

    with as_known(NOW):
        assert not Campaign.objects.public().exists()
    with as_known(LATER):
        assert Campaign.objects.public().exists()


def test_a_campaign_that_is_a_draft_now_was_never_public() -> None:
    with at(NOW):
        campaign = make_campaign()
    with at(LATER):
        campaign.published_at = None
        campaign.save()

    with as_known(NOW):
        assert Campaign.objects.get().published_at is None


def test_what_was_deleted_since_is_never_shown_again_nor_pointed_to() -> None:
    with at(NOW):
        target = make_target(company=make_company("Amazon"))
        company = target.company
        product = make_product(company)
        target.product = product
        target.save()
        aclu = make_organization("ACLU")
        action = make_action(target.campaign)
        action.organizations.add(aclu)
        citation = Citation.objects.create(document=make_document(), action=action, quote="so")
    with at(LATER):
        target.product = None
        target.save()
        product.delete()
        aclu.delete()
        citation.delete()

    with as_known(NOW):
        assert Target.objects.get().product_id is None
        assert not Product.objects.exists()
        assert not Citation.objects.exists()
        assert not Organization.objects.exists()
        assert not Action.organizations.through.objects.exists()
        assert Action.objects.count() == 1


def test_the_log_reads_as_far_as_it_was_recorded() -> None:
    with at(BEFORE):
        target = make_target()
    make_change(target, Status.CALLED_ON, dt.date(2020, 1, 1), NOW)
    draft = make_outcome_draft(exemptions=("schools",))
    make_change(target, Status.PAUSED, dt.date(2020, 6, 10), LATER, outcome=draft)

    with as_known(NOW):
        known = StatusChange.objects.get()
        assert (known.to_status, Outcome.objects.count(), Exemption.objects.count()) == (
            "called_on",
            0,
            0,
        )
        assert Target.objects.get().updated_at == NOW
    with as_known(LATER):
        assert StatusChange.objects.count() == 2
        assert Exemption.objects.get().outcome.kind == "moratorium"
        assert Target.objects.get().updated_at == LATER


def test_a_citation_shows_the_quote_of_then() -> None:
    with at(NOW):
        citation = Citation.objects.create(
            document=make_document(title="Old title"), action=make_action(), quote="then"
        )
    with at(LATER):
        citation.quote = "now"
        citation.save()
        citation.document.title = "New title"
        citation.document.save()

    with as_known(NOW):
        known = Citation.objects.select_related("document").get()
        assert (known.quote, known.document.title) == ("then", "Old title")


def test_aliases_and_products_count_from_when_they_were_entered() -> None:
    with at(NOW):
        company = make_company("Amazon")
    with at(LATER):
        Alias.objects.create(company=company, name="AWS")
        make_product(company)

    with as_known(NOW):
        assert (Alias.objects.count(), Product.objects.count()) == (0, 0)
    with as_known(LATER):
        assert Company.objects.get(aliases__name="AWS", products__isnull=False) == company


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
