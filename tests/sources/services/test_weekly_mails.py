"""Once a week stewards are told which of their sources want attention, and never for nothing."""

import datetime as dt

import pytest
from django.contrib.auth.models import User

from config.demo.mail_sink import MailSink
from sources.kinds import PollResult
from sources.models import Notice, Poll, Source
from sources.services import accept_finding, dismiss_finding, owe_health_mails, send_notices
from tests.factories import NOW, make_target
from tests.sources.factories import make_finding, make_snapshot, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_sink")]

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def steward() -> User:
    return User.objects.create_user("steward", "steward@news.example")


def broken(steward: User, name: str) -> Source:
    source = make_source(
        name=name,
        failing_since=NOW - DAY,
        broken_since=NOW - HOUR,
        failures_count=5,
        last_cause="not_found",
    )
    source.stewards.add(steward)
    return source


def noisy(steward: User, name: str, *, dismissed: int = 5, accepted: int = 0) -> Source:
    source = make_source(name=name)
    source.stewards.add(steward)
    for number in range(dismissed + accepted):
        target = make_target()
        finding = make_finding(target, make_snapshot(source), effective_on=dt.date(2026, 2, 1))
        if number < dismissed:
            dismiss_finding(finding=finding, reason="No news", reviewer=steward, now=NOW - DAY)
        else:
            accept_finding(finding=finding, reviewer=steward, now=NOW - DAY)
    return source


def silent(steward: User, name: str, *, days: int = 181) -> Source:
    source = make_source(name=name, last_success_at=NOW - HOUR)
    source.stewards.add(steward)
    Source.objects.filter(pk=source.pk).update(created_at=NOW - days * DAY)
    return source


def weekly_texts(mail_sink: MailSink, now: dt.datetime = NOW) -> list[str]:
    owe_health_mails(now=now)
    before = len(mail_sink.mails())
    send_notices(now=now)
    return [mail.message.get_content() for mail in mail_sink.mails()[before:]]


def test_the_weekly_mail_lists_what_is_broken_noisy_and_silent(
    steward: User, mail_sink: MailSink
) -> None:
    broken(steward, "Gone page")
    noisy(steward, "Chatty page")
    silent(steward, "Sleepy page")
    [text] = weekly_texts(mail_sink)
    places = [
        text.index(part)
        for part in (
            "BROKEN",
            "Gone page: the page is gone, since 28 February 2026",
            "NOISY",
            "Chatty page: 5 of 5 dismissed",
            "SILENT",
            "Sleepy page",
        )
    ]
    assert places == sorted(places)
    assert text.count("/change/") == 3


@pytest.mark.parametrize(
    "make",
    [
        lambda steward: noisy(steward, "Page", dismissed=4),
        lambda steward: noisy(steward, "Page", dismissed=5, accepted=2),
        lambda steward: silent(steward, "Page", days=179),
        lambda steward: broken(User.objects.create_user("other"), "Page"),
        lambda steward: Source.objects.filter(pk=broken(steward, "Page").pk).update(
            is_active=False
        ),
    ],
    ids=["few findings", "useful findings", "young", "of others", "inactive"],
)
def test_what_wants_no_attention_is_in_no_mail(
    make: object, steward: User, mail_sink: MailSink
) -> None:
    make(steward)  # type: ignore[operator]
    assert weekly_texts(mail_sink) == []


def test_a_change_ends_silence_and_a_baseline_does_not(steward: User, mail_sink: MailSink) -> None:
    changed, anew = silent(steward, "Lively page"), silent(steward, "Sleepy page")
    make_snapshot(changed, taken_at=NOW - 10 * DAY)
    make_snapshot(anew, taken_at=NOW - 10 * DAY)
    Poll.objects.filter(source=anew).update(result=PollResult.BASELINE)
    [text] = weekly_texts(mail_sink)
    assert "Sleepy page" in text
    assert "Lively page" not in text


def test_the_weekly_mail_is_sent_once_a_week(steward: User, mail_sink: MailSink) -> None:
    broken(steward, "Gone page")
    sunday = NOW
    assert len(weekly_texts(mail_sink, sunday - 6 * DAY)) == 1
    for hours in range(0, 6 * 24, 7):
        assert weekly_texts(mail_sink, sunday - 6 * DAY + hours * HOUR) == []
    assert len(weekly_texts(mail_sink, sunday + DAY)) == 1
    assert len(mail_sink.mails()) == 2


def test_a_week_without_anything_to_say_sends_nothing_and_is_not_asked_about_again(
    steward: User, mail_sink: MailSink
) -> None:
    make_source().stewards.add(steward)
    assert weekly_texts(mail_sink) == []
    assert not Notice.objects.due(NOW + DAY).exists()
    assert mail_sink.mails() == []


def test_a_steward_whose_account_is_closed_gets_no_weekly_mail(
    steward: User, mail_sink: MailSink
) -> None:
    broken(steward, "Gone page")
    steward.is_active = False
    steward.save()
    assert weekly_texts(mail_sink) == []
    assert not Notice.objects.exists()
