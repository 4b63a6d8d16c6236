"""What the public does not see moves no `updated_at`; what it sees does, and known_at agrees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from campaigns.models import Action, Campaign, Response, Target
from campaigns.services import publish_campaign, withdraw_campaign
from campaigns.timemachine import as_known
from campaigns.visibility import public_products
from companies.models import Alias, Company, Product
from tests.factories import (
    NOW,
    made_at,
    make_action,
    make_campaign,
    make_company,
    make_organization,
    make_product,
    make_target,
    make_topic,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
LATER = NOW + DAY
MUCH_LATER = LATER + DAY


def moved(row: Company | Action | Campaign) -> dt.datetime:
    return type(row)._default_manager.get(pk=row.pk).updated_at


@pytest.fixture
def company() -> Company:
    """A company that is public, for it is pressed."""
    with made_at(NOW):
        return make_target(company=make_company("Amazon")).company


@pytest.fixture
def drafted(company: Company) -> Target:
    """A draft's target about a product that nothing else is about."""
    with made_at(NOW):
        return make_target(make_campaign(is_public=False), company, product=make_product(company))


def named_product(target: Target) -> Product:
    assert target.product
    return target.product


def draft_a_product(company: Company) -> None:
    make_target(make_campaign(is_public=False), company, product=make_product(company))


def delete_a_product(company: Company) -> None:
    make_product(company).delete()


def rename_a_product(company: Company) -> None:
    product = make_product(company)
    product.name = "Renamed"
    product.save()


def draft_a_subsidiary(company: Company) -> None:
    make_target(make_campaign(is_public=False), make_company(parent=company))


@pytest.mark.parametrize(
    "write", [draft_a_product, delete_a_product, rename_a_product, draft_a_subsidiary]
)
def test_what_only_a_draft_is_about_does_not_move_its_company(
    client: Client, company: Company, write: Callable[[Company], None]
) -> None:
    address = f"/api/v1/companies/{company.pk}/"
    before = client.get(address).content
    with made_at(LATER):
        write(company)

    assert moved(company) == NOW
    assert client.get(address).content == before
    later = client.get("/api/v1/companies/", {"updated_after": LATER.isoformat()})
    assert later.json()["results"] == []


def drop_the_product(target: Target) -> None:
    target.product = None
    target.save()


def take_another_product(target: Target) -> None:
    target.product = make_product(target.company)
    target.save()


def delete_the_target(target: Target) -> None:
    target.delete()


@pytest.mark.parametrize("write", [drop_the_product, take_another_product, delete_the_target])
@pytest.mark.parametrize("is_public", [True, False])
def test_a_target_that_turns_to_another_product_moves_the_company_if_the_public_sees_it(
    drafted: Target, write: Callable[[Target], None], is_public: bool
) -> None:
    with made_at(NOW):
        if is_public:
            publish_campaign(campaign=drafted.campaign, now=NOW)
    with made_at(LATER):
        write(drafted)

    assert moved(drafted.company) == (LATER if is_public else NOW)


def test_a_product_moves_its_company_from_its_publication_on(drafted: Target) -> None:
    campaign, company = drafted.campaign, drafted.company
    steps: list[tuple[Callable[[], object], int]] = [
        (lambda: publish_campaign(campaign=campaign, now=NOW + DAY), 1),
        (product_renamer(named_product(drafted)), 2),
        (lambda: withdraw_campaign(campaign=campaign, now=NOW + 3 * DAY), 3),
        (product_renamer(named_product(drafted)), 3),
    ]
    for day, (write, last_day) in enumerate(steps, start=1):
        with made_at(NOW + day * DAY):
            write()
        assert moved(company) == NOW + last_day * DAY


def product_renamer(product: Product) -> Callable[[], None]:
    def rename() -> None:
        product.name += "!"
        product.save()

    return rename


def test_a_product_that_the_public_sees_anyway_is_no_news(drafted: Target) -> None:
    with made_at(NOW):
        seen = make_target(company=drafted.company, product=drafted.product)
    with made_at(LATER):
        publish_campaign(campaign=drafted.campaign, now=LATER)
        make_target(company=drafted.company, product=drafted.product)
        withdraw_campaign(campaign=drafted.campaign, now=LATER)
        drop_the_product(seen)

    assert moved(drafted.company) == NOW


