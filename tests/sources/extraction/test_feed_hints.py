"""When a feed asks to be read."""

import datetime as dt
import json

import pytest

from sources.extraction import FeedHints, read_feed
from tests.sources.feeds import SAMPLES

MINUTE, HOUR, DAY = (dt.timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days"))


def hints(channel: str) -> FeedHints:
    body = (
        '<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        f"<channel>{channel}<item><title>News</title></item></channel></rss>"
    )
    return read_feed(body.encode(), "", "https://acme.example/feed").hints


@pytest.mark.parametrize(
    ("channel", "ttl"),
    [
        ("", None),
        ("<ttl>60</ttl>", HOUR),
        ("<ttl> 90.0 </ttl>", 90 * MINUTE),
        ("<ttl>999999999</ttl>", 7 * DAY),
        ("<ttl>99999999999999999999</ttl>", None),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>an hour</ttl>", None),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", DAY),
        (
            "<sy:updatePeriod> Hourly </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            15 * MINUTE,
        ),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            HOUR,
        ),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", 7 * DAY),
        ("<sy:updatePeriod>often</sy:updatePeriod>", None),
        ("<ttl>5</ttl><sy:updatePeriod>daily</sy:updatePeriod>", 5 * MINUTE),
    ],
)
def test_a_feed_says_how_long_it_is_current(channel: str, ttl: dt.timedelta | None) -> None:
    assert hints(channel).ttl == ttl


def test_hours_and_days_to_skip_are_read() -> None:
    channel = (
        "<skipHours><hour>0</hour><hour>07</hour><hour>24</hour><hour>25</hour><hour>x</hour>"
        "</skipHours><skipDays><day>Monday</day><day> sunday </day><day>Holiday</day></skipDays>"
    )
    assert hints(channel).skip_hours == {0, 7}
    assert hints(channel).skip_days == {0, 6}


def test_a_feed_cannot_ask_never_to_be_read() -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(24))
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    days = "".join(f"<day>{name}</day>" for name in names)
    assert hints(f"<skipHours>{hours}</skipHours><skipDays>{days}</skipDays>") == FeedHints()


def test_a_json_feed_can_say_that_it_has_ended() -> None:
    feed = json.loads((SAMPLES / "microblog.json").read_bytes())
    for expired in (True, False, "yes"):
        body = json.dumps(feed | {"expired": expired}).encode()
        assert read_feed(body, "", "").hints.is_expired is (expired is True)
