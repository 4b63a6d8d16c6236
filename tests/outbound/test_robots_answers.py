"""What a host answers that is asked for its rules, and what is kept of it."""

import asyncio
import datetime as dt
import tracemalloc
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound.errors import Cause
from outbound.robots import LONGEST_DELAY, MAX_BYTES, Robots, robots_url
from tests.outbound.robots_files import SITE, allowed, robots, rules
from tests.outbound.servers import fetch, reply, serve

# --- answers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 304, 400, 401, 403, 404, 410, 418])
def test_without_a_file_everything_is_allowed(status: int) -> None:
    found = Robots.from_answer(status, b"User-agent: *\nDisallow: /")
    assert allowed(found, "/", "/a") == [True, True]
    assert not found.is_troubled


@pytest.mark.parametrize("status", [429, 500, 503, 599])
def test_a_host_in_trouble_is_left_alone_for_now(status: int) -> None:
    found = Robots.from_answer(status, b"User-agent: *\nAllow: /")
    assert allowed(found, "/", "/a", "/robots.txt") == [False, False, True]
    assert found.is_troubled


@pytest.mark.parametrize("cause", Cause)
def test_a_file_that_cannot_be_fetched_is_trouble_unless_its_redirects_lead_nowhere(
    cause: Cause,
) -> None:
    found = Robots.from_failure(cause)
    leads_nowhere = cause in (Cause.TOO_MANY_REDIRECTS, Cause.BAD_REDIRECT)
    assert found.allows(f"{SITE}/a") is leads_nowhere
    assert found.is_troubled is not leads_nowhere


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xef\xbb\xbf",
        b"<!doctype html><title>Not found</title><p>User-agent: none",
        b"\x00" * 1000,
        b"\xff\xfeU\x00s\x00e\x00r\x00",
        b"\x1f\x8b\x08\x00garbage",
        b":::\n: /\nUser-agent\nDisallow",
    ],
)
def test_a_file_that_says_nothing_forbids_nothing(body: bytes) -> None:
    found = Robots.from_answer(200, body)
    assert allowed(found, "/", "/a") == [True, True]
    assert found.text == ""


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_file_may_begin_with_a_mark_and_end_its_lines_as_it_likes(end: str) -> None:
    body = "\ufeff" + end.join(["User-agent: *", "Disallow: /a", "Allow: /a/b"])
    assert allowed(Robots.from_answer(200, body.encode()), "/a", "/a/b") == [False, True]


def test_only_line_breaks_of_the_rfc_end_a_line() -> None:
    found = rules("Disallow: /a\u2028Allow: /a", "Disallow: /b\x0bAllow: /b")
    assert allowed(found, "/a\u2028Allow:%20/a", "/b") == [False, True]


# --- what is kept ------------------------------------------------------------------------------


@given(st.binary(max_size=300) | st.text("user-agent: *dislow/\n%$#é\0", max_size=300))
def test_what_is_kept_is_ascii_and_means_the_same(body: bytes | str) -> None:
    raw = body if isinstance(body, bytes) else body.encode()
    raw = b"User-agent: *\n" + raw
    found = Robots.from_answer(200, raw)
    assert found.text.isascii()
    assert "\0" not in found.text
    assert Robots(found.status, found.text) == found
    assert Robots.from_answer(200, found.text.encode()) == found
    for path in ("/", "/dis", "/é", "/a?b"):
        assert Robots(200, found.text).allows(SITE + path) is found.allows(SITE + path)


