"""Without a script the bill that an outcome waits for is chosen from a menu of likely ones."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from campaigns.models import Bill
from sources.admin.forms import BILLS_OFFERED
from tests.factories import make_bill
from tests.sources.factories import make_finding

pytestmark = pytest.mark.django_db


def test_likely_bills_can_be_chosen_without_a_script(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(User.objects.create_superuser("ada"))
    make_bill()
    Bill.objects.bulk_create(
        Bill(jurisdiction="California", session="2020", identifier=f"SB {number}", title="A bill")
        for number in range(BILLS_OFFERED)
    )
    address = reverse("admin:sources_finding_change", args=[make_finding().pk])
    with django_assert_max_num_queries(30):
        text = client.get(address).content.decode()
    menu = text.split('id="id_condition_bill"')[1].split("</select>")[0]
    assert menu.count("<option") == BILLS_OFFERED + 1
    assert "California SB 0 (2020)" in menu
