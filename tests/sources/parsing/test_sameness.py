"""In a child the same comes out as in this process."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outbound import background
from sources import comparison, reading
from sources.comparison import Difference
from sources.detection import Candidate, Text, WatchedTarget, detect
from sources.extraction import Unreadable
from sources.extraction.discovery import Discovery, discover
from sources.parsing import ParserLimits, ParserPool, jobs, parsers
from sources.parsing.jobs import TextChange
from sources.reading import Reading, Rules, Visit
from tests.sources.extraction.test_feed import ATOM, RDF, RSS, json_feed
from tests.sources.extraction.test_page import ARTICLE
from tests.sources.pages import ANNOUNCEMENT, POLICY, policy_page, rss

BASE = "https://acme.example/feed"
ANSWERS = [
    ("page", ARTICLE.encode(), "text/html; charset=utf-8"),
    ("page", policy_page(ANNOUNCEMENT).encode(), "text/html"),
    ("page", "<p>Café – “stop” \U0001f6d1</p>".encode("utf-16"), "text/html; charset=utf-16"),
    ("page", b"Plain\n\ntext", "text/plain"),
    ("page", b"", "text/html"),
    ("page", b"%PDF-1.7", "application/pdf"),
    ("page", b"<title>404 Not Found</title><p>The page is gone.", "text/html"),
    ("feed", RSS, "application/rss+xml"),
    ("feed", ATOM, "application/atom+xml"),
    ("feed", RDF, "application/rdf+xml"),
    ("feed", json_feed({"id": "1", "title": "We stop"}), "application/feed+json"),
    ("feed", rss(*((str(n), f"Title {n}", "We stop. " * n) for n in range(1, 300))), ""),
    ("feed", b"<html><p>no feed</p></html>", "text/html"),
]

AMAZON = WatchedTarget(
    key=7,
    company="Amazon",
    aliases=("AWS",),
    products=("Rekognition",),
    demand="Stop selling face recognition to police",
    topics=("Police face recognition",),
    status="called_on",
    status_since=dt.date(2018, 5, 22),
)
PLEDGE = (
    "Amazon will stop selling Rekognition to police until June 2021, except to groups that look "
    "for missing children."
)


@pytest.fixture(scope="module", autouse=True)
def warm_pool() -> Iterator[None]:
    yield
    background.stop()


def read_in_child(kind: str, body: bytes, content_type: str, rules: Rules | None = None) -> Reading:
    async def read() -> Reading:
        return await (await parsers()).read(kind, body, content_type, BASE, rules)

    return background.run(read())


def compare_in_child(before: str, after: str) -> Difference:
    async def compare() -> Difference:
        return await (await parsers()).compare(before, after)

    return background.run(compare())


def detect_in_child(*changes: TextChange) -> list[list[Candidate]]:
    async def ask() -> list[list[Candidate]]:
        return await (await parsers()).detect(changes, [AMAZON])

    return background.run(ask())


def outcome(read: object, *arguments: object) -> object:
    assert callable(read)
    try:
        return read(*arguments)
    except Unreadable as error:
        return (error.cause, error.detail)


@pytest.mark.parametrize(("kind", "body", "content_type"), ANSWERS)
def test_a_page_or_feed_reads_the_same(kind: str, body: bytes, content_type: str) -> None:
    here = outcome(reading.read, kind, Visit(content_type, body, BASE))
    assert outcome(read_in_child, kind, body, content_type) == here


@pytest.mark.parametrize(
    "rules",
    [
        {"kind": "rows", "path": "$", "key": ["id"]},
        {"kind": "value", "path": "$[0].id"},
    ],
)
def test_numbers_of_json_read_the_same_also_as_keys(rules: dict[str, Any]) -> None:
    body, content_type = b'[{"id": 7.0, "share": 0.50}, {"id": 8}]', "application/json"
    here = reading.read("json", Visit(content_type, body, BASE), rules)
    assert read_in_child("json", body, content_type, rules) == here


@pytest.mark.parametrize(("kind", "body", "content_type"), ANSWERS)
def test_what_is_at_an_address_is_the_same(kind: str, body: bytes, content_type: str) -> None:
    def discover_in_child() -> Discovery:
        async def ask() -> Discovery:
            pool = await parsers()
            arguments = {"content_type": content_type, "final_url": BASE}
            return await pool.run(jobs.DISCOVER, arguments, body)

        return background.run(ask())

    assert outcome(discover_in_child) == outcome(discover, body, content_type, BASE)


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", "text/html", "text/plain; charset=utf-16"]))
def test_any_bytes_read_the_same(body: bytes, content_type: str) -> None:
    here = outcome(reading.read, "page", Visit(content_type, body, BASE))
    assert outcome(read_in_child, "page", body, content_type) == here


@settings(deadline=None)
@given(st.text(), st.text())
def test_any_texts_compare_the_same(before: str, after: str) -> None:
    assert compare_in_child(before, after) == comparison.compare(before, after)


def test_what_is_detected_is_the_same() -> None:
    day = dt.date(2020, 6, 10)
    changes = (
        TextChange(POLICY, Text(f"{POLICY}\n{ANNOUNCEMENT}", "Policy", day, is_day_assumed=True)),
        TextChange(None, Text(PLEDGE, published_on=day)),
        TextChange(POLICY, Text(POLICY)),
    )
    here = [detect(change.before, change.after, [AMAZON]) for change in changes]
    assert [len(found) for found in here] == [1, 1, 0]
    assert here[1][0].expires_on == dt.date(2021, 6, 1)
    assert here[1][0].exemptions
    assert detect_in_child(*changes) == here


@settings(deadline=None)
@given(st.none() | st.text(), st.text())
def test_of_any_texts_the_same_is_detected(before: str | None, body: str) -> None:
    after = Text(f"{body}\n{ANNOUNCEMENT}", published_on=dt.date(2020, 6, 10))
    assert detect_in_child(TextChange(before, after)) == [detect(before, after, [AMAZON])]


def test_the_pool_stays_warm_from_one_batch_to_the_next() -> None:
    async def pids() -> frozenset[int]:
        pool = await parsers()
        await pool.compare("a", "b")
        return pool.pids

    first = background.run(pids())
    assert len(first) >= 1
    assert background.run(pids()) == first


def test_a_pool_also_works_on_a_loop_of_its_own() -> None:
    async def compare() -> Difference:
        async with ParserPool(ParserLimits(seconds=60)) as pool:
            return await pool.compare("We sell.", "We stop.")

    assert asyncio.run(compare()) == Difference(new=("We stop.",), gone=("We sell.",))
