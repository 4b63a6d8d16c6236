"""Numbers that no key can have, in the query strings of lists and autocompletes."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

HUGE = "9" * 30
OFFER = "/admin/autocomplete/?app_label=campaigns&model_name=action&field_name=targets"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/admin/campaigns/campaign/?topics__id__exact=", 400),
        ("/admin/campaigns/membership/?organization__id__exact=1,-", 400),
        ("/admin/campaigns/target/?campaign=", 400),
        (f"{OFFER}&narrowed_by=", 200),
    ],
)
def test_a_number_that_no_key_can_have_is_no_error_of_ours(
    admin_client: Client, address: str, status: int
) -> None:
    assert admin_client.get(address + HUGE).status_code == status
