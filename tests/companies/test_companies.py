"""Companies and the names they go by."""

from collections.abc import Callable

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


@pytest.mark.parametrize(("name", "again"), [("Éclair", "éclair"), ("Straße", "STRASSE")])
def test_the_case_of_every_letter_is_disregarded_not_only_of_ascii(name: str, again: str) -> None:
    company = make_company(name, aliases=(f"{name} SA",))
    make_product(company, name)

    assert list(Company.objects.named(again)) == [company]
    assert list(Company.objects.named(f"{again} sa")) == [company]
    with pytest.raises(ValidationError, match="exists already"):
        Company(name=again, slug="again").full_clean()
    with pytest.raises(ValidationError, match="is an alias of"):
        Alias(company=make_company(), name=f"{again} sa").full_clean()
    with pytest.raises(ValidationError, match="a product of that name"):
        Product(company=company, name=again).full_clean()


@pytest.mark.parametrize(
    "make_again",
    [
        lambda company: make_company("éclair"),
        lambda company: Alias.objects.create(company=company, name="café"),
        lambda company: Product.objects.create(company=company, name="été"),
    ],
    ids=["company", "alias", "product"],
)
def test_the_database_refuses_a_name_that_differs_by_case_only(
    make_again: Callable[[Company], object],
) -> None:
    company = make_company("Éclair", aliases=("CAFÉ",))
    make_product(company, "Été")

    with pytest.raises(IntegrityError):
        make_again(company)


def test_a_renamed_company_is_found_by_its_new_name_only() -> None:
    company = make_company("Facebook")
    company.name = "Méta"
    company.save(update_fields=["name"])

    assert Company.objects.named("MÉTA").exists()
    assert not Company.objects.named("Facebook").exists()


def test_the_longest_name_has_a_key_however_its_case_folds() -> None:
    company = make_company("ΐ" * 200)

    assert Company.objects.named("ΐ" * 200).get() == company


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
