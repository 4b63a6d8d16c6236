"""Lost quotes in the admin."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campaigns.models import Citation
from sources.models import LostQuote
from tests.factories import NOW, make_action, make_document
from tests.sources.factories import make_snapshot

pytestmark = pytest.mark.django_db

LIST = "/admin/sources/lostquote/"
QUOTE = "We do not sell <b>face recognition</b> to the police."


def make_lost(quote: str = QUOTE) -> LostQuote:
    """A quote that is gone from its page."""
    citation = Citation.objects.create(
        document=make_document(title="Our policy"), action=make_action(), quote=quote
    )
    return LostQuote.objects.create(citation=citation, snapshot=make_snapshot())


def staff(*codenames: str) -> Client:
    user = User.objects.create_user("somebody", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


def deal_with(client: Client, *lost: LostQuote) -> int:
    data = {"action": "deal_with", "_selected_action": [row.pk for row in lost]}
    return client.post(f"{LIST}?state=all", data).status_code


def test_the_list_shows_what_nobody_dealt_with(admin_client: Client, admin_user: User) -> None:
    make_lost()
    seen = make_lost("An older quote.")
    LostQuote.objects.filter(pk=seen.pk).update(seen_at=NOW, seen_by=admin_user)
    page = admin_client.get(LIST).content.decode()
    assert "We do not sell &lt;b&gt;face recognition&lt;/b&gt; to the police." in page
    assert "An older quote." not in page
    assert "An older quote." in admin_client.get(f"{LIST}?state=all").content.decode()
    dealt_with = admin_client.get(f"{LIST}?state=dealt_with").content.decode()
    assert "An older quote." in dealt_with
    assert "We do not sell" not in dealt_with


def test_what_is_dealt_with_leaves_the_list_and_says_by_whom(
    admin_client: Client, admin_user: User
) -> None:
    first, second = make_lost(), make_lost("Another quote.")
    assert deal_with(admin_client, first) == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.seen_by, second.seen_by) == (admin_user, None)
    assert first.seen_at is not None
    assert "1 quote is dealt with." in admin_client.get(LIST).content.decode()


def test_a_row_can_be_read_but_not_edited_added_or_deleted(admin_client: Client) -> None:
    lost = make_lost()
    page = admin_client.get(f"{LIST}{lost.pk}/change/")
    assert page.status_code == 200
    assert "We do not sell &lt;b&gt;" in page.content.decode()
    assert b'name="_save"' not in page.content
    assert admin_client.post(f"{LIST}{lost.pk}/change/", {}).status_code == 403
    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.get(f"{LIST}{lost.pk}/delete/").status_code == 403


def test_who_may_only_look_cannot_deal_with_anything() -> None:
    lost = make_lost()
    client = staff("view_lostquote")
    assert "We do not sell" in client.get(LIST).content.decode()
    assert "deal_with" not in client.get(LIST).content.decode()
    deal_with(client, lost)
    lost.refresh_from_db()
    assert lost.seen_at is None


def test_who_may_change_lost_quotes_may_deal_with_them() -> None:
    lost = make_lost()
    deal_with(staff("change_lostquote"), lost)
    lost.refresh_from_db()
    assert lost.seen_at is not None


def test_who_has_no_permission_sees_nothing() -> None:
    lost = make_lost()
    client = staff("view_source")
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{lost.pk}/change/").status_code == 403


def test_the_list_costs_the_same_however_long_it_is(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        make_lost(f"Quote {number}.")
    with django_assert_max_num_queries(8):
        admin_client.get(LIST)
