"""A query that was cited gives the same bytes, whatever is edited, corrected or added later."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from campaigns.models import Bill, Campaign, Citation, Position
from campaigns.services import publish_campaign
from tests.api.factories import (
    RESOURCES,
    V1,
    World,
    get,
    ids,
    make_position,
    make_response,
    make_world,
    results,
)
from tests.api.formats.tables import parsed
from tests.factories import (
    NOW,
    made_at,
    make_action,
    make_change,
    make_citation_draft,
    make_company,
    make_organization,
    make_outcome_draft,
    make_target,
    make_topic,
)

pytestmark = pytest.mark.django_db

MADE, CITED, LATER = (NOW + dt.timedelta(days=days) for days in (-1, 1, 2))
CLOCKS = {"as_of": "2020-06-15", "known_at": CITED.isoformat()}
TOLD = sorted(set(RESOURCES) - {"sources"})
"""What the clocks hold for: sources fare as they do now."""
FORMATS = ("json", "csv", "ndjson")


@pytest.fixture(autouse=True)
def no_limit(settings: Settings) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 0


@pytest.fixture
def world() -> World:
    with made_at(MADE):
        world = make_world()
        make_position(world.company, world.bill, world.document)
        Citation.objects.create(outcome=world.outcome, document=world.document, quote="of it")
        draft = make_world(is_public=False)
        make_target(draft.campaign, world.company)
    return world


def edit_everything(world: World) -> None:
    """Change, correct and add to all that a record shows, or is found by."""
    with made_at(LATER):
        for row, fields in _edits(world):
            for name, value in fields.items():
                setattr(row, name, value)
            row.save()
        for citation in Citation.objects.all():
            citation.quote = "Edited"
            citation.save()
        world.campaign.topics.set([make_topic()])
        world.campaign.organizations.set([make_organization()])
        world.action.organizations.set([make_organization()])
        world.action.targets.set([make_target(world.campaign)])
        _record_more(world)
        for draft in Campaign.objects.filter(published_at=None):
            publish_campaign(campaign=draft, now=LATER)


def _edits(world: World) -> list[tuple[Any, dict[str, Any]]]:
    renamed = {"name": "Renamed", "slug": "renamed"}
    later = dt.date(2021, 1, 1)
    return [
        (world.company, {**renamed, "parent": make_company()}),
        (world.company.aliases.get(), {"name": "Another alias"}),
        (world.product, {"name": "Renamed"}),
        (world.organization, renamed),
        (world.topic, renamed),
        (world.campaign, {"title": "Renamed", "slug": "renamed", "summary": "Edited"}),
        (world.target, {"demand": "Edited"}),
        (world.action, {"title": "Edited", "happened_on": later, "participants_count": 1}),
        (world.response, {"summary": "Edited", "answers": None}),
        (world.bill, {"status": Bill.Status.ENACTED, "status_on": dt.date(2020, 1, 1)}),
        (Position.objects.get(), {"stance": Position.Stance.OPPOSES, "taken_on": later}),
        (world.document, {"title": "Edited", "publisher": "Edited", "published_on": later}),
    ]


def _record_more(world: World) -> None:
    early = dt.date(2019, 1, 1)
    make_response(world.target, happened_on=early)
    make_action(world.campaign, happened_on=early)
    make_change(
        world.target,
        "partial",
        dt.date(2020, 6, 11),
        now=LATER,
        corrects=world.change,
        outcome=make_outcome_draft(terms="Less", exemptions=("All",)),
        citations=[make_citation_draft(document=world.document)],
    )
    make_change(world.target, "refused", early, now=LATER)
    make_change(make_target(world.campaign), "called_on", early, now=LATER)


def body(client: Client, path: str, **query: Any) -> bytes:
    answer = client.get(path if path.startswith("http") else f"{V1}/{path}/", query)
    assert answer.status_code == 200, answer.content
    return b"".join(answer) if answer.streaming else answer.content


def questions(world: World) -> list[tuple[str, dict[str, Any]]]:
    """What somebody may have cited: whole lists, filtered, searched, ordered, shaped; records."""
    asked: list[tuple[str, dict[str, Any]]] = [
        (resource, {"format": name}) for resource in TOLD for name in FORMATS
    ]
    for resource in sorted(set(TOLD) - {"organizations", "positions"}):
        asked.append((resource, {"organization": world.organization.slug, "count": "true"}))
    asked += [
        ("targets", {"company": world.company.slug, "status": "paused", "expand": "campaign"}),
        ("targets", {"company": world.company.slug, "include_subsidiaries": "true"}),
        ("status-changes", {"topic": world.topic.slug, "ordering": "-effective_on"}),
        ("status-changes", {"search": '"one-year moratorium"', "fields": "id,citations"}),
        ("outcomes", {"in_force": "true", "campaign": world.campaign.slug}),
        ("actions", {"search": "letter", "participants_min": 250}),
        ("bills", {"status": "in_committee", "ordering": "status_on"}),
        ("documents", {"publisher": "News Example", "search": "Article"}),
        ("status-changes", {"format": "atom"}),
        ("status-changes", {"format": "timeline"}),
        ("statistics", {}),
        ("statistics", {"group_by": "company"}),
        ("statistics", {"group_by": "topic", "format": "csv"}),
        ("statistics", {"organization": world.organization.slug}),
    ]
    return asked


def test_a_cited_query_gives_the_same_bytes_for_ever(client: Client, world: World) -> None:
    asked = questions(world)
    cited = [body(client, path, **query, **CLOCKS) for path, query in asked]
    present = [body(client, path) for path in TOLD]
    edit_everything(world)
    for (path, query), before in zip(asked, cited, strict=True):
        assert body(client, path, **query, **CLOCKS) == before, (path, query)
    for path, before in zip(TOLD, present, strict=True):
        assert body(client, path) != before, f"nothing of {path} was edited"


def test_a_cited_record_gives_the_same_bytes_by_its_number_and_its_slug_of_then(
    client: Client, world: World
) -> None:
    urls = [row["url"] for resource in TOLD for row in results(client, resource, **CLOCKS)]
    urls += [
        f"http://x{V1}/{resource}/{world.rows()[resource].slug}/"
        for resource in ("companies", "organizations", "topics", "campaigns")
    ]
    cited = [body(client, url, **CLOCKS) for url in urls]
    edit_everything(world)
    assert [body(client, url, **CLOCKS) for url in urls] == cited
    assert client.get(urls[-1]).status_code == 301  # the slug of then leads to the record of now
    assert client.get(f"{V1}/campaigns/renamed/", CLOCKS).status_code == 404


def test_pages_of_a_cited_query_stay_as_they_were(client: Client, world: World) -> None:
    query = {**CLOCKS, "limit": 1, "ordering": "-effective_on"}
    page = get(client, "status-changes/", **query)
    following = body(client, page["next"])
    edit_everything(world)
    assert get(client, "status-changes/", **query) == page
    assert body(client, page["next"]) == following


def test_each_clock_hides_its_own_in_lists_records_tables_and_figures(client: Client) -> None:
    with made_at(MADE):
        target = make_target()
    early = make_change(target, "called_on", dt.date(2018, 5, 22), now=NOW)
    late = make_change(target, "paused", dt.date(2020, 6, 10), now=NOW)
    fixed = make_change(target, "partial", dt.date(2020, 6, 10), now=LATER, corrects=late)
    expected: list[tuple[dict[str, str], list[int], str]] = [
        ({}, [early.pk, late.pk, fixed.pk], "partial"),
        ({"as_of": "2020-06-09"}, [early.pk], "called_on"),
        ({"as_of": "2020-06-10"}, [early.pk, late.pk, fixed.pk], "partial"),
        ({"known_at": CITED.isoformat()}, [early.pk, late.pk], "paused"),
        ({"as_of": "2020-06-09", "known_at": CITED.isoformat()}, [early.pk], "called_on"),
        ({"as_of": "2020-06-10", "known_at": CITED.isoformat()}, [early.pk, late.pk], "paused"),
    ]
    for clocks, seen, status in expected:
        assert ids(client, "status-changes", **clocks) == seen
        rows = parsed(body(client, "status-changes", format="csv", **clocks))
        assert [row[rows[0].index("id")] for row in rows[1:]] == [str(pk) for pk in seen]
        for change in (early, late, fixed):
            answer = client.get(f"{V1}/status-changes/{change.pk}/", clocks)
            assert answer.status_code == (200 if change.pk in seen else 404)
        assert ids(client, "targets", status=status, **clocks) == [target.pk]
        assert get(client, f"targets/{target.pk}/", **clocks)["status"] == status
        table = parsed(body(client, "targets", format="csv", fields="status", **clocks))
        assert table == [["status"], [status]]
        [figures] = get(client, "statistics/", **clocks)["results"]
        changes = {month["status"] for month in figures["changes"]["months"]}
        assert changes == {"called_on", status}


def test_a_correction_that_is_not_yet_known_is_not_named(client: Client) -> None:
    with made_at(MADE):
        target = make_target()
    wrong = make_change(target, "paused", dt.date(2020, 6, 10), now=NOW)
    make_change(target, None, now=LATER, corrects=wrong)
    known = {"known_at": CITED.isoformat()}
    assert ids(client, "status-changes", corrected="true") == [wrong.pk]
    assert ids(client, "status-changes", corrected="true", **known) == []
    [row] = results(client, "status-changes", **known)
    assert (row["corrected_by"], row["follows_status"]) == (None, None)
    rows = parsed(body(client, "status-changes", format="csv", **known))
    [name] = [name for name in rows[0] if name.startswith("corrected_by") and name.endswith("id")]
    assert rows[1][rows[0].index(name)] == ""
