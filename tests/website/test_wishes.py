"""What a visitor wants to follow, read off the address."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.http import QueryDict

from alerts.services.subscribing import EVERYTHING, Wish
from api.resources.status_changes import STATUS_CHANGES
from tests.factories import (
    make_campaign,
    make_company,
    make_organization,
    make_product,
    make_target,
    make_topic,
)
from website.criteria import OF_CHANGES, InvalidQuery
from website.wishes import read_filter, read_wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def named() -> Wish:
    """One public thing of each kind, each with the slug of its kind."""
    company = make_company("Acme", slug="acme")
    product = make_product(company)
    organization, topic = make_organization(slug="aclu"), make_topic(slug="police")
    campaign = make_campaign(slug="free", organizations=(organization,), topics=(topic,))
    make_target(campaign, company, product=product)
    return Wish(
        campaign=campaign,
        company=company,
        organization=organization,
        topic=topic,
        product=product,
    )


def test_a_query_of_the_api_becomes_a_wish(named: Wish) -> None:
    assert named.product is not None
    query = (
        f"company=acme&include_subsidiaries=true&organization=aclu&topic=police&campaign=free"
        f"&product={named.product.pk}&status=reversed&from_status=none"
    )
    assert read_filter(query) == replace(named, to_statuses=["reversed"], from_statuses=["none"])


def test_a_company_is_followed_without_its_subsidiaries_as_the_api_lists_it(named: Wish) -> None:
    for query in ("company=acme", "company=acme&include_subsidiaries=false"):
        wish = read_filter(query)
        assert (wish.company, wish.includes_subsidiaries) == (named.company, False)


@pytest.mark.parametrize(
    "query",
    ["status=reversed,expired", "status=reversed&status=expired", "?status=reversed, expired"],
)
def test_several_statuses_are_given_by_commas_or_by_repetition(query: str) -> None:
    assert read_filter(query).as_subscription().to_statuses == ",reversed,expired,"


@pytest.mark.parametrize(
    "before", ["?", "/api/v1/status-changes/?", "https://site.example/api/v1/status-changes/?"]
)
def test_the_address_before_a_query_may_be_given_with_it(named: Wish, before: str) -> None:
    assert read_filter(f"{before}topic=police").topic == named.topic


def test_things_are_named_by_number_too(named: Wish) -> None:
    assert named.topic is not None
    assert read_filter(f"topic={named.topic.pk}").topic == named.topic


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "narrows nothing"),
        ("topic=police&search=face", "Unknown parameter “search”. Known here: campaign, company"),
        ("target=1", "Unknown parameter “target”"),
        ("https://site.example/api/v1/targets/?status=met", "Only queries of /api/v1/status-cha"),
        ("status=solved", "“status”: “solved” is none of: called_on"),
        ("status=none", "“status”: “none” is none of"),
        ("from_status=", "“from_status” is empty"),
        ("topic=nowhere", "“topic”: there is no “nowhere”."),
        ("topic=999999999999999999999", "“topic”: there is no"),
        ("campaign=draft", "“campaign”: there is no “draft”."),
        ("topic=police&topic=police", "“topic” is given more than once."),
        ("product=rekognition", "“product”: “rekognition” is not a number"),
        ("include_subsidiaries=true", "needs “company” beside it"),
        ("company=acme&include_subsidiaries=yes", "“yes” is none of: true, false"),
        ("topic=%00", "unreadable"),
        ("topic=\0", "unreadable"),
        ("topic=" + "a" * 1000, "too long"),
    ],
)
@pytest.mark.usefixtures("named")
def test_what_cannot_be_followed_is_refused_by_name(query: str, said: str) -> None:
    make_campaign(slug="draft", is_public=False)
    with pytest.raises(InvalidQuery) as refusal:
        read_filter(query)
    assert said in str(refusal.value)


def test_a_parameter_beside_the_query_is_refused_because_it_was_meant_to_be_in_it() -> None:
    with pytest.raises(InvalidQuery, match=r"“topic” stands beside the query.*“%26”"):
        read_wish(QueryDict("filter=status=met&topic=police"))


def test_without_anything_everything_is_wanted() -> None:
    assert read_wish(QueryDict("")) == EVERYTHING


@pytest.mark.parametrize("name", ["campaign", "company", "organization", "topic"])
def test_a_scope_names_one_thing(named: Wish, name: str) -> None:
    thing = getattr(named, name)
    assert read_wish(QueryDict(f"{name}={thing.slug}")) == Wish(**{name: thing})


def test_what_can_be_followed_is_what_the_list_of_status_changes_takes() -> None:
    assert set(OF_CHANGES) < {one.name for one in STATUS_CHANGES.filters}
