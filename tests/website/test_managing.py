"""The pages behind the manage link; what lies behind them is tested in tests/alerts."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.test import Client
from django.utils import timezone

from alerts.cadences import Cadence
from alerts.links import manage_link
from alerts.models import Subscriber, Subscription
from alerts.services import fan_out, send_mail
from alerts.tokens import manage_token, unsubscribe_token
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_subscriber, make_subscription
from tests.factories import make_campaign, make_change
from tests.website.reading import read, text_of, texts_of

pytestmark = pytest.mark.django_db

ADDRESS = "ada@example.org"
PAGES = ("", "sent/", "export/", "erase/")


@pytest.fixture
def visitor() -> Client:
    """Somebody without cookies, with the checks of a browser."""
    return Client(enforce_csrf_checks=True)


def page_of(subscriber: Subscriber, page: str = "") -> str:
    return f"/manage/{manage_token(subscriber_id=subscriber.pk)}/{page}"


def fresh(row: Subscription) -> Subscription:
    return Subscription.objects.select_related("subscriber").get(pk=row.pk)


def test_the_link_in_mails_leads_to_the_page(visitor: Client) -> None:
    subscriber = make_subscriber(ADDRESS)
    path = manage_link(subscriber_id=subscriber.pk).removeprefix("http://followthrough.test")
    assert ADDRESS in text_of(read(visitor, path))


def test_all_subscriptions_are_listed_with_how_often_each_tells(visitor: Client) -> None:
    mine = make_subscription(cadence=Cadence.DAILY)
    make_subscription(mine.subscriber, campaign=make_campaign("Free the data"), confirmed_at=None)
    make_subscription(mine.subscriber, to_statuses=["met"], ended_at=timezone.now())
    make_subscription(campaign=make_campaign("Another's"))
    page = read(visitor, page_of(mine.subscriber))
    assert texts_of(page, "article h3") == ["Every campaign", "The campaign “Free the data”"]
    assert texts_of(page, "article option[selected]") == ["once a day", "at once"]
    assert "Not confirmed" in texts_of(page, "article")[1]


def test_opening_a_page_changes_nothing(visitor: Client) -> None:
    mine = make_subscription()
    before = (Subscriber.objects.values().get(), Subscription.objects.values().get())
    for page in PAGES:
        assert visitor.get(page_of(mine.subscriber, page)).status_code == 200
        assert visitor.head(page_of(mine.subscriber, page)).status_code == 200
        asked = {"do": "end-all", "subscription": str(mine.pk)}
        visitor.get(page_of(mine.subscriber, page), asked)
    assert (Subscriber.objects.values().get(), Subscription.objects.values().get()) == before


def test_a_subscription_is_changed_and_ended_by_its_buttons(visitor: Client) -> None:
    mine = make_subscription()
    address, key = page_of(mine.subscriber), str(mine.pk)
    answer = visitor.post(address, {"do": "change", "subscription": key, "cadence": "2"})
    assert (answer.status_code, answer["Location"]) == (302, f"{address}?done=change")
    assert (fresh(mine).cadence, fresh(mine).warns_of_expiry) == (Cadence.WEEKLY, False)
    assert "was changed" in text_of(read(visitor, answer["Location"]), "[role=status]")
    visitor.post(address, {"do": "end", "subscription": key})
    assert fresh(mine).ended_at is not None


def test_all_are_ended_by_one_button(visitor: Client) -> None:
    mine = make_subscription()
    make_subscription(mine.subscriber, campaign=make_campaign())
    answer = visitor.post(page_of(mine.subscriber), {"do": "end-all"}, follow=True)
    assert b"You have no subscription" in answer.content
    assert not Subscription.objects.current().exists()


def test_zone_and_language_are_changed(visitor: Client) -> None:
    mine = make_subscription()
    chosen = {"do": "settings", "time_zone": "Europe/Berlin", "language": "en"}
    visitor.post(page_of(mine.subscriber), chosen)
    assert fresh(mine).subscriber.time_zone == "Europe/Berlin"


def test_mail_is_paused_until_a_day_and_resumed(visitor: Client) -> None:
    mine = make_subscription()
    address = page_of(mine.subscriber)
    day = (timezone.now() + dt.timedelta(days=9)).date()
    answer = visitor.post(address, {"do": "pause", "until": day.isoformat()}, follow=True)
    assert "Nothing is sent until" in answer.content.decode()
    paused_until = fresh(mine).subscriber.paused_until
    assert paused_until is not None
    assert paused_until.date() == day
    visitor.post(address, {"do": "resume"})
    assert fresh(mine).subscriber.paused_until is None


@pytest.mark.parametrize("until", ["", "tomorrow", "2020-01-01", "2999-01-01"])
def test_a_day_that_makes_no_sense_is_refused_beside_its_field(visitor: Client, until: str) -> None:
    mine = make_subscription()
    answer = visitor.post(page_of(mine.subscriber), {"do": "pause", "until": until})
    assert answer.status_code == 200
    assert b'id="id_until_error"' in answer.content
    assert fresh(mine).subscriber.paused_until is None


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"do": "everything"},
        {"do": "change", "subscription": "1", "cadence": "9"},
        {"do": "change", "subscription": "²", "cadence": "1"},
        {"do": "end"},
        {"do": "end", "subscription": "9" * 30},
        {"do": "settings", "time_zone": "Mars/Olympus", "language": "en"},
        {"do": "settings", "time_zone": "UTC", "language": "xx"},
    ],
)
def test_what_no_button_sends_changes_nothing(visitor: Client, posted: dict[str, str]) -> None:
    mine = make_subscription()
    assert visitor.post(page_of(mine.subscriber), posted).status_code == 400
    assert fresh(mine).ended_at is None


@pytest.mark.parametrize("why", ["bounced", "complained"])
def test_a_suspended_address_reads_why_and_how_to_lift_it(visitor: Client, why: str) -> None:
    subscriber = make_subscriber(ADDRESS, suspended_at=timezone.now(), suspension=why)
    mine = make_subscription(subscriber)
    page = read(visitor, page_of(subscriber))
    assert subscriber.get_suspension_display() in text_of(page)
    assert "Send me that message" in texts_of(page, "button")
    answer = visitor.post(page_of(subscriber), {"do": "confirm"}, follow=True)
    assert b"is on its way" in answer.content
    assert fresh(mine).confirmation_next_attempt_at is not None
    assert fresh(mine).subscriber.suspended_at is not None


def test_an_address_whose_mails_came_back_reads_until_when_nothing_is_sent(visitor: Client) -> None:
    later = timezone.now() + dt.timedelta(days=2)
    resting = make_subscriber(ADDRESS, resting_until=later, time_zone="UTC")
    said = f"Nothing is sent until {later.astimezone(dt.UTC):%-d %B %Y, %H:%M} (UTC)."
    assert said in text_of(read(visitor, page_of(resting)))
    rested = make_subscriber(resting_until=timezone.now())
    assert "came back" not in text_of(read(visitor, page_of(rested)))


def test_everything_ever_sent_is_listed_with_reasons_by_pages(
    visitor: Client, mail_sink: MailSink
) -> None:
    mine = make_subscription()
    changes = [make_change(now=timezone.now()) for _ in range(31)]
    for change in changes:
        fan_out(change_id=change.pk, now=timezone.now())
    send_mail(now=timezone.now(), limit=1)
    first = read(visitor, page_of(mine.subscriber, "sent/"))
    assert len(first.css("ol.timeline > li")) == 30
    assert changes[-1].get_absolute_url() in (first.css_first("main").html or "")
    assert "Because you followed: every campaign" in text_of(first)
    second = read(visitor, page_of(mine.subscriber, "sent/?page=2"))
    [item] = texts_of(second, "ol.timeline > li")
    assert "Status change · delivered" in item
    assert "1 alert sent, 30 waiting" in text_of(read(visitor, page_of(mine.subscriber)))


def test_the_export_is_a_file_of_json(visitor: Client) -> None:
    mine = make_subscription(email=ADDRESS)
    answer = visitor.get(page_of(mine.subscriber, "export/"))
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert json.loads(answer.content)["email"] == ADDRESS


def test_erasing_takes_a_second_step_and_ends_the_link(visitor: Client) -> None:
    mine = make_subscription(email=ADDRESS)
    asked = read(visitor, page_of(mine.subscriber, "erase/"))
    assert ADDRESS in text_of(asked)
    assert Subscriber.objects.get().email == ADDRESS
    answer = visitor.post(page_of(mine.subscriber, "erase/"))
    assert b"Your data is erased" in answer.content
    assert not Subscriber.objects.filter(email=ADDRESS).exists()
    for page in PAGES:
        assert visitor.get(page_of(mine.subscriber, page)).status_code == 404
    assert visitor.post(page_of(mine.subscriber), {"do": "resume"}).status_code == 404
    again = visitor.post(f"/unsubscribe/{unsubscribe_token(subscriber_id=mine.subscriber_id)}/",
                         {"List-Unsubscribe": "One-Click"})  # fmt: skip
    assert again.status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_no_other_link_opens_the_pages(visitor: Client, page: str) -> None:
    subscriber = make_subscriber()
    for token in (unsubscribe_token(subscriber_id=subscriber.pk), "nonsense"):
        answer = visitor.get(f"/manage/{token}/{page}")
        assert answer.status_code == 404
        assert b"This link does not work" in answer.content


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_are_neither_cached_nor_told_to_others(visitor: Client, page: str) -> None:
    answer = visitor.get(page_of(make_subscriber(), page))
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert not answer.cookies
    if page != "export/":
        assert b'<meta name="robots" content="noindex">' in answer.content
