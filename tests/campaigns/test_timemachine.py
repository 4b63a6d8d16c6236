"""The public record can be read as it stood at a moment."""

import datetime as dt

import pytest
import time_machine

from campaigns.models import (
    Action,
    Campaign,
    Citation,
    Exemption,
    Organization,
    Outcome,
    StatusChange,
    Target,
)
from campaigns.services import publish_campaign, withdraw_campaign
from campaigns.statuses import Status
from campaigns.timemachine import as_known
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
        publish_campaign(campaign=campaign, now=LATER)

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
        withdraw_campaign(campaign=campaign, now=LATER)

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
