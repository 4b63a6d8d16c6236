"""A source that several organizations watch tells each of them of its own watches only."""

import pytest
from django.test import Client

from campaigns.models import Campaign
from sources.models import Source
from tests.access.worlds import World, make_world
from tests.factories import make_company, make_target
from tests.sources.factories import make_watch

pytestmark = pytest.mark.django_db

LIST = "/admin/sources/source/"


@pytest.fixture
def world() -> World:
    """Our source, which others watch for a target that we do not see."""
    made = make_world()
    hidden = made.hidden.campaign
    secret = make_target(hidden, make_company("Quagga"))
    make_watch(source_of(made), secret)
    return made


def source_of(world: World) -> Source:
    """The source of our draft."""
    source = world.draft.rows["source"]
    assert isinstance(source, Source)
    return source


def is_listed(client: Client, source: Source, query: str) -> bool:
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code in (200, 302, 400)
    return answer.status_code == 200 and source.name in answer.content.decode()


def test_search_finds_by_companies_that_it_is_watched_for_and_not_by_those_of_others(
    world: World,
) -> None:
    source, member, steward = source_of(world), world.client("member"), world.client("steward")
    ours = source.watches.exclude(target__company__name="Quagga").get().target.company.name
    assert is_listed(member, source, f"q={ours}")
    assert not is_listed(member, source, "q=Quagga")
    assert is_listed(steward, source, "q=Quagga")


@pytest.mark.parametrize(
    "lookup", ["__id__exact", "", "__in", "__gte", "__isnull", "__exact", "__id__in"]
)
def test_no_filter_tells_for_which_campaign_of_others_it_is_watched(
    lookup: str, world: World
) -> None:
    source, member = source_of(world), world.client("member")
    hidden: Campaign = world.hidden.campaign
    value = "0" if lookup == "__isnull" else hidden.pk
    assert not is_listed(member, source, f"watches__target__campaign{lookup}={value}")


def test_the_filter_finds_what_is_watched_for_a_campaign_of_ours(world: World) -> None:
    source, member = source_of(world), world.client("member")
    query = f"watches__target__campaign__id__exact={world.draft.campaign.pk}"
    assert is_listed(member, source, query)
