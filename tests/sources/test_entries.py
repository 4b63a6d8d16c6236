"""Which entries of a feed are news."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from sources.entries import MAX_KEYS, Known, LastReading, match_entries
from tests.sources.feeds import DAY, TEXT, Record, item, read_items

HOUR_AGO = LastReading(entry_count=6, read_on=DAY, ago=dt.timedelta(hours=1))


def record_of(*items: dict[str, Any]) -> Record:
    record = Record()
    record.read(*items)
    return record


def test_what_was_never_seen_is_new_and_that_once() -> None:
    record = record_of(item(1))
    assert record.news(item(2), item(1)) == ["+Release 2"]
    assert record.news(item(2), item(1)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "another"},
        {"id": None},
        {"url": "http://press.example/moved/1"},
        {"url": "https://www.press.example/news/1/?utm_source=rss&utm_medium=rss#top"},
        {"url": "http://press.example/news/1?source=rss----1a2b"},
        {"url": None},
        {"date_published": "2024-06-01"},
        {"date_published": None, "date_modified": "2024-06-01"},
        {"title": "RELEASE  1"},
        {"content_text": TEXT + "\n\nUpdated 3 June 2024"},
        {"content_text": TEXT + "\n\n1,204 views"},
        {"content_text": "3 comments\n\n" + TEXT},
        {"content_text": None, "content_html": f"<div><p>{TEXT}</p><p></p></div>"},
    ],
)
def test_what_says_the_same_is_no_news_however_it_is_called(changes: dict[str, Any]) -> None:
    record = record_of(item(1), item(2, "The weather is fine."))
    changed = item(1, **changes)
    assert changed != item(1)
    assert record.news(changed, item(2, "The weather is fine.")) == []
    assert record.news(item(1)) == []


def test_ids_may_all_change_and_then_all_addresses() -> None:
    record = record_of(*map(item, range(9)))
    assert record.news(*(item(n, id=f"new {n}") for n in range(9))) == []
    moved = [item(n, id=f"new {n}", url=f"https://acme.example/{n}") for n in range(9)]
    assert record.news(*moved) == []
    assert record.news(*(item(n, id=None, url=moved[n]["url"]) for n in range(9))) == []


def test_an_edit_is_one_update_with_the_text_before() -> None:
    record = record_of(item(1), item(2))
    edited = item(1, TEXT + " The pause is indefinite.")
    [found] = record.read(edited, item(2)).edited
    assert found.before == "Release 1\n\n" + TEXT
    assert found.entry.text == found.before + " The pause is indefinite."
    assert record.news(edited, item(2)) == []


def test_an_edit_and_its_return_are_two_updates() -> None:
    record = record_of(item(1))
    there = item(1, "Acme sells its face recognition service again.")
    assert [record.news(one) for one in (there, item(1), item(1), there)] == [
        ["~Release 1"],
        ["~Release 1"],
        [],
        ["~Release 1"],
    ]


def test_an_edit_is_one_update_though_its_id_or_address_changes_at_once() -> None:
    text = TEXT + " The pause is indefinite."
    for changes in ({"id": "new"}, {"url": "https://acme.example/1"}):
        record = record_of(item(1))
        assert record.news(item(1, text, **changes)) == ["~Release 1"]
        assert record.news(item(1, text, **changes)) == []


def test_entries_may_leave_return_and_stand_in_any_order() -> None:
    record = record_of(item(1), item(2), item(3))
    for items in ([3, 1, 2], [2], [1, 3], [3, 2, 1]):
        assert record.news(*map(item, items)) == []


def test_an_excerpt_instead_of_the_full_text_is_no_news_in_either_direction() -> None:
    full = item(1, TEXT + " The pause is indefinite.")
    record = record_of(full)
    assert record.news(item(1, TEXT[:60] + " […]")) == []
    assert record.news(item(1, TEXT + " Read more on our site")) == []
    assert record.news(full) == []


def test_a_full_text_instead_of_an_excerpt_is_an_update_because_nobody_read_it() -> None:
    record = record_of(item(1, TEXT[:60] + " […]"))
    assert record.news(item(1, TEXT + " The pause is indefinite.")) == ["~Release 1"]


def test_a_sentence_that_is_gone_is_an_update() -> None:
    record = record_of(item(1, TEXT + " The pause is indefinite."))
    assert record.news(item(1, TEXT)) == ["~Release 1"]


def test_an_entry_that_is_there_twice_is_reported_once() -> None:
    record = record_of(item(1))
    twice = [item(2, TEXT), item(2, TEXT + " More.")]
    assert record.news(*twice, item(1)) == ["+Release 2"]
    assert record.news(*reversed(twice), item(1)) == []
    assert record.news(twice[0], twice[1]) == []


def test_a_second_text_beside_an_unchanged_one_is_reported_once() -> None:
    record = record_of(item(1))
    update = item(1, "Acme has ended the pause. It sells to the police again.")
    assert record.news(update, item(1)) == ["+Release 1"]
    assert record.news(item(1), update) == []


@pytest.mark.parametrize(
    "constant", [{"url": "https://press.example/"}, {"url": "https://press.example/", "id": None}]
)
def test_a_list_that_is_the_address_of_all_entries_hides_none(constant: dict[str, Any]) -> None:
    items = [item(n, f"Recall {n} of product {n * 17}.", **constant) for n in range(6)]
    record = record_of(*items[:3])
    assert record.news(*items[3:], *items[:3]) == ["+Release 3", "+Release 4", "+Release 5"]
    assert record.news(*items) == []
    assert record.news(*items[2:5]) == []


def test_an_id_that_is_the_place_in_the_feed_makes_no_entry_another() -> None:
    def feed(first: int) -> list[dict[str, Any]]:
        return [
            item(n, f"Report {n} on mill {n * 7}.", id=str(first - n)) for n in range(first, 0, -1)
        ]

    record = record_of(*feed(4))
    assert record.news(*feed(5)) == ["+Release 5"]
    assert record.news(*feed(7)) == ["+Release 7", "+Release 6"]
    assert record.news(*feed(7)[2:]) == []


def test_a_new_article_at_an_old_address_is_new() -> None:
    record = record_of(item(1))
    fresh = item(2, "Bolt Diners drops caged eggs.", url=item(1)["url"], title="Eggs")
    assert record.news(fresh) == ["+Eggs"]
    assert record.news(fresh, item(1)) == []


def test_short_entries_that_say_the_same_are_told_apart_by_their_days() -> None:
    weekly: dict[str, Any] = {"title": "Weekly update", "content_text": None}
    record = record_of(item(1, **weekly))
    assert record.news(item(2, **weekly, date_published="2024-05-21"), item(1, **weekly)) == [
        "+Weekly update"
    ]


def test_a_long_text_that_appears_again_elsewhere_is_known() -> None:
    record = record_of(item(1, TEXT * 4))
    elsewhere = item(2, TEXT * 4, title="Release 1", date_published="2024-07-01")
    assert record.news(elsewhere) == []


def test_ids_that_change_at_every_visit_do_not_fill_the_record() -> None:
    record = record_of(item(1))
    for visit in range(3 * MAX_KEYS):
        assert record.news(item(1, f"{TEXT}\n\n{visit} views", id=f"visit {visit}")) == []
    assert len(record.owners) == MAX_KEYS


def test_an_entry_of_which_no_text_is_on_record_is_read_silently() -> None:
    [entry] = read_items([item(1)])
    matches = match_entries([entry], {entry.key: Known(7, meaning="", text="")})
    assert not matches.new
    assert not matches.edited
    [found] = matches.recognized
    assert (found.entry_id, found.is_unread, found.keys) == (7, True, entry.identities[1:])


def test_what_a_former_release_called_the_same_text_is_no_edit() -> None:
    [entry] = read_items([item(1)])
    known = Known(7, meaning="of another rule", text=entry.text)
    assert match_entries([entry], dict.fromkeys(entry.keys, known)).edited == ()


def relaunched(count: int, **changes: Any) -> list[dict[str, Any]]:
    return [item(n, f"Article {n}, moved.", **changes) for n in range(50, 50 + count)]


@pytest.mark.parametrize("day", ["2021-03-04", None])
def test_a_feed_of_which_nothing_is_known_any_more_is_suspicious(day: str | None) -> None:
    record = record_of(*map(item, range(6)))
    assert record.read(*relaunched(6, date_published=day), last=HOUR_AGO).is_suspicious


@pytest.mark.parametrize(
    ("items", "last"),
    [
        (relaunched(6), None),
        (relaunched(4, date_published="2021-03-04"), HOUR_AGO),
        (relaunched(6, date_published="2021-03-04"), LastReading(4, DAY, dt.timedelta(hours=1))),
        (relaunched(6), LastReading(6, DAY + dt.timedelta(days=1), dt.timedelta(days=1))),
        (relaunched(6, date_published=None), LastReading(6, DAY, dt.timedelta(days=8))),
        ([item(1), *relaunched(5, date_published="2021-03-04")], HOUR_AGO),
    ],
)
def test_a_busy_a_small_or_a_long_unread_feed_is_not(
    items: list[dict[str, Any]], last: LastReading | None
) -> None:
    record = record_of(*map(item, range(6)))
    assert not record.read(*items, last=last).is_suspicious
