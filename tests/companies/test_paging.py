"""Pages of long lists: the rows, order and joins of the list, from either end."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from companies.models import Company
from companies.paging import KeyedPaginator
from tests.factories import make_company

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("order", [[], ["name"], ["-name"], ["parent__name", "-pk"]])
def test_pages_hold_each_row_once_in_the_order_of_the_list(order: list[str]) -> None:
    parents = [make_company(name) for name in ("Beta", "Alpha")]
    for number in range(5):
        Company.objects.filter(pk=make_company(f"{number}").pk).update(parent=parents[number % 2])
    rows: Any = Company.objects.filter(parent__isnull=False)
    listed = rows.order_by(*order) if order else rows
    pages = KeyedPaginator(listed, 2)
    assert list(chain(*(page.object_list for page in pages))) == list(listed)


def test_what_a_list_joins_is_read_with_the_page(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    parent = make_company("Alphabet")
    for name in ("Google", "Waymo", "Verily"):
        Company.objects.filter(pk=make_company(name).pk).update(parent=parent)
    rows: Any = Company.objects.filter(parent=parent).select_related("parent")
    with django_assert_num_queries(3):  # how many, which, and what they say
        shown = KeyedPaginator(rows, 2).page(1).object_list
        assert {company.parent for company in shown} == {parent}
