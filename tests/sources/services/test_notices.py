"""Stewards are told once that a source broke or recovered, whatever happens on the way."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from django.contrib.auth.models import User
from django.db import connection
from pytest_django import Settings

from config.demo.mail_sink import Mail, MailSink
from config.demo.site import Site
from sources.kinds import PollResult
from sources.models import Notice, Poll, Source
from sources.services import (
    poll_sources,
    send_notices,
)
from sources.services.notices import FIRST_RETRY, MOST_ATTEMPTS
from tests.factories import NOW
from tests.sources.factories import make_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling", "mail_sink")]

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
SENDERS = 20


@pytest.fixture
def steward() -> User:
    return User.objects.create_user("steward", "steward@news.example")


@pytest.fixture
def source(site: Site, steward: User, settings: Settings) -> Source:
    settings.POLL_BROKEN_AFTER = 3
    source = make_source(site.set("/policy", "<p>Our policy</p>"), name="Acme: policy")
    source.stewards.add(steward)
    poll(source, NOW)
    return source


def poll(source: Source, now: dt.datetime) -> Poll:
    [ended] = poll_sources(source_ids=[source.pk], now=now, jitter=lambda: 0.5)
    source.refresh_from_db()
    return ended


def break_down(site: Site, source: Source, now: dt.datetime = NOW) -> dt.datetime:
    """Fail until the source is broken; return when that was known."""
    site.set("/policy", "", status=500)
    for hours in range(1, 4):
        ended = poll(source, now + hours * HOUR)
    assert source.broken_since == ended.finished_at
    return ended.finished_at


def recover(site: Site, source: Source, now: dt.datetime) -> dt.datetime:
    site.set("/policy", "<p>Our policy</p>")
    assert poll(source, now).result != PollResult.FAILED
    return now + HOUR


def subjects(mails: list[Mail]) -> list[str]:
    return [mail.message["Subject"] for mail in mails]


def test_that_a_source_broke_is_told_once_and_that_it_recovered_once_more(
    site: Site, source: Source, mail_sink: MailSink
) -> None:
    broken_at = break_down(site, source)
    for days in range(1, 4):
        poll(source, broken_at + days * DAY)
        send_notices(now=broken_at + days * DAY)
    [mail] = mail_sink.mails()
    assert mail.recipients == ("steward@news.example",)
    assert mail.message["Subject"] == "Source broken: Acme: policy"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    text = mail.message.get_content()
    assert source.url in text
    assert "1 March 2026, 13:00" in text
    assert "the host has an error of its own" in text
    assert f"/sources/source/{source.pk}/change/" in text
    later = recover(site, source, broken_at + 4 * DAY)
    for days in range(3):
        poll(source, later + days * DAY)
        send_notices(now=later + days * DAY)
    assert subjects(mail_sink.mails())[1:] == ["Source read again: Acme: policy"]


def test_a_source_that_breaks_again_is_told_again(
    site: Site, source: Source, mail_sink: MailSink
) -> None:
    recover(site, source, break_down(site, source) + DAY)
    recover(site, source, break_down(site, source, NOW + 7 * DAY) + DAY)
    send_notices(now=NOW + 30 * DAY)
    assert (
        subjects(mail_sink.mails())
        == [
            "Source broken: Acme: policy",
            "Source read again: Acme: policy",
        ]
        * 2
    )


def test_a_source_that_only_failed_for_a_while_is_told_to_nobody(
    site: Site, source: Source
) -> None:
    site.set("/policy", "", status=500)
    poll(source, NOW + HOUR)
    poll(source, NOW + 2 * HOUR)
    recover(site, source, NOW + 3 * HOUR)
    assert not Notice.objects.exists()


def test_every_steward_is_told_and_no_one_else(
    site: Site, source: Source, mail_sink: MailSink
) -> None:
    source.stewards.add(User.objects.create_user("second", "second@news.example"))
    User.objects.create_user("other", "other@news.example")
    broken_at = break_down(site, source)
    source.stewards.add(User.objects.create_user("late", "late@news.example"))
    recover(site, source, broken_at + DAY)
    assert send_notices(now=broken_at + 2 * DAY) == 4
    recipients = sorted(mail.recipients[0] for mail in mail_sink.mails())
    assert recipients == ["second@news.example"] * 2 + ["steward@news.example"] * 2


def test_a_steward_without_an_address_holds_up_nobody(
    site: Site, source: Source, mail_sink: MailSink
) -> None:
    User.objects.update(email="")
    source.stewards.add(User.objects.create_user("second", "second@news.example"))
    assert send_notices(now=break_down(site, source)) == 1
    assert len(mail_sink.mails()) == 1
    assert not Notice.objects.filter(sent_at=None).exists()


def test_a_name_with_line_breaks_makes_no_headers(
    site: Site, source: Source, mail_sink: MailSink
) -> None:
    Source.objects.update(name="Acme\r\nBcc: everybody@news.example")
    source.refresh_from_db()
    send_notices(now=break_down(site, source))
    [mail] = mail_sink.mails()
    assert mail.message["Bcc"] is None
    assert mail.recipients == ("steward@news.example",)
    assert mail.message["Subject"] == "Source broken: Acme Bcc: everybody@news.example"


def test_a_notice_that_fails_is_tried_again_later_as_the_same_message(
    site: Site, source: Source, mail_sink: MailSink
) -> None:
    now = break_down(site, source)
    mail_sink.reply = "451 try again later"
    assert send_notices(now=now) == 0
    notice = Notice.objects.get()
    assert (notice.sent_at, notice.attempts_count) == (None, 1)
    assert "try again later" in notice.last_error
    assert send_notices(now=now + FIRST_RETRY / 2) == 0
    assert Notice.objects.get().attempts_count == 1
    mail_sink.reply = "250 OK"
    assert send_notices(now=now + FIRST_RETRY) == 1
    [mail] = mail_sink.mails()
    assert mail.message["Message-ID"].startswith(f"<source-notice-{notice.pk}@")
    notice.refresh_from_db()
    assert (notice.sent_at, notice.last_error) == (now + FIRST_RETRY, "")


def test_a_notice_whose_sender_died_after_sending_is_sent_again_under_the_same_name(
    site: Site, source: Source, mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = break_down(site, source)
    assert send_notices(now=now) == 1
    Notice.objects.update(sent_at=None)  # as if the worker had died before it wrote that
    assert send_notices(now=now) == 0
    assert send_notices(now=now + FIRST_RETRY) == 1
    first, second = mail_sink.mails()
    assert first.message["Message-ID"] == second.message["Message-ID"]


def test_tries_come_ever_later_and_end(site: Site, source: Source, mail_sink: MailSink) -> None:
    mail_sink.reply = "550 no such user"
    now = break_down(site, source)
    moments = []
    while (at := Notice.objects.get().next_attempt_at) is not None:
        now = max(now, at)
        moments.append(now)
        send_notices(now=now)
    waits = [after - before for before, after in pairwise(moments)]
    assert waits == [FIRST_RETRY * 2**number for number in range(MOST_ATTEMPTS - 1)]
    mail_sink.reply = "250 OK"
    assert send_notices(now=now + 365 * DAY) == 0


def test_a_mail_server_that_is_away_is_a_failure_too(
    site: Site, source: Source, settings: Settings, mail_sink: MailSink
) -> None:
    port = settings.EMAIL_PORT
    settings.EMAIL_PORT = 1
    now = break_down(site, source)
    assert send_notices(now=now) == 0
    settings.EMAIL_PORT = port
    assert send_notices(now=now + FIRST_RETRY) == 1


@pytest.mark.django_db(transaction=True)
def test_of_twenty_senders_at_once_one_sends(
    site: Site, source: Source, mail_sink: MailSink
) -> None:
    now = break_down(site, source)
    barrier = threading.Barrier(SENDERS)

    def send(_: int) -> int:
        connection.ensure_connection()
        barrier.wait(30)
        try:
            return send_notices(now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(SENDERS) as senders:
        assert sum(senders.map(send, range(SENDERS))) == 1
    assert len(mail_sink.mails()) == 1


def test_a_steward_whose_account_is_closed_is_told_nothing(
    site: Site, source: Source, steward: User, mail_sink: MailSink
) -> None:
    colleague = User.objects.create_user("colleague", "colleague@news.example")
    source.stewards.add(colleague)
    close(steward)
    broken_at = break_down(site, source)
    assert send_notices(now=broken_at) == 1
    recovered_at = recover(site, source, broken_at + HOUR)
    assert send_notices(now=recovered_at) == 1
    assert {mail.recipients for mail in mail_sink.mails()} == {("colleague@news.example",)}
    assert {notice.steward for notice in Notice.objects.all()} == {colleague}


def test_who_left_between_the_break_and_the_recovery_is_not_told_of_it(
    site: Site, source: Source, steward: User, mail_sink: MailSink
) -> None:
    broken_at = break_down(site, source)
    assert send_notices(now=broken_at) == 1
    close(steward)
    recovered_at = recover(site, source, broken_at + HOUR)
    assert send_notices(now=recovered_at) == 0
    assert len(mail_sink.mails()) == 1
    assert Notice.objects.get().kind == Notice.Kind.BROKEN


def test_a_notice_that_was_owed_when_a_steward_left_is_not_sent(
    site: Site, source: Source, steward: User, mail_sink: MailSink
) -> None:
    broken_at = break_down(site, source)
    close(steward)
    assert send_notices(now=broken_at) == 0
    assert mail_sink.mails() == []
    assert Notice.objects.get().sent_at == broken_at


def close(user: User) -> None:
    user.is_active = False
    user.save()