def test_what_is_kept_is_a_robots_txt_of_the_lines_that_concern_us() -> None:
    found = robots(
        "User-agent: other",
        "Disallow: /",
        "User-agent: *",
        "Crawl-delay: 5",
        "Disallow: /caf\u00e9 \0",
        "Disallow: /a",
        "Disallow: /a",
        "Sitemap: /sitemap.xml",
    )
    assert found.text.splitlines() == [
        "user-agent: followthrough",
        "crawl-delay: 5",
        "disallow: /caf%C3%A9%20%00",
        "disallow: /a",
    ]


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ([], None),
        (["Crawl-delay: 5"], 5),
        (["crawl-delay: 0.5"], 0.5),
        (["Crawl-delay: 0"], 0),
        (["Crawl-delay: 3600"], LONGEST_DELAY.total_seconds()),
        (["Crawl-delay: " + "9" * 400], LONGEST_DELAY.total_seconds()),
        (["Crawl-delay: 2", "Crawl-delay: 7"], 7),
        (["Crawl-delay: -5"], None),
        (["Crawl-delay: nan"], None),
        (["Crawl-delay: inf"], None),
        (["Crawl-delay: 1e9"], None),
        (["Crawl-delay: \u0665"], None),
        (["Crawl-delay: soon", "Crawl-delay: 3"], 3),
    ],
)
def test_a_crawl_delay_is_read_and_capped(lines: list[str], seconds: float | None) -> None:
    found = rules(*lines)
    expected = None if seconds is None else dt.timedelta(seconds=seconds)
    assert found.crawl_delay == Robots(200, found.text).crawl_delay == expected


def test_a_crawl_delay_ends_the_names_of_its_group() -> None:
    found = robots("User-agent: *", "Crawl-delay: 5", "User-agent: other", "Disallow: /")
    assert allowed(found, "/a") == [True]
    assert found.crawl_delay == dt.timedelta(seconds=5)


def test_a_file_that_was_fetched_is_understood() -> None:
    async def visit() -> Robots:
        async with serve(reply(b"User-agent: *\nDisallow: /a", status="203 OK")) as server:
            fetched = await fetch(robots_url(f"{server.url}/b"))
        return Robots.from_answer(fetched.status, fetched.body)

    assert allowed(asyncio.run(visit()), "/a", "/b") == [False, True]


# --- hostile files -----------------------------------------------------------------------------

LONG_PATH = "/" + "a" * 2000
HOSTILE = {
    "one rule of wildcards": "User-agent: *\nDisallow: /" + "*a" * 250_000,
    "wildcards in a row": "User-agent: *\nDisallow: /" + "*" * 500_000 + "b",
    "many rules of wildcards": "User-agent: *\n"
    + "".join(f"Disallow: *{'a*' * 500}{number}\n" for number in range(480)),
    "many rules that nearly match": "User-agent: *\n"
    + "".join(f"Disallow: *{'a' * 30}b{number}\n" for number in range(10_000)),
    "many names, then many rules": "User-agent: a\n" * 17_000
    + "".join(f"Disallow: /{number}\n" for number in range(14_000)),
    "many different names": "".join(f"User-agent: a{number}\n" for number in range(28_000)),
    "many groups of ours": "User-agent: *\nDisallow: /b\n" * 18_000,
    "one line": "User-agent: *" * 40_000,
    "escapes": "User-agent: *\nDisallow: /" + "%" * 500_000,
    "nulls": "User-agent: *\nDisallow: /" + "\0" * 500_000,
    "comments": "#" * 500_000,
    "line ends": "\r\n" * 250_000,
    "delays": "User-agent: *\n" + "Crawl-delay: 1\n" * 33_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_costs_little_time_and_memory(text: str) -> None:
    body = text.encode()
    started = process_time()
    found = Robots.from_answer(200, body)
    kept = Robots(200, found.text)
    for _ in range(3):
        kept.allows(SITE + LONG_PATH)
    assert process_time() - started < 5
    tracemalloc.start()
    try:
        Robots.from_answer(200, body)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
    assert len(found.text) <= 3 * MAX_BYTES + 100


def test_of_a_file_that_is_too_long_the_whole_lines_of_its_beginning_count() -> None:
    beginning = "User-agent: *\nDisallow: /early\n"
    filler = "# " + "x" * (MAX_BYTES - len(beginning) - len("Disallow: /l") - 3) + "\n"
    cut = f"{beginning}{filler}Disallow: /late\nDisallow: /later\n"
    assert len(f"{beginning}{filler}Disallow: /l") == MAX_BYTES
    found = Robots.from_answer(200, cut.encode())
    assert allowed(found, "/early", "/late", "/lucky", "/later") == [False, True, True, True]
