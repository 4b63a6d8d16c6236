"""What is not understood is refused: clearly, quickly and never with a 500."""

from base64 import b64encode

import pytest
from django.test import Client

from tests.api.factories import RESOURCES, get, make_public_world, results
from tests.holding import held

pytestmark = pytest.mark.django_db

LONG_AGO = "0001-01-01T00:00%2B14:00"

world = held(make_public_world)


def cursor(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_misspelled_parameter_is_named_with_the_nearest_known_one(
    client: Client, resource: str
) -> None:
    answer = client.get(f"/api/v1/{resource}/?limt=5")
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert (error["parameter"], error["suggestion"]) == ("limt", "limit")


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.usefixtures("world")
def test_a_single_row_takes_no_filters(client: Client, resource: str) -> None:
    row = results(client, resource)[0]
    for name in ("limit", "company", "format", "x"):
        answer = client.get(row["url"], {name: 1})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["parameter"] == name


def test_an_unlike_parameter_is_answered_with_what_is_known(client: Client) -> None:
    [error] = client.get("/api/v1/topics/?zzz=1").json()["errors"]
    assert "suggestion" not in error
    assert "campaign, company, count, created_after, created_before, cursor" in error["detail"]


def test_the_root_takes_no_parameters(client: Client) -> None:
    assert client.get("/api/v1/?page=2").status_code == 400


def test_a_parameter_given_twice_is_refused(client: Client) -> None:
    answer = client.get("/api/v1/targets/?status=paused&status=met")
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {"parameter": "status", "detail": "Parameter “status” is given more than once."}
    ]


def test_all_wrong_parameters_are_named_at_once(client: Client) -> None:
    answer = client.get("/api/v1/targets/?status=happy&expires_before=soon&company=nobody")
    assert {error["parameter"] for error in answer.json()["errors"]} == {
        "status",
        "expires_before",
        "company",
    }
    assert "called_on" in str(answer.json()["errors"])


def test_subsidiaries_of_nobody_are_refused(client: Client) -> None:
    answer = client.get("/api/v1/targets/?include_subsidiaries=true")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "include_subsidiaries"


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=501",
        "limit=1e3",
        "limit=" + "9" * 5000,
        "limit=%00",
        "limit=",
        "cursor=%00",
        "cursor=!!!",
        "cursor=%ff",
        "cursor=é",
        f"cursor={cursor('p=1')}!",
        f"cursor={cursor('p=1&z=2')}",
        f"cursor={cursor('o=5000')}",
        f"cursor={cursor('p=abc')}",
        f"cursor={cursor('p=-1')}",
        f"cursor={cursor('p=99999999999999999999')}",
        f"cursor={cursor('o=-1')}",
        f"cursor={cursor('r=x')}",
        f"cursor={cursor('p=%00')}",
        "created_by__password__startswith=a",
        "recorded_by__password__startswith=a",
        "campaign__published_at__isnull=true",
        "id=1",
        "%00=1",
        "%ff%fe=%ff",
        "x" * 4000 + "=1",
        "&".join(f"x{number}=1" for number in range(900)),
        "&".join(f"x{number}=1" for number in range(2000)),
        "limit=1&" * 50,
    ],
)
def test_a_hostile_query_is_a_400_in_every_list(client: Client, query: str) -> None:
    for resource in RESOURCES:
        answer = client.get(f"/api/v1/{resource}/?{query}")
        assert answer.status_code == 400
        assert answer["content-type"] == "application/problem+json"
        assert len(answer.content) < 20_000


@pytest.mark.parametrize(
    "query",
    [
        "campaign=%00",
        "campaign=a%00b",
        "campaign=" + "9" * 40,
        "campaign=99999999999999999999",
        "campaign=-1",
        "campaign=%D9%A3",
        "campaign=nobody",
        "campaign=" + "a" * 2000,
        "target=abc",
        "target=1.5",
        "after=-1",
        "after=abc",
        "after=1e3",
        "after=" + "9" * 30,
        "after=NaN",
        "status=PAUSED",
        "status=none",
        "kind=change%00",
        "from_status=x",
        "effective_after=2020-13-01",
        "effective_after=2020-02-30",
        "effective_after=20200610",
        "effective_after=10/06/2020",
        "effective_after=2020-06-10T00:00",
        "effective_before=%D9%A2%D9%A0%D9%A2%D9%A0-06-10",
        "recorded_after=yesterday",
        f"recorded_before={LONG_AGO}",
        "as_of=2020-6-1",
        "as_of=0000-00-00",
        "as_of=99999-01-01",
        "known_at=2021-06-01T25:00Z",
        f"known_at={LONG_AGO}",
        "known_at=9999-12-31T23:59-14:00",
        "known_at=1622505600",
        "include_subsidiaries=maybe&company=x",
    ],
)
@pytest.mark.usefixtures("world")
def test_a_value_that_cannot_be_read_is_a_400_that_names_it(client: Client, query: str) -> None:
    answer = client.get(f"/api/v1/status-changes/?{query}")
    assert answer.status_code == 400
    named = [error["parameter"] for error in answer.json()["errors"]]
    assert query.partition("=")[0] in named


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("query", ["as_of=x", "known_at=x", f"known_at={LONG_AGO}"])
@pytest.mark.usefixtures("world")
def test_a_bad_clock_is_refused_for_a_single_row_too(
    client: Client, resource: str, query: str
) -> None:
    row = results(client, resource)[0]
    assert client.get(f"{row['url']}?{query}").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "as_of=0001-01-01",
        "as_of=9999-12-31",
        "known_at=0001-01-01T00:00Z",
        "known_at=9999-12-31T23:59:59.999999Z",
        "after=9223372036854775807",
        "effective_before=0001-01-01",
        "recorded_after=9999-12-31",
    ],
)
@pytest.mark.usefixtures("world")
def test_the_ends_of_time_and_of_numbers_are_answered(client: Client, query: str) -> None:
    assert client.get(f"/api/v1/status-changes/?{query}").status_code == 200


@pytest.mark.usefixtures("world")
def test_a_plus_that_was_not_escaped_is_understood(client: Client) -> None:
    assert client.get("/api/v1/targets/?known_at=2026-03-01T14:00+02:00").status_code == 200


@pytest.mark.parametrize(
    "address", ["0", "9" * 18, "9" * 40, "-1", "%00", "a%00b", "%D9%A3", "a b", "..", "x.json"]
)
def test_an_address_without_a_row_is_a_404(client: Client, address: str) -> None:
    for resource in RESOURCES:
        answer = client.get(f"/api/v1/{resource}/{address}/")
        assert answer.status_code == 404
        assert answer["content-type"] == "application/problem+json"


def test_a_slug_that_begins_with_a_number_leads_to_its_own_row(client: Client) -> None:
    numbered, other = make_public_world(), make_public_world()
    numbered.campaign.slug = f"{other.campaign.pk}-org"
    numbered.campaign.save()
    assert get(client, f"campaigns/{numbered.campaign.slug}/")["id"] == numbered.campaign.pk
    assert get(client, f"campaigns/{other.campaign.pk}/")["id"] == other.campaign.pk
