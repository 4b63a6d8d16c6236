import datetime as dt
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from outbound.addresses import check_url
from outbound.errors import InvalidURL
from outbound.manners import LONGEST_FRESHNESS, LONGEST_WAIT, freshness, host_of, retry_after

NOW = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)
ZERO = dt.timedelta(0)


def headers(*fields: tuple[str, str]) -> CIMultiDictProxy[str]:
    return CIMultiDictProxy(CIMultiDict(fields))


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", 2 * MINUTE),
        (" 120 ", 2 * MINUTE),
        ("0", ZERO),
        ("86400", LONGEST_WAIT),
        ("86401", LONGEST_WAIT),
        ("9" * 30, LONGEST_WAIT),
        ("9" * 10_000, LONGEST_WAIT),
        ("Sun, 01 Mar 2026 12:05:00 GMT", 5 * MINUTE),
        ("Sunday, 01-Mar-26 12:05:00 GMT", 5 * MINUTE),
        ("Sun Mar  1 12:05:00 2026", 5 * MINUTE),
        ("Sun, 01 Mar 2026 14:05:00 +0200", 5 * MINUTE),
        ("Sun, 01 Mar 2026 11:00:00 GMT", ZERO),
        ("Thu, 01 Jan 1970 00:00:00 GMT", ZERO),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT),
    ],
)
def test_both_forms_of_retry_after_are_read_and_capped(value: str, wait: dt.timedelta) -> None:
    assert retry_after(headers(("Retry-After", value)), NOW) == wait


@pytest.mark.parametrize(
    "value",
    [
        "",
        "soon",
        "-1",
        "+5",
        "1.5",
        "1e3",
        "0x10",
        "12 minutes",
        "\u0661\u0662",
        "1,2",
        "tomorrow 12:00",
        "Sun, 99 Mar 2026 12:05:00 GMT",
        "Sun, 01 Mar 2026 25:61:00 GMT",
        "Sun, 01 Mar 99999999999 12:05:00 GMT",
        "12:05:00" * 1000,
    ],
)
def test_a_retry_after_that_is_neither_says_nothing(value: str) -> None:
    assert retry_after(headers(("Retry-After", value)), NOW) is None


def test_without_a_retry_after_there_is_none_and_of_several_the_longest_counts() -> None:
    assert retry_after(headers(), NOW) is None
    several = [("Retry-After", value) for value in ("60", "nonsense", "120", "5")]
    assert retry_after(headers(*several), NOW) == 2 * MINUTE


@given(st.integers(0, 24 * 60 * 60))
def test_a_date_in_a_retry_after_is_reached_when_the_wait_is_over(seconds: int) -> None:
    moment = NOW + seconds * SECOND
    value = format_datetime(moment, usegmt=True)
    wait = retry_after(headers(("Retry-After", value)), NOW)
    assert wait is not None
    assert NOW + wait == moment


@given(st.text(), st.text(), st.text(), st.text())
def test_whatever_a_host_says_it_is_nothing_or_within_the_caps(
    wait: str, control: str, expires: str, age: str
) -> None:
    said = headers(
        ("Retry-After", wait), ("Cache-Control", control), ("Expires", expires), ("Age", age)
    )
    for span, longest in (
        (retry_after(said, NOW), LONGEST_WAIT),
        (freshness(said, NOW), LONGEST_FRESHNESS),
    ):
        assert span is None or ZERO <= span <= longest


