import asyncio
import datetime as dt
import tracemalloc
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from outbound.errors import Cause, InvalidURL
from outbound.limits import PRODUCT
from outbound.robots import (
    LONGEST_DELAY,
    LONGEST_LIFE,
    MAX_BYTES,
    NAME,
    SHORTEST_LIFE,
    TROUBLED_LIFE,
    Robots,
    robots_url,
)
from tests.outbound.servers import fetch, reply, serve

NOW = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
SITE = "https://a.example"


def robots(*lines: str) -> Robots:
    return Robots.from_answer(200, "\n".join(lines).encode())


def rules(*lines: str) -> Robots:
    return robots("User-agent: *", *lines)


def allowed(found: Robots, *paths: str) -> list[bool]:
    return [found.allows(SITE + path) for path in paths]


def headers(**fields: str) -> CIMultiDictProxy[str]:
    return CIMultiDictProxy(CIMultiDict({k.replace("_", "-"): v for k, v in fields.items()}))


def test_we_go_by_the_name_in_our_user_agent() -> None:
    assert PRODUCT.lower().startswith(f"{NAME}/")


# --- groups ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "User-agent: Followthrough",
        "user-agent:followthrough",
        "USER-AGENT :  FOLLOWTHROUGH  # us",
        "User-agent: Followthrough/0.1",
        "User-agent: Followthrough (by name)",
    ],
)
def test_a_group_that_names_us_is_ours_and_that_for_anybody_is_not(line: str) -> None:
    found = robots("User-agent: *", "Disallow: /", "", line, "Disallow: /private")
    assert allowed(found, "/", "/private") == [True, False]


@pytest.mark.parametrize("name", ["Followthroughbot", "MyFollowthrough", "Follow", "", "**"])
def test_a_group_with_another_name_is_not_ours(name: str) -> None:
    found = robots(f"User-agent: {name}", "Disallow: /", "User-agent: *", "Disallow: /private")
    assert allowed(found, "/", "/private") == [True, False]


def test_all_groups_that_name_us_count_and_so_do_lists_of_names() -> None:
    found = robots(
        "User-agent: Followthrough",
        "User-agent: other",
        "Disallow: /a",
        "User-agent: *",
        "Disallow: /c",
        "User-agent: other",
        "User-agent: followthrough",
        "Disallow: /b",
    )
    assert allowed(found, "/a", "/b", "/c") == [False, False, True]


def test_a_group_of_ours_without_rules_lets_us_everywhere() -> None:
    found = robots("User-agent: *", "Disallow: /", "User-agent: Followthrough", "Disallow:")
    assert allowed(found, "/", "/a") == [True, True]


def test_lines_that_are_no_rules_end_no_group() -> None:
    found = robots(
        "User-agent: *",
        "Sitemap: https://a.example/sitemap.xml",
        "",
        "# a comment",
        "User-agent: other",
        "Unknown: line",
        "Disallow: /a",
    )
    assert allowed(found, "/a") == [False]


def test_rules_before_any_group_are_nobodys() -> None:
    assert allowed(robots("Disallow: /", "User-agent: *", "Disallow: /a"), "/", "/a") == [
        True,
        False,
    ]


# --- matching: the examples of RFC 9309, section 2.2 and 5, and beside them ---------------------


@pytest.mark.parametrize(
    ("lines", "path", "expected"),
    [
        (["Disallow: /"], "/a", False),
        (["Disallow:"], "/a", True),
        (["Allow: /"], "/a", True),
        (["Disallow: /fish"], "/fish.html", False),
        (["Disallow: /fish"], "/Fish", True),
        (["Disallow: /fish/"], "/fish", True),
        (["Disallow: /*.php"], "/a/b.php?c", False),
        (["Disallow: /*.php$"], "/a/b.php?c", True),
        (["Disallow: /*.php$"], "/a/b.php", False),
        (["Disallow: /fish*.php"], "/fishheads/catfish.php", False),
        (["Disallow: *.gif$"], "/a.gif", False),
        (["Disallow: /a$"], "/a", False),
        (["Disallow: /a$"], "/ab", True),
        (["Disallow: /a$b"], "/a$b", False),
        (["Disallow: /*a*a$"], "/a", True),
        (["Disallow: /*a*a$"], "/aa", False),
        (["Disallow: /*?"], "/a?b", False),
        (["Disallow: /*?"], "/a", True),
        (["Disallow: a"], "/a", True),
        (["Disallow: /example/", "Allow: /example/page/"], "/example/page/x", True),
        (["Allow: /example/page/", "Disallow: /example/page/disallowed.gif"],
         "/example/page/disallowed.gif", False),
        (["Disallow: /page", "Allow: /page"], "/page", True),
        (["Allow: /folder", "Disallow: /folder"], "/folder/page", True),
        (["Allow: /$", "Disallow: /"], "/", True),
        (["Allow: /$", "Disallow: /"], "/page.htm", False),
        (["Allow: /page", "Disallow: /*.htm"], "/page.htm", False),
        (["Disallow: /foo/bar?baz=quz"], "/foo/bar?baz=quz", False),
        (["Disallow: /foo/bar?baz=https://foo.bar"],
         "/foo/bar?baz=https%3A%2F%2Ffoo.bar", False),
        (["Disallow: /foo/bar/\u30c4"], "/foo/bar/%E3%83%84", False),
        (["Disallow: /foo/bar/%E3%83%84"], "/foo/bar/\u30c4", False),
        (["Disallow: /foo/bar/%62%61%7A"], "/foo/bar/baz", False),
        (["Disallow: /path/file-with-a-%2A.html"], "/path/file-with-a-*.html", False),
        (["Disallow: /path/file-with-a-%2A.html"], "/path/file-with-a-b.html", True),
        (["Disallow: /path/foo-%24"], "/path/foo-$", False),
        (["Disallow: /path/foo-%24"], "/path/foo-", True),
        (["Disallow: /%zz"], "/%zz", False),
        (["Disallow: /a # b"], "/a", False),
        (["Disallow: /a#b"], "/a", False),
    ],
)  # fmt: skip
def test_the_most_specific_rule_decides(lines: list[str], path: str, expected: bool) -> None:
    found = rules(*lines)
    assert allowed(found, path) == [expected]
    assert allowed(Robots(found.status, found.text), path) == [expected]


