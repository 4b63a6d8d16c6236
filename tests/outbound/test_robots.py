import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from outbound.errors import InvalidURL
from outbound.limits import PRODUCT
from outbound.robots import (
    LONGEST_LIFE,
    NAME,
    SHORTEST_LIFE,
    TROUBLED_LIFE,
    Robots,
    robots_url,
)
from tests.outbound.robots_files import SITE, allowed, robots, rules

NOW = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)


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
