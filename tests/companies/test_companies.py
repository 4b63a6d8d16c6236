"""Companies and the names they go by."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from companies.models import Alias, Company, Product
from tests.factories import make_company, make_product

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["Amazon", "amazon", " AMAZON ", "AWS", "aws"])
def test_a_company_is_found_by_its_name_and_aliases_whatever_the_case(name: str) -> None:
    amazon = make_company("Amazon", aliases=("AWS", "Amazon.com"))
    make_company("Amazonas")

    assert list(Company.objects.named(name)) == [amazon]


def test_a_duplicate_alias_is_refused_by_the_form_with_the_company_that_has_it() -> None:
    make_company("Amazon", aliases=("AWS",))
    other = make_company("American Welding Society")

    with pytest.raises(ValidationError, match="is an alias of Amazon"):
        Alias(company=other, name="aws").full_clean()


def test_a_duplicate_alias_is_refused_by_the_database() -> None:
    make_company("Amazon", aliases=("AWS",))
    other = make_company()

    with pytest.raises(IntegrityError):
        Alias.objects.create(company=other, name="aws")


def test_an_alias_cannot_be_the_name_of_a_company() -> None:
    make_company("Ring")
    amazon = make_company("Amazon")

    with pytest.raises(ValidationError, match="is the name of a company"):
        Alias(company=amazon, name="ring").full_clean()


def test_a_company_cannot_be_named_like_the_alias_of_another() -> None:
    make_company("Meta", aliases=("Facebook",))

    with pytest.raises(ValidationError, match="is an alias of Meta"):
        Company(name="facebook", slug="facebook").full_clean()


def test_names_are_compared_without_regard_to_spaces_and_unicode_form() -> None:
    make_company("Nestlé")

    with pytest.raises(ValidationError, match="exists already"):
        Company(name="  Nestle\u0301 ", slug="nestle").full_clean()


def test_a_circle_of_parents_is_refused() -> None:
    grandparent = make_company()
    parent = make_company(parent=grandparent)
    child = make_company(parent=parent)
    grandparent.parent = child

    with pytest.raises(ValidationError, match="its own parent"):
        grandparent.full_clean()


def test_the_database_refuses_a_company_as_its_own_parent() -> None:
    company = make_company()

    with pytest.raises(IntegrityError):
        Company.objects.filter(pk=company.pk).update(parent=company)


def test_two_companies_may_have_products_of_one_name_but_one_company_may_not() -> None:
    product = make_product(make_company(), "Assistant")
    make_product(make_company(), "Assistant")

    with pytest.raises(IntegrityError):
        Product.objects.create(company=product.company, name="assistant")
