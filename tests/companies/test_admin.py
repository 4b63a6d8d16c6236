"""A company is logged with its aliases and products in one form: all of it, or nothing."""

from typing import Any

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from companies.models import Alias, Company, Product
from tests.factories import make_company, make_product

pytestmark = pytest.mark.django_db

ADD = "/admin/companies/company/add/"


def change(company: Company) -> str:
    """The address of the form that edits the company."""
    return f"/admin/companies/company/{company.pk}/change/"


def filled_in(
    name: str, aliases: tuple[str, ...] = (), products: tuple[str, ...] = (), **fields: Any
) -> dict[str, Any]:
    """The form as an advocate fills it in for a new company."""
    data = {"name": name, "slug": "a-company"} | fields
    for prefix, names in (("aliases", aliases), ("products", products)):
        data |= {f"{prefix}-TOTAL_FORMS": len(names), f"{prefix}-INITIAL_FORMS": 0}
        data |= {f"{prefix}-{row}-name": text for row, text in enumerate(names)}
    return data


def existing(company: Company, *rows: Alias, **fields: Any) -> dict[str, Any]:
    """The form of a company with these aliases, as the page sends it back."""
    data = filled_in(company.name, slug=company.slug)
    data |= {"aliases-TOTAL_FORMS": len(rows), "aliases-INITIAL_FORMS": len(rows)}
    for row, alias in enumerate(rows):
        data |= {f"aliases-{row}-id": alias.pk, f"aliases-{row}-company": company.pk}
        data |= {f"aliases-{row}-name": alias.name}
    return data | fields


def errors(response: Any) -> dict[str, str]:
    """The errors that the page shows, by field."""
    assert response.status_code == 200
    page = LexborHTMLParser(response.content)
    return {
        (node.attributes.get("id") or "").removeprefix("id_").removesuffix("_error"): node.text()
        for node in page.css("ul.errorlist")
    }


def test_a_company_is_logged_with_its_aliases_and_products(admin_client: Client) -> None:
    data = filled_in("Amazon", ("AWS", "Amazon.com"), ("Rekognition", "Ring"))

    assert admin_client.post(ADD, data).status_code == 302

    company = Company.objects.get()
    assert [alias.name for alias in company.aliases.all()] == ["AWS", "Amazon.com"]
    assert [product.name for product in company.products.all()] == ["Rekognition", "Ring"]


@pytest.mark.parametrize(
    ("name", "rows", "field", "message"),
    [
        ("Acme", {"aliases": ("Foo", "foo")}, "aliases-1-name", "above"),
        ("Acme", {"aliases": ("CAFÉ", "Bar", " café ")}, "aliases-2-name", "above"),
        ("Acme", {"products": ("Rek", "rek")}, "products-1-name", "above"),
        ("Acme", {"products": ("Straße", "STRASSE")}, "products-1-name", "above"),
        ("Acme", {"aliases": ("ACME",)}, "aliases-0-name", "is the name of a company"),
        ("Éclair", {"aliases": ("éclair",)}, "aliases-0-name", "is the name of a company"),
        ("Acme", {"aliases": ("ÉTÉ",)}, "aliases-0-name", "is an alias of Été SA"),
        ("Acme", {"aliases": ("ÉTÉ SA",)}, "aliases-0-name", "is the name of a company"),
        ("été sa", {}, "name", "A company of this name exists already"),
        ("ÉTÉ", {}, "name", "is an alias of Été SA"),
    ],
)
def test_a_name_given_twice_is_marked_at_its_row_and_nothing_is_written(
    admin_client: Client, name: str, rows: dict[str, tuple[str, ...]], field: str, message: str
) -> None:
    make_company("Été SA", aliases=("été",))

    response = admin_client.post(ADD, filled_in(name, **rows))

    assert {key: message in text for key, text in errors(response).items()} == {field: True}
    assert (Company.objects.count(), Alias.objects.count(), Product.objects.count()) == (1, 1, 0)


def test_a_company_renamed_to_its_own_alias_must_give_up_the_alias(admin_client: Client) -> None:
    company = make_company("Facebook", aliases=("Meta",))
    data = existing(company, company.aliases.get(), name="META")

    response = admin_client.post(change(company), data)
    assert "is the name of a company" in errors(response)["aliases-0-name"]
    company.refresh_from_db()
    assert company.name == "Facebook"

    admin_client.post(change(company), data | {"aliases-0-DELETE": "on"})
    company.refresh_from_db()
    assert (company.name, company.aliases.count()) == ("META", 0)


def test_a_company_and_its_alias_can_change_places(admin_client: Client) -> None:
    company = make_company("Facebook", aliases=("Meta",))
    fields = {"name": "Meta", "aliases-0-name": "Facebook"}

    response = admin_client.post(
        change(company), existing(company, company.aliases.get(), **fields)
    )

    assert response.status_code == 302, errors(response)
    company.refresh_from_db()
    assert (company.name, company.aliases.get().name) == ("Meta", "Facebook")


def test_two_aliases_that_change_places_are_refused_not_half_written(
    admin_client: Client,
) -> None:
    company = make_company(aliases=("Bar", "Foo"))
    bar, foo = company.aliases.all()
    fields = {"aliases-0-name": "Foo", "aliases-1-name": "Bar"}

    response = admin_client.post(change(company), existing(company, bar, foo, **fields))

    assert set(errors(response)) == {"aliases-0-name", "aliases-1-name"}
    assert [alias.name for alias in (company.aliases.all())] == ["Bar", "Foo"]


def test_a_form_sent_back_as_it_was_is_saved(admin_client: Client) -> None:
    company = make_company(aliases=("Bar", "Foo"))

    response = admin_client.post(change(company), existing(company, *company.aliases.all()))

    assert response.status_code == 302, errors(response)


def test_a_product_logged_by_itself_is_refused_if_its_company_has_it(admin_client: Client) -> None:
    product = make_product(make_company(), "Écho")
    data = {"company": product.company.pk, "name": "ÉCHO", "description": ""}

    response = admin_client.post("/admin/companies/product/add/", data)

    assert "has a product of that name already" in errors(response)["name"]
    assert Product.objects.count() == 1
