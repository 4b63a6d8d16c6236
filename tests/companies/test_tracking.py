"""Records can be edited; every version is kept, and nothing but a change counts as one."""

import datetime as dt

import pytest
import time_machine

from companies.models import Alias, Company
from tests.factories import NOW, make_company, make_product, make_target

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=1)
MUCH_LATER = NOW + dt.timedelta(days=2)


def made_company() -> Company:
    with time_machine.travel(NOW, tick=False):
        return make_company("Amazon")


def versions(company: Company) -> list[tuple[str, str, dt.datetime]]:
    """The kept versions, the oldest first."""
    rows = company.history.order_by("history_id")
    return [(row.history_type, row.name, row.history_date) for row in rows]


def test_a_save_that_changes_nothing_moves_nothing_and_keeps_no_version() -> None:
    company = made_company()

    with time_machine.travel(LATER, tick=False):
        company.save()
        Company.objects.get().save()
        Company.objects.get().save(update_fields=["website"])

    assert Company.objects.get().updated_at == NOW
    assert versions(company) == [("+", "Amazon", NOW)]


def test_a_change_moves_updated_at_and_is_kept_with_its_date() -> None:
    company = made_company()

    with time_machine.travel(LATER, tick=False):
        company.name = "Amazon.com"
        company.save()

    assert company.updated_at == Company.objects.get().updated_at == LATER
    assert versions(company) == [("+", "Amazon", NOW), ("~", "Amazon.com", LATER)]


def test_a_save_of_some_fields_keeps_what_the_database_holds_not_what_the_instance_says() -> None:
    company = made_company()
    other = Company.objects.get()
    with time_machine.travel(LATER, tick=False):
        other.name = "Amazon.com"
        other.save()

    with time_machine.travel(MUCH_LATER, tick=False):
        company.description = "Sells Rekognition"
        company.save(update_fields=["description"])

    assert Company.objects.get().updated_at == MUCH_LATER
    version = company.history.first()
    assert (version.name, version.description) == ("Amazon.com", "Sells Rekognition")


def test_a_deferred_column_is_no_change() -> None:
    company = made_company()

    with time_machine.travel(LATER, tick=False):
        Company.objects.defer("description").get().save()

    assert Company.objects.get().updated_at == NOW
    assert len(versions(company)) == 1


def test_what_was_created_in_bulk_keeps_its_first_state_when_it_is_changed() -> None:
    with time_machine.travel(NOW, tick=False):
        Company.objects.bulk_create([Company(name="Ring", name_key="ring", slug="ring")])
    company = Company.objects.get()
    assert versions(company) == []

    with time_machine.travel(LATER, tick=False):
        company.name = "Ring LLC"
        company.save()

    assert versions(company) == [("+", "Ring", NOW), ("~", "Ring LLC", LATER)]


def test_a_name_is_content_of_its_company() -> None:
    company = made_company()
    for day, change in enumerate(("make", "edit", "delete"), start=1):
        moment = NOW + dt.timedelta(days=day)
        with time_machine.travel(moment, tick=False):
            if change == "make":
                Alias.objects.create(company=company, name="AWS")
            elif change == "edit":
                row = Alias.objects.get()
                row.name = "Amazon Web Services"
                row.save()
            else:
                Alias.objects.all().delete()
        assert Company.objects.get().updated_at == moment, change


def test_a_public_product_that_moves_is_a_change_of_both_companies() -> None:
    amazon = made_company()
    with time_machine.travel(NOW, tick=False):
        ring = make_company("Ring")
        product = make_product(amazon)
        make_target(company=amazon, product=product)

    with time_machine.travel(LATER, tick=False):
        product.company = ring
        product.save()

    assert {company.updated_at for company in Company.objects.all()} == {LATER}


def test_a_deletion_is_kept() -> None:
    company = made_company()
    key = company.pk

    with time_machine.travel(LATER, tick=False):
        company.delete()

    last = Company.history.filter(id=key).first()
    assert (last.history_type, last.history_date) == ("-", LATER)