def test_a_public_target_about_a_new_product_moves_the_company(company: Company) -> None:
    with made_at(LATER):
        make_target(company=company, product=make_product(company))
    assert moved(company) == LATER


def test_known_at_tells_of_a_product_and_its_date_from_publication_on(drafted: Target) -> None:
    with made_at(MUCH_LATER):
        publish_campaign(campaign=drafted.campaign, now=MUCH_LATER)

    told = {}
    for moment in (LATER, MUCH_LATER):
        with as_known(moment):
            told[moment] = (moved(drafted.company), list(public_products()))
    assert told == {LATER: (NOW, []), MUCH_LATER: (MUCH_LATER, [drafted.product])}


def test_the_two_definitions_of_a_public_product_agree(drafted: Target) -> None:
    make_target(company=drafted.company, product=make_product(drafted.company))
    make_product(drafted.company)
    keys = set(Product.objects.values_list("pk", flat=True))
    assert Product.shown(keys) == set(public_products().values_list("pk", flat=True))
    assert len(keys) == 3


def test_an_alias_moves_its_company_always(company: Company) -> None:
    with made_at(LATER):
        Alias.objects.create(company=company, name="AWS")
    assert moved(company) == LATER


@pytest.mark.parametrize("end", ["action", "target"])
@pytest.mark.parametrize("change", ["add", "remove", "clear"])
def test_a_drafts_target_does_not_move_the_action_that_names_it(
    client: Client, end: str, change: str
) -> None:
    with made_at(NOW):
        action, target = make_action(), make_target(make_campaign(is_public=False))
        if change != "add":
            action.targets.add(target)
    before = client.get(f"/api/v1/actions/{action.pk}/").content
    with made_at(LATER):
        relation = action.targets if end == "action" else target.actions
        member = target if end == "action" else action
        getattr(relation, change)(*([] if change == "clear" else [member]))

    assert moved(action) == NOW == action.updated_at
    assert client.get(f"/api/v1/actions/{action.pk}/").content == before


def test_a_public_target_moves_the_action_although_a_drafts_one_comes_with_it() -> None:
    with made_at(NOW):
        action = make_action()
        targets = make_target(action.campaign), make_target(make_campaign(is_public=False))
    with made_at(LATER):
        action.targets.add(*targets)
    assert moved(action) == LATER


def test_publishing_and_withdrawing_move_the_actions_elsewhere_that_name_its_targets() -> None:
    with made_at(NOW):
        draft = make_campaign(is_public=False)
        action, own = make_action(), make_action(draft)
        for row in (action, own):
            row.targets.add(make_target(draft))
    for moment, turn in ((LATER, publish_campaign), (MUCH_LATER, withdraw_campaign)):
        with made_at(moment):
            turn(campaign=draft, now=moment)
        assert (moved(action), moved(own)) == (moment, NOW)


def test_whom_an_action_named_unseen_is_known_all_the_same_once_it_is_public() -> None:
    with made_at(NOW):
        draft = make_campaign(is_public=False)
        action = make_action(draft)
    with made_at(LATER):
        target = make_target(draft)
        action.targets.add(target)
        publish_campaign(campaign=draft, now=LATER)
    with made_at(MUCH_LATER):
        action.targets.clear()

    with as_known(LATER):
        assert list(Action.objects.get().targets.all()) == [target]
    with as_known(MUCH_LATER):
        assert list(Action.objects.get().targets.all()) == []


def test_what_a_draft_does_with_public_things_moves_none_of_them() -> None:
    with made_at(NOW):
        topic, organization = make_topic(), make_organization()
        seen = make_campaign(organizations=(organization,), topics=(topic,))
        action, target = make_action(seen), make_target(seen)
    with made_at(LATER):
        draft = make_campaign(is_public=False, organizations=(organization,), topics=(topic,))
        pressed = make_target(draft, target.company)
        named = make_action(draft)
        named.organizations.add(organization)
        named.targets.add(pressed)
        Response.objects.create(
            target=pressed, answers=named, kind="denial", summary="No.", happened_on=NOW.date()
        )
    rows = (topic, organization, seen, action, target, target.company)
    for row in rows:
        row.refresh_from_db()
    assert {row.updated_at for row in rows} == {NOW}