@pytest.mark.parametrize(
    ("fields", "span"),
    [
        ([("Cache-Control", "max-age=60")], MINUTE),
        ([("Cache-Control", "public, MAX-AGE=60, must-revalidate")], MINUTE),
        ([("Cache-Control", 'max-age="60"')], MINUTE),
        ([("Cache-Control", "max-age = 60")], MINUTE),
        ([("Cache-Control", "public"), ("Cache-Control", "max-age=60")], MINUTE),
        ([("Cache-Control", "max-age=60, max-age=5")], MINUTE),
        ([("Cache-Control", "max-age=60"), ("Age", "20")], 40 * SECOND),
        ([("Cache-Control", "max-age=60"), ("Age", "90")], ZERO),
        ([("Cache-Control", "max-age=60"), ("Age", "old")], MINUTE),
        ([("Cache-Control", "max-age=999999999")], LONGEST_FRESHNESS),
        ([("Cache-Control", "max-age=" + "9" * 500)], LONGEST_FRESHNESS),
        ([("Cache-Control", "max-age=60, s-maxage=600")], MINUTE),
        ([("Cache-Control", "max-age=soon")], ZERO),
        ([("Cache-Control", "max-age=-5")], ZERO),
        ([("Cache-Control", "max-age")], ZERO),
        ([("Cache-Control", 'private="a, max-age=5", max-age=60')], MINUTE),
        ([("Cache-Control", "max-age=60"), ("Expires", "0")], MINUTE),
        ([("Expires", "Sun, 01 Mar 2026 12:01:00 GMT")], MINUTE),
        (
            [
                ("Expires", "Sun, 01 Mar 2026 12:01:00 GMT"),
                ("Date", "Sun, 01 Mar 2026 12:00:30 GMT"),
            ],
            30 * SECOND,
        ),
        ([("Expires", "Sun, 01 Mar 2026 12:01:00 GMT"), ("Age", "20")], 40 * SECOND),
        ([("Expires", "Thu, 01 Dec 1994 16:00:00 GMT")], ZERO),
        ([("Expires", "0")], ZERO),
        ([("Expires", "-1"), ("Cache-Control", "private")], ZERO),
    ],
    ids=str,
)
def test_freshness_is_counted_as_a_private_cache_does(
    fields: list[tuple[str, str]], span: dt.timedelta
) -> None:
    assert freshness(headers(*fields), NOW) == span


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [("Cache-Control", "")],
        [("Cache-Control", "s-maxage=600")],
        [("Cache-Control", "xmax-age=600")],
        [("Cache-Control", "no-cache, max-age=600")],
        [("Cache-Control", "max-age=600"), ("Cache-Control", "No-Store")],
        [("Cache-Control", 'no-cache="Set-Cookie", max-age=600')],
        [("ETag", '"1"'), ("Last-Modified", "Sun, 01 Mar 2026 12:01:00 GMT"), ("Age", "5")],
    ],
    ids=str,
)
def test_an_answer_that_does_not_say_how_long_it_holds_gives_no_hint(
    fields: list[tuple[str, str]],
) -> None:
    assert freshness(headers(*fields), NOW) is None


def test_a_cache_control_full_of_quotes_is_read_in_no_time() -> None:
    assert freshness(headers(("Cache-Control", '"a=' * 100_000)), NOW) is None


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Example.COM/a", "example.com"),
        ("http://example.com:8080/", "example.com"),
        ("http://example.com./", "example.com"),
        ("http://www.example.com/", "www.example.com"),
        ("http://münchen.example/", "xn--mnchen-3ya.example"),
        ("http://MÜNCHEN.example/", "xn--mnchen-3ya.example"),
        ("http://user:secret@example.com/", "example.com"),
        ("http://8.8.8.8/", "8.8.8.8"),
        ("http://134744072/", "8.8.8.8"),
        ("http://0x8.010.2056/", "8.8.8.8"),
        ("http://8.8.8.8./", "8.8.8.8"),
        ("http://[2606:4700:0::1111]:443/", "2606:4700::1111"),
        ("http://[2606:4700::0.0.17.17]/", "2606:4700::1111"),
    ],
)
def test_a_host_is_one_text_however_the_url_spells_it(url: str, host: str) -> None:
    assert host_of(url) == host


@given(st.text(max_size=40))
def test_a_url_that_can_be_fetched_has_the_host_of_its_normal_form(text: str) -> None:
    try:
        checked = check_url(f"http://{text}/")
    except InvalidURL:
        return
    assert host_of(f"http://{text}/") == host_of(str(checked)) != ""


@pytest.mark.parametrize("url", ["", "example.com", "http:///a", "http://[::1", "http://a..b/"])
def test_what_has_no_host_is_no_url(url: str) -> None:
    with pytest.raises(InvalidURL):
        host_of(url)