def test_the_file_itself_may_always_be_fetched_and_a_fragment_is_no_part_of_a_path() -> None:
    found = rules("Disallow: /", "Allow: /a$")
    assert allowed(found, "/robots.txt", "/robots.txt?a", "/a#b", "") == [True, True, True, False]


@given(st.text("ab/*$%42", max_size=8), st.text("ab/%42", max_size=8))
def test_wildcards_mean_what_a_naive_matcher_finds(pattern: str, path: str) -> None:
    def matches(pattern: str, path: str) -> bool:
        if pattern == "$":
            return path == ""
        if not pattern:
            return True
        if pattern[0] == "*":
            return any(matches(pattern[1:], path[skip:]) for skip in range(len(path) + 1))
        return path[:1] == pattern[0] and matches(pattern[1:], path[1:])

    decode = str.maketrans({"%": "x", "4": "y"})  # percent-encoding has tests of its own
    pattern, path = f"/{pattern}".translate(decode), f"/{path}".translate(decode)
    assert rules(f"Disallow: {pattern}").allows(SITE + path) is not matches(pattern, path)


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


# --- how long it holds -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "life"),
    [
        ({}, LONGEST_LIFE),
        ({"Cache_Control": "max-age=7200"}, dt.timedelta(hours=2)),
        ({"Cache_Control": "max-age=7200", "Age": "1800"}, dt.timedelta(hours=1.5)),
        ({"Cache_Control": "max-age=0"}, SHORTEST_LIFE),
        ({"Cache_Control": "max-age=31536000"}, LONGEST_LIFE),
        ({"Expires": "Sun, 01 Mar 2026 15:00:00 GMT"}, dt.timedelta(hours=3)),
    ],
    ids=str,
)
@pytest.mark.parametrize("status", [200, 404])
def test_a_file_is_believed_as_long_as_it_says_within_bounds(
    status: int, said: dict[str, str], life: dt.timedelta
) -> None:
    assert Robots(status).expires_after(headers(**said), NOW) == life


@pytest.mark.parametrize(
    ("said", "life"),
    [
        ({}, TROUBLED_LIFE),
        ({"Retry_After": "5"}, TROUBLED_LIFE),
        ({"Retry_After": "3600"}, dt.timedelta(hours=1)),
        ({"Retry_After": "99999999"}, dt.timedelta(hours=24)),
        ({"Cache_Control": "max-age=86400"}, TROUBLED_LIFE),
    ],
    ids=str,
)
def test_a_host_in_trouble_is_asked_again_soon_or_when_it_says(
    said: dict[str, str], life: dt.timedelta
) -> None:
    assert Robots(503).expires_after(headers(**said), NOW) == life
    assert Robots(None).expires_after(None, NOW) == TROUBLED_LIFE
    assert Robots(302).expires_after(None, NOW) == LONGEST_LIFE


# --- where it is -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://a.example/b/c?d#e", "https://a.example/robots.txt"),
        ("http://a.example:8080", "http://a.example:8080/robots.txt"),
        ("http://[2606:4700::1]/", "http://[2606:4700::1]/robots.txt"),
    ],
)
def test_the_rules_are_at_the_top_of_the_origin(url: str, place: str) -> None:
    assert robots_url(url) == place


@pytest.mark.parametrize("url", ["", "a.example/b", "/b", "http://[::1"])
def test_what_is_no_absolute_url_has_no_rules(url: str) -> None:
    with pytest.raises(InvalidURL):
        robots_url(url)
    with pytest.raises(InvalidURL):
        Robots(404).allows(url)


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
