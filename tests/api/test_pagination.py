"""Pages of a list: stable whatever is added, and all rows once."""

import pytest
from django.test import Client

from campaigns.models import FeedEntry, StatusChange
from tests.api.factories import get, ids, walk
from tests.factories import NOW, make_change, make_target

pytestmark = pytest.mark.django_db


def test_the_way_back_is_the_way_there(client: Client) -> None:
    for _ in range(7):
        make_target()
    there = walk(client, "http://x/api/v1/targets/?limit=3")
    url = "http://x/api/v1/targets/?limit=3"
    while (following := get(client, url)["next"]) is not None:
        url = following
    back = walk(client, url, "previous")
    assert sorted(row for page in back for row in page) == [row for page in there for row in page]


def test_rows_added_while_turning_pages_are_neither_skipped_nor_repeated(client: Client) -> None:
    target = make_target()
    changes = [make_change(target, "called_on"), make_change(target, "refused")]
    first = get(client, "status-changes/", limit=1)
    changes.append(make_change(target, "under_review"))
    rest = walk(client, first["next"])
    seen = [row["id"] for row in first["results"]] + [row for page in rest for row in page]
    assert seen == [change.sequence for change in changes]


def test_the_links_keep_the_filters_and_lead_to_the_site(client: Client) -> None:
    target = make_target()
    for status in ("called_on", "refused", "met"):
        make_change(target, status)
    make_change(make_target())
    page = get(client, "status-changes/", limit=2, target=target.pk)
    assert page["previous"] is None
    assert page["next"].startswith("http://followthrough.test/api/v1/status-changes/?")
    assert [row["to_status"] for row in get(client, page["next"])["results"]] == ["met"]


def test_a_page_holds_fifty_rows_unless_asked_for_up_to_five_hundred(client: Client) -> None:
    target = make_target()
    StatusChange.objects.bulk_create(
        StatusChange(
            sequence=number,
            target=target,
            kind="change",
            to_status="called_on",
            effective_on="2020-01-01",
            recorded_at="2026-01-01T00:00Z",
        )
        for number in range(1, 502)
    )
    FeedEntry.objects.bulk_create(
        FeedEntry(sequence=number, event="published", status_change_id=number, entered_at=NOW)
        for number in range(1, 502)
    )
    assert len(ids(client, "status-changes")) == 50
    page = get(client, "status-changes/", limit=500)
    assert len(page["results"]) == 500
    assert [row["id"] for row in get(client, page["next"])["results"]] == [501]


def test_an_empty_list_has_no_other_pages(client: Client) -> None:
    assert get(client, "topics/") == {"next": None, "previous": None, "results": []}
