"""Full text over HTTP: each searched list, with filters, orders, pages and the past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from pytest_django import Settings

from api.resources import RESOURCES as DECLARED
from campaigns.models import StatusChange
from tests.api.factories import V1, get, ids, make_position, make_response, results
from tests.factories import (
    NOW,
    made_at,
    make_action,
    make_bill,
    make_campaign,
    make_change,
    make_citation_draft,
    make_company,
    make_document,
    make_organization,
    make_outcome_draft,
    make_target,
    make_topic,
)

pytestmark = pytest.mark.django_db

EARLIER, BETWEEN = NOW - dt.timedelta(days=9), NOW - dt.timedelta(days=5)
SEARCHED = sorted(resource.name for resource in DECLARED if resource.searched)


@pytest.fixture(autouse=True)
def no_limit(settings: Settings) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 0


def _outcome(text: str) -> Model:
    change = make_change(
        make_target(), "paused", now=EARLIER, outcome=make_outcome_draft(terms=text)
    )
    assert change.outcome is not None
    return change.outcome


def _document(text: str) -> Model:
    document = make_document(title=text)
    make_change(
        make_target(), now=EARLIER, citations=[make_citation_draft("Words", document=document)]
    )
    return document


def _organization(text: str) -> Model:
    organization = make_organization(text)
    make_campaign(organizations=(organization,))
    return organization


def _topic(text: str) -> Model:
    topic = make_topic(text)
    make_campaign(topics=(topic,))
    return topic


MAKERS: dict[str, Callable[[str], Model]] = {
    "actions": lambda text: make_action(title=text),
    "bills": lambda text: make_position(make_company(), make_bill(title=text)).bill,
    "campaigns": lambda text: make_campaign(text),
    "companies": lambda text: make_target(company=make_company(text)).company,
    "documents": _document,
    "organizations": _organization,
    "outcomes": _outcome,
    "positions": lambda text: make_position(make_company(), summary=text),
    "responses": lambda text: make_response(make_target(), summary=text),
    "status-changes": lambda text: make_change(summary=text, now=EARLIER),
    "targets": lambda text: make_target(demand=text),
    "topics": _topic,
}
EDITED = {
    "actions": "title", "bills": "title", "campaigns": "title", "companies": "name",
    "documents": "title", "organizations": "name", "positions": "summary",
    "responses": "summary", "targets": "demand", "topics": "name",
}  # fmt: skip
"""The text of each that may be edited: the log may not."""


def test_every_searched_list_is_tested_here() -> None:
    assert sorted(MAKERS) == SEARCHED


@pytest.mark.parametrize("resource", SEARCHED)
def test_words_phrases_and_minus_find_what_they_say(client: Client, resource: str) -> None:
    phrase, apart, other = (
        MAKERS[resource](text).pk
        for text in ("Harbour lantern lit", "Lantern harbour closed", "Windmill")
    )

    def found(search: str, **query: Any) -> set[int]:
        return set(ids(client, resource, search=search, **query))

    assert found("HARBOUR lanterns") == {phrase, apart}
    assert found('"harbour lantern"') == {phrase}
    assert found("harbour -lit") == {apart}
    assert found('lantern -"harbour lantern"') == {apart}
    assert found("windm*") == {other}
    assert found("harbour windmill") == set()
    answer = client.get(f"{V1}/{resource}/", {"search": "-harbour"})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "search")
    for clocks in ({"known_at": "2099-01-01"}, {"as_of": "2099-01-01"}):
        assert found('"harbour lantern"', **clocks) == {phrase}
        assert found("harbour -lit", **clocks) == {apart}


@pytest.mark.parametrize("clocks", [{}, {"known_at": "2099-01-01T00:00Z"}], ids=str)
@pytest.mark.parametrize("resource", SEARCHED)
def test_what_was_found_comes_by_rank_or_in_the_order_asked_for_page_by_page(
    client: Client, resource: str, clocks: dict[str, str]
) -> None:
    for number in range(3):
        MAKERS[resource](f"Harbour {number} " + "harbour wall " * number)
        MAKERS[resource](f"Windmill {number}")
    key = "sequence" if resource == "status-changes" else "id"
    asked = {"search": "harbour", **clocks}
    by_key = results(client, resource, **asked, ordering=key)
    assert len(by_key) == 3
    assert [row[key] for row in by_key] == sorted(row[key] for row in by_key)
    turned = results(client, resource, **asked, ordering=f"-{key}")
    assert turned == by_key[::-1]
    ranked = results(client, resource, **asked)
    assert sorted(row[key] for row in ranked) == [row[key] for row in by_key]
    assert results(client, resource, **asked, ordering="-rank") == ranked
    for ordering, wanted in (("-rank", ranked), (f"-{key}", turned)):
        page = get(client, f"{resource}/", **asked, ordering=ordering, limit=1)
        rows, last = page["results"], page
        while last["next"]:
            last = get(client, last["next"])
            rows += last["results"]
        assert rows == wanted, ordering
        back = last["results"]
        while last["previous"]:
            last = get(client, last["previous"])
            back = last["results"] + back
        assert back == wanted, ordering


def test_the_best_match_comes_first_and_no_rank_is_known_without_words(client: Client) -> None:
    said = make_action(title="Letter", description="It names the harbour.")
    titled = make_action(title="Harbour")
    for number in range(3):
        make_action(title=f"Letter {number}")
    assert ids(client, "actions", search="harbour") == [titled.pk, said.pk]
    assert ids(client, "actions", search="harbour", ordering="id") == [said.pk, titled.pk]
    for clocks in ({"known_at": "2099-01-01"}, {"as_of": "2099-01-01"}):
        assert ids(client, "actions", search="harbour", **clocks) == [titled.pk, said.pk]
    [error] = client.get(f"{V1}/actions/?ordering=-rank").json()["errors"]
    assert error["parameter"] == "ordering"


def test_a_search_and_filters_hold_together(client: Client) -> None:
    wanted, other = make_target(demand="Harbour"), make_target(demand="Harbour")
    make_target(wanted.campaign, demand="Windmill")
    for target in (wanted, other):
        for status in ("called_on", "refused"):
            make_change(target, status, summary=f"Harbour {status}")
    of_wanted = {"campaign": wanted.campaign.slug, "search": "harbour"}
    assert ids(client, "targets", **of_wanted) == [wanted.pk]
    refused = StatusChange.objects.get(target=wanted, to_status="refused")
    assert ids(client, "status-changes", **of_wanted, status="refused") == [refused.pk]
    both = get(client, "status-changes/", **of_wanted, count="true", ordering="-effective_on")
    assert both["count"] == 2
    assert ids(client, "status-changes", **of_wanted, after=refused.sequence) == []


@pytest.mark.parametrize("resource", sorted(EDITED))
def test_the_past_is_searched_in_the_words_of_the_past(client: Client, resource: str) -> None:
    with made_at(EARLIER):
        row: Any = MAKERS[resource]("Harbour lantern")
        MAKERS[resource]("Harbour")
    with made_at(NOW):
        setattr(row, EDITED[resource], "Windmill")
        row.save()
        added = MAKERS[resource]("Lantern")
    then = {"known_at": BETWEEN.isoformat()}
    assert ids(client, resource, search="lantern", **then) == [row.pk]
    assert ids(client, resource, search='"harbour lantern" -windmill', **then) == [row.pk]
    assert ids(client, resource, search="windmill", **then) == []
    assert ids(client, resource, search="windmill") == [row.pk]
    assert ids(client, resource, search="lantern") == [added.pk]


@pytest.mark.parametrize("resource", ["outcomes", "status-changes"])
def test_the_log_is_searched_as_far_as_it_was_known(client: Client, resource: str) -> None:
    with made_at(EARLIER):
        target = make_target()
    first = make_change(
        target, "paused", now=EARLIER, summary="Harbour",
        outcome=make_outcome_draft(terms="Harbour"),
    )  # fmt: skip
    second = make_change(
        target, "paused", dt.date(2021, 5, 18), now=NOW, summary="Harbour again", extends=True,
        outcome=make_outcome_draft(terms="Harbour again"),
    )  # fmt: skip
    assert first.outcome is not None
    assert second.outcome is not None
    rows = (first, second) if resource == "status-changes" else (first.outcome, second.outcome)
    then = {"search": "harbour", "known_at": BETWEEN.isoformat()}
    assert ids(client, resource, **then) == [rows[0].pk]
    assert ids(client, resource, search="harbour", ordering="effective_on") == [
        row.pk for row in rows
    ]
