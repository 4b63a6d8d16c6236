"""How days, statuses and addresses are written on a page."""

from __future__ import annotations

import datetime as dt

import pytest

from campaigns.statuses import Status
from website.links import absolute, is_web_address
from website.templatetags.record import day, moment, outside, status

DAY = dt.date(2020, 6, 1)


@pytest.mark.parametrize(
    ("precision", "written"),
    [
        ("day", '<time datetime="2020-06-01">1 June 2020</time>'),
        ("month", '<time datetime="2020-06">June 2020</time>'),
        ("year", '<time datetime="2020">2020</time>'),
    ],
)
def test_a_day_is_written_as_precise_as_it_is_known(precision: str, written: str) -> None:
    assert day(DAY, precision) == written


def test_no_day_is_written_as_nothing() -> None:
    assert day(None) == ""


def test_a_moment_is_written_in_utc_with_its_zone() -> None:
    at = dt.datetime(2020, 6, 10, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-2)))
    assert moment(at) == '<time datetime="2020-06-11T01:30:00+00:00">11 June 2020, 01:30 UTC</time>'


@pytest.mark.parametrize("value", Status)
def test_every_status_has_a_shape_and_its_name(value: Status) -> None:
    badge = status(value.value)
    assert str(value.label) in badge
    assert 'aria-hidden="true"' in badge


def test_no_status_is_named_so() -> None:
    assert "nothing on record" in status(None)


@pytest.mark.parametrize("url", ["http://a.example", "https://a.example/b?c=d&e"])
def test_an_address_of_the_web_becomes_a_link(url: str) -> None:
    assert is_web_address(url)
    assert outside(url, "A & B").endswith(">A &amp; B</a>")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "JavaScript://a.example",
        "data:text/html,x",
        "/x",
        "http:x",
        "http://[",
    ],
)
def test_any_other_address_stays_text(url: str) -> None:
    assert not is_web_address(url)
    assert outside(url, "<b>") == "&lt;b&gt;"


def test_our_addresses_are_given_in_full() -> None:
    assert absolute("/changes/1/") == "http://followthrough.test/changes/1/"
