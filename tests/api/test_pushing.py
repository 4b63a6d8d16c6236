"""Bringing texts for a source: only with a token that names it, and on the path of every poll."""

from typing import Any

import orjson
import pytest
from django.test import Client
from django.utils import timezone

from campaigns.models import Target
from sources.models import Finding, Poll, Snapshot, Source
from tests.api.factories import V1
from tests.api.tokens import make_token
from tests.sources.conftest import amazon, polling  # noqa: F401 - fixtures
from tests.sources.factories import make_source, make_watch
from tests.sources.pages import ANNOUNCEMENT, POLICY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("polling")]


@pytest.fixture
def source(amazon: Target) -> Source:  # noqa: F811 - the fixture
    source = make_source(is_active=False)
    make_watch(source, amazon)
    return source


def secret_for(*sources: Source) -> str:
    return make_token(name="scraper", sources=sources)[1]


def push(client: Client, source: Source, secret: str, **document: Any) -> Any:
    return client.post(
        f"{V1}/sources/{source.slug}/documents/",
        orjson.dumps(document),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"} if secret else {},
    )


def test_a_text_takes_the_path_of_every_poll(client: Client, source: Source) -> None:
    secret = secret_for(source)
    first = push(client, source, secret, text=POLICY, title="Policy")
    assert (first.status_code, first.json()["result"]) == (201, "baseline")
    assert push(client, source, secret, text=POLICY).json()["result"] == "unchanged"
    answer = push(client, source, secret, text=ANNOUNCEMENT, published_on="2020-06-10")
    assert (answer.json()["result"], answer.json()["findings"]) == ("changed", 1)
    snapshot = Snapshot.objects.get(body_hash=answer.json()["snapshot_hash"])
    assert snapshot.text == ANNOUNCEMENT
    assert Finding.objects.get().snapshot == snapshot
    polls = Poll.objects.filter(source=source)
    assert {poll.detail.partition(":")[0] for poll in polls} == {"scraper"}
    source.refresh_from_db()
    assert (source.lease, source.leased_until) == (None, None)


def test_of_a_feed_each_text_is_an_entry(client: Client, source: Source) -> None:
    Source.objects.update(kind="feed")
    source.refresh_from_db()
    secret = secret_for(source)
    old = {"text": "Old news of the year.", "url": "https://a.example/1", "title": "Old"}
    new = {
        "text": ANNOUNCEMENT,
        "url": "https://a.example/2",
        "title": "News",
        "published_on": "2020-06-10",
    }
    results = [push(client, source, secret, **text).json() for text in (old, old, new, old)]
    assert [result["result"] for result in results] == [
        "baseline",
        "unchanged",
        "changed",
        "unchanged",
    ]
    assert Finding.objects.get().url == "https://a.example/2"


def test_only_a_token_that_names_the_source_brings_texts_for_it(
    client: Client, source: Source
) -> None:
    other = make_source()
    assert push(client, source, "", text="We stop.").status_code == 401
    assert push(client, source, "ftk_" + "a" * 43, text="We stop.").status_code == 401
    assert push(client, source, secret_for(other), text="We stop.").status_code == 403
    assert not Poll.objects.exists()


@pytest.mark.parametrize(
    ("document", "status", "said"),
    [
        ({}, 400, "text"),
        ({"text": "We stop.", "titel": "Policy"}, 400, "titel"),
        ({"text": "We stop.", "published_on": "yesterday"}, 400, "published_on"),
        ({"text": "…"}, 422, "empty"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_with_its_reason(
    client: Client, source: Source, document: dict[str, str], status: int, said: str
) -> None:
    answer = push(client, source, secret_for(source), **document)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert said in answer.content.decode()
    assert not Poll.objects.exists()


def test_a_source_that_is_being_polled_takes_nothing_in(client: Client, source: Source) -> None:
    Source.objects.update(lease="0" * 32, leased_until=timezone.now().replace(year=2999))
    answer = push(client, source, secret_for(source), text="We stop.")
    assert answer.status_code == 409
    assert not Poll.objects.exists()
