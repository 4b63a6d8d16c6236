"""How feeds and calendars go out: validators, 304, HEAD, compression."""

from __future__ import annotations

import datetime as dt
import gzip
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.http import http_date

from campaigns.models import Campaign
from campaigns.services import publish_campaign, withdraw_campaign
from tests.factories import NOW, make_campaign, make_change, make_outcome_draft, make_target

pytestmark = pytest.mark.django_db

KINDS = {
    "/feeds/changes.atom": "application/atom+xml; charset=utf-8",
    "/feeds/changes.json": "application/feed+json; charset=utf-8",
    "/calendar/outcomes.ics": "text/calendar; charset=utf-8",
}
ADDRESSES = pytest.mark.parametrize("address", KINDS)
LATER = NOW + dt.timedelta(hours=1)


def get(
    client: Client, address: str, at: dt.datetime = LATER, headers: dict[str, str] | None = None
) -> Any:
    """What is answered at a moment."""
    with time_machine.travel(at, tick=False):
        return client.get(address, headers=headers)


def promise(expires_on: dt.date = dt.date(2027, 1, 1)) -> None:
    """Record what every kind of answer tells of."""
    make_change(to_status="paused", outcome=make_outcome_draft(expires_on=expires_on))


@ADDRESSES
def test_an_answer_says_what_it_is_and_who_may_keep_it(client: Client, address: str) -> None:
    promise()
    answer = get(client, address)
    assert answer["Content-Type"] == KINDS[address]
    assert answer["Cache-Control"] == "public, no-cache"
    assert "Accept-Encoding" in answer["Vary"]
    assert "Cookie" not in answer["Vary"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies


@ADDRESSES
def test_who_has_it_already_is_told_so(client: Client, address: str) -> None:
    promise()
    first = get(client, address, NOW)
    assert "Last-Modified" not in first
    answer = get(client, address)
    assert answer["ETag"] == first["ETag"]
    assert answer["Last-Modified"] == http_date(NOW.timestamp() + 2)
    for conditions in (
        {"If-None-Match": answer["ETag"]},
        {"If-None-Match": f'"other", W/{answer["ETag"]}'},
        {"If-Modified-Since": answer["Last-Modified"]},
    ):
        known = get(client, address, headers=conditions)
        assert (known.status_code, known.content) == (304, b"")
        assert known["ETag"] == answer["ETag"]
        assert known["Last-Modified"] == answer["Last-Modified"]
        assert "Accept-Encoding" in known["Vary"]
    assert get(client, address, headers={"If-None-Match": '"other"'}).status_code == 200
    earlier = {"If-Modified-Since": http_date(NOW.timestamp())}
    assert get(client, address, headers=earlier).status_code == 200


@ADDRESSES
def test_tag_and_date_move_when_the_bytes_do_and_only_then(client: Client, address: str) -> None:
    promise()
    get(client, address, NOW)
    before = get(client, address)
    # An edit of a draft, and of what no feed shows, are no news.
    make_change(make_target(make_campaign(is_public=False)))
    again = get(client, address, LATER + dt.timedelta(hours=1))
    assert (again["ETag"], again["Last-Modified"]) == (before["ETag"], before["Last-Modified"])
    # A new name is: no row of the log says so.
    campaign = Campaign.objects.public().get()
    campaign.title = "Another name"
    campaign.save()
    moment = LATER + dt.timedelta(hours=2)
    renamed = get(client, address, moment, {"If-Modified-Since": before["Last-Modified"]})
    assert renamed.status_code == 200
    assert renamed["ETag"] != before["ETag"]
    after = get(client, address, moment + dt.timedelta(hours=1))
    assert after["Last-Modified"] == http_date(moment.timestamp() + 2)


@ADDRESSES
def test_what_is_withdrawn_is_news_too(client: Client, address: str) -> None:
    promise()
    get(client, address, NOW)
    before = get(client, address)
    campaign = Campaign.objects.get()
    withdraw_campaign(campaign=campaign, now=NOW)
    conditions = {"If-Modified-Since": before["Last-Modified"]}
    gone = get(client, address, LATER + dt.timedelta(minutes=1), conditions)
    assert gone.status_code == 200
    publish_campaign(campaign=campaign, now=NOW)
    back = get(client, address, LATER + dt.timedelta(hours=1), conditions)
    assert back.status_code == 200
    assert back["ETag"] != gone["ETag"]


@ADDRESSES
def test_head_has_the_headers_of_get_and_no_body(client: Client, address: str) -> None:
    promise()
    answer = get(client, address)
    with time_machine.travel(LATER, tick=False):
        head = client.head(address)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control", "Vary"):
        assert head[name] == answer[name]


@ADDRESSES
def test_who_reads_gzip_gets_it_and_a_tag_that_still_holds(client: Client, address: str) -> None:
    promise()
    plain = get(client, address)
    packed = get(client, address, headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content)
    assert gzip.decompress(packed.content) == plain.content
    conditions = {"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]}
    assert get(client, address, headers=conditions).status_code == 304


@ADDRESSES
def test_nothing_but_reading_is_answered(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405
