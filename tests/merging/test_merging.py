"""Two records of the same thing become one, and nothing that referred to either is lost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.test import Client

from alerts.models import Subscription
from campaigns.models import Citation, Document, Organization, Position, StatusChange, Target
from campaigns.services import merge_documents
from campaigns.timemachine import as_known
from companies.merging import Forecast, MergeRefused, forecast, merge_companies, relations
from companies.models import Alias, Company, OldSlug, Product
from companies.notes import add_note
from companies.pasts import is_version
from tests.alerts.factories import make_endpoint, make_subscriber, make_subscription
from tests.factories import (
    NOW,
    made_at,
    make_bill,
    make_campaign,
    make_change,
    make_citation_draft,
    make_company,
    make_document,
    make_product,
    make_target,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def merge(kept: Company, duplicate: Company) -> None:
    merge_companies(kept=kept, duplicate=duplicate, merged_by=None, now=NOW)


def test_these_are_all_relations_that_a_merge_moves() -> None:
    found = {
        (model.__name__, relation.related_model.__name__, relation.field.name)
        for model in (Company, Product, Organization, Document)
        for relation in relations(model)
        if not is_version(relation.related_model)
    }
    assert found == {
        ("Company", "Alias", "company"),
        ("Company", "Company", "parent"),
        ("Company", "Endpoint", "company"),
        ("Company", "Position", "company"),
        ("Company", "Product", "company"),
        ("Company", "Subscription", "company"),
        ("Company", "Target", "company"),
        ("Product", "Endpoint", "product"),
        ("Product", "Subscription", "product"),
        ("Product", "Target", "product"),
        ("Organization", "Action", "organizations"),
        ("Organization", "Campaign", "organizations"),
        ("Organization", "Campaign", "shared_with"),
        ("Organization", "Endpoint", "organization"),
        ("Organization", "Invitation", "organization"),
        ("Organization", "Membership", "organization"),
        ("Organization", "Organization", "parent"),
        ("Organization", "Subscription", "organization"),
        ("Document", "Citation", "document"),
        ("Document", "OldUrl", "document"),
    }
    # Nothing that a merged record itself has many of would be left behind.
    for model in (Company, Product, Organization, Document):
        assert not model._meta.many_to_many


def test_all_that_refers_to_a_company_refers_to_the_kept_one() -> None:
    kept = make_company("Amazon")
    duplicate = make_company(
        "Amazon.com", aliases=("AMZN",), slug="amazon-com", website="https://a.example"
    )
    ring = make_company("Ring", parent=duplicate)
    product = make_product(duplicate, "Rekognition")
    target = make_target(make_campaign(), duplicate, product=product)
    change = make_change(target)
    position = Position.objects.create(
        company=duplicate, bill=make_bill(), stance="supports", taken_on=dt.date(2020, 1, 1)
    )
    endpoint = make_endpoint(company=duplicate)
    author = User.objects.create_user("author")
    note = add_note(about=duplicate, author=author, text="Which of the two?", now=NOW)

    merge(kept, duplicate)

    for row in (target, position, endpoint, product, ring, note, kept):
        row.refresh_from_db()
    assert {target.company, position.company, endpoint.company, product.company} == {kept}
    assert (ring.parent, target.product, note.object_id) == (kept, product, kept.pk)
    assert set(kept.aliases.values_list("name", flat=True)) == {"AMZN", "Amazon.com"}
    assert kept.website == "https://a.example"
    assert not Company.objects.filter(pk=duplicate.pk).exists()
    assert OldSlug.objects.get().slug == "amazon-com"
    assert StatusChange.objects.get().target == target
    assert change.pk == StatusChange.objects.get().pk


def test_moved_records_say_when_and_why_they_changed() -> None:
    kept, duplicate = make_company(), make_company("Twice")
    target = make_target(make_campaign(), duplicate)
    stood = target.updated_at
    merge(kept, duplicate)
    target.refresh_from_db()
    latest = target.history.latest("history_id")
    assert target.updated_at > stood
    assert (latest.company_id, latest.history_type) == (kept.pk, "~")
    assert "Twice" in latest.history_change_reason


def test_two_targets_of_one_campaign_are_not_merged_and_nothing_is_written() -> None:
    kept, duplicate = make_company("Argus"), make_company("Argus Inc", slug="argus-inc")
    campaign = make_campaign("Eyes off")
    make_target(campaign, kept)
    target = make_target(campaign, duplicate)
    elsewhere = make_target(make_campaign(), duplicate)
    with pytest.raises(MergeRefused) as refusal:
        merge(kept, duplicate)
    assert refusal.value.reasons == (
        "Argus: Eyes off: This company is a target of the campaign already.",
    )
    for row in (target, elsewhere):
        row.refresh_from_db()
        assert row.company == duplicate
    assert not OldSlug.objects.exists()
    assert not Alias.objects.exists()


def test_products_of_one_name_become_one_unless_both_are_targets_of_a_campaign() -> None:
    kept, duplicate = make_company(), make_company()
    first, second = make_product(kept, "Eye"), make_product(duplicate, "EYE")
    target = make_target(make_campaign(), duplicate, product=second)
    shared = make_campaign("Shared")
    make_target(shared, kept, product=first)
    clash = make_target(shared, duplicate, product=second)
    with pytest.raises(MergeRefused, match="This product is a target of the campaign already"):
        merge(kept, duplicate)
    clash.delete()
    merge(kept, duplicate)
    target.refresh_from_db()
    assert (target.company, target.product) == (kept, first)
    assert Product.objects.get() == first


def test_positions_of_one_day_on_one_bill_are_not_merged() -> None:
    bill, companies = make_bill(), (make_company(), make_company())
    for company in companies:
        Position.objects.create(
            company=company, bill=bill, stance="supports", taken_on=dt.date(2020, 1, 1)
        )
    with pytest.raises(MergeRefused, match="position of that day is on record"):
        merge(*companies)


def test_a_parent_and_its_part_merge_either_way_but_not_past_others() -> None:
    top = make_company("Top")
    middle = make_company("Middle", parent=top)
    bottom = make_company("Bottom", parent=middle)
    with pytest.raises(MergeRefused, match="by way of others"):
        merge(bottom, top)
    merge(bottom, middle)
    bottom.refresh_from_db()
    assert bottom.parent == top
    merge(top, bottom)
    top.refresh_from_db()
    assert (top.parent, Company.objects.get()) == (None, top)


def test_old_slugs_lead_to_the_last_of_a_chain_of_merges_in_one_step(client: Client) -> None:
    first, second, third = (make_company(slug=slug) for slug in ("a", "b", "c"))
    make_target(make_campaign(), third)
    merge(second, first)
    merge(third, second)
    for old in ("a", "b"):
        assert client.get(f"/companies/{old}/")["Location"] == "/companies/c/"
        assert client.get(f"/api/v1/companies/{old}/")["Location"].endswith(f"/{third.pk}/")
        assert len(client.get(f"/api/v1/targets/?company={old}").json()["results"]) == 1


@pytest.mark.parametrize("is_kept_older", [True, False])
def test_what_was_known_before_a_merge_is_still_told(is_kept_older: bool) -> None:
    days = (0, 1) if is_kept_older else (1, 0)
    with made_at(NOW + days[0] * DAY):
        kept = make_company("Kept")
    with made_at(NOW + days[1] * DAY):
        duplicate = make_company("Duplicate")
        target = make_target(make_campaign(), duplicate)
        child = make_company("Child", parent=duplicate)
    with made_at(NOW + 2 * DAY):
        target.demand = "Stop"
        target.save()
    with made_at(NOW + 3 * DAY):
        merge(kept, duplicate)

    for moment in (NOW + days[1] * DAY, NOW + 2 * DAY, NOW + 3 * DAY):
        with as_known(moment):
            found = Target.objects.select_related("company").get()
            assert found.company.pk == kept.pk
            assert Company.objects.get(pk=child.pk).parent_id == kept.pk
    with as_known(NOW):
        assert Company.objects.get(pk=kept.pk).name == ("Kept" if is_kept_older else "Duplicate")
    with as_known(NOW - DAY):
        assert not Company.objects.exists()


@pytest.mark.parametrize("is_kept_confirmed", [True, False])
def test_of_two_subscriptions_that_want_the_same_a_confirmed_one_goes_on(
    is_kept_confirmed: bool,
) -> None:
    kept, duplicate = make_company(), make_company()
    subscriber = make_subscriber()
    for company, is_confirmed in ((kept, is_kept_confirmed), (duplicate, not is_kept_confirmed)):
        made = make_subscription(subscriber=subscriber, company=company)
        if not is_confirmed:
            Subscription.objects.filter(pk=made.pk).update(confirmed_at=None)
    merge(kept, duplicate)
    going_on = Subscription.objects.current().get()
    assert (going_on.is_confirmed, going_on.company) == (True, kept)
    assert {row.criteria_key for row in Subscription.objects.all()} == {going_on.key}


def test_citations_of_the_log_name_the_kept_document() -> None:
    target = make_target(make_campaign())
    change = make_change(target, citations=[make_citation_draft()])
    cited = Citation.objects.get().document
    kept = make_document()
    merge_documents(kept=kept, duplicate=cited, merged_by=None, now=NOW)
    assert change.citations.get().document == kept
    assert Document.objects.get() == kept


def test_a_forecast_says_what_a_merge_would_do_and_does_nothing() -> None:
    kept, duplicate = make_company(), make_company()
    for _ in range(2):
        make_target(make_campaign(), duplicate)
    versions = Target.history.count()
    assert forecast(kept=kept, duplicate=duplicate, now=NOW) == Forecast({"targets": 2})
    assert Target.objects.filter(company=duplicate).count() == 2
    assert Target.history.count() == versions


def test_what_is_gone_is_not_merged_again() -> None:
    kept, duplicate = make_company(), make_company()
    merge(kept, duplicate)
    with pytest.raises(MergeRefused, match="no two records"):
        merge(kept, duplicate)
    with pytest.raises(MergeRefused, match="no two records"):
        merge(kept, kept)
