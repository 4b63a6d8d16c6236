"""A document that is cited everywhere shows the first of its facts; filters give the rest."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from api import document_facts
from campaigns.models import Citation, Document
from tests.api.factories import V1, get, ids, make_position, make_world, results
from tests.factories import (
    LONG_AGO,
    made_at,
    make_action,
    make_campaign,
    make_change,
    make_citation_draft,
    make_document,
    make_outcome_draft,
    make_target,
)

pytestmark = pytest.mark.django_db

MOST = document_facts.MOST_FACTS
EVE, DAY = dt.date(2018, 5, 21), dt.date(2018, 5, 22)


def cite_often(times: int, **fields: Any) -> Document:
    document = make_document(published_on=EVE)
    campaign = make_campaign()
    for _ in range(times):
        action = make_action(campaign, **fields)
        Citation.objects.create(document=document, quote="as reported", action=action)
    return document


def test_a_list_and_a_record_show_the_first_facts_and_their_number(client: Client) -> None:
    with made_at(LONG_AGO):
        often, once = cite_often(MOST + 3), cite_often(1)
    clocks: list[dict[str, Any]] = [
        {}, {"as_of": "2099-01-01"}, {"known_at": "2099-01-01"}, {"fields": "id,facts,facts_count"},
    ]  # fmt: skip
    for query in clocks:
        listed, other = results(client, "documents", **query)
        assert listed == get(client, f"documents/{often.pk}/", **query)
        shown = [fact["id"] for fact in listed["facts"]]
        assert shown == list(often.citations.order_by("pk").values_list("action", flat=True))[:MOST]
        assert (listed["facts_count"], other["facts_count"]) == (MOST + 3, 1)
        assert set(listed["facts"][0]) == {"kind", "id", "url", "quote"}
        assert [fact["id"] for fact in other["facts"]] == [once.citations.get().action_id]
    everything = ids(client, "actions", document=often.pk, limit=500)
    assert len(everything) == MOST + 3


def test_only_what_had_happened_is_counted(client: Client) -> None:
    document = cite_often(2, happened_on=DAY)
    for day, count in ((EVE, 0), (DAY, 2)):
        [row] = results(client, "documents", as_of=day)
        assert (row["facts_count"], len(row["facts"])) == (count, count)
    assert ids(client, "documents") == [document.pk]


def test_what_only_a_draft_cites_is_not_counted(client: Client) -> None:
    document = cite_often(1)
    draft = make_action(make_campaign(is_public=False))
    Citation.objects.create(document=document, quote="as reported", action=draft)
    for query in ({}, {"as_of": "2099-01-01"}):
        assert results(client, "documents", **query)[0]["facts_count"] == 1
    answer: Any = client.get(f"{V1}/documents/?format=csv&fields=facts_count")
    assert b"".join(answer) == b"facts_count\n1\n"


def cite_each_kind_twice() -> tuple[Document, dict[str, int]]:
    """A document that supports one fact of each kind, and these by their resource."""
    world, document = make_world(), make_document()
    position = make_position(world.company)
    facts = {
        "actions": world.action, "responses": world.response, "outcomes": world.outcome,
        "positions": position,
    }  # fmt: skip
    for fact in [*facts.values(), *facts.values()]:
        name = type(fact).__name__.lower()
        Citation.objects.create(document=document, quote="as reported", **{name: fact})
    drafts = [make_citation_draft(document=document)] * 2
    change = make_change(world.target, "in_court", citations=drafts)
    keys = {name: fact.pk for name, fact in facts.items()}
    return document, {**keys, "status-changes": change.pk}


def test_the_facts_of_each_kind_are_found_by_their_document(client: Client) -> None:
    document, facts = cite_each_kind_twice()
    make_world()
    for resource, pk in facts.items():
        for clock in ({}, {"as_of": "2099-01-01"}, {"known_at": "2099-01-01"}):
            assert ids(client, resource, document=document.pk, **clock) == [pk], resource
    shown = get(client, f"documents/{document.pk}/")
    assert shown["facts_count"] == len(shown["facts"]) == 10


def test_an_outcome_is_found_by_what_supports_an_entry_that_carries_it(client: Client) -> None:
    with made_at(LONG_AGO):
        target = make_target()
    document = make_document()
    outcome = make_change(target, "paused", dt.date(2020, 6, 10), outcome=make_outcome_draft())
    make_change(
        target, "settled", dt.date(2020, 9, 1), outcome=outcome.outcome,
        citations=[make_citation_draft(document=document)],
    )  # fmt: skip
    assert ids(client, "outcomes", document=document.pk) == [outcome.outcome_id]
    query: dict[str, Any] = {"document": document.pk, "as_of": "2020-08-31"}
    assert results(client, "outcomes", as_of="2020-08-31")[0]["citations"] == []
    assert ids(client, "outcomes", **query) == []
