"""The SMTP server that the tests and the demo send to."""

from smtplib import SMTPDataError

import pytest
from django.core.mail import send_mail

from config.demo.mail_sink import MailSink


def test_a_mail_sent_by_django_arrives_with_its_envelope(mail_sink: MailSink) -> None:
    send_mail("Café", "It moved.", "from@example.org", ["to@example.org"])
    [mail] = mail_sink.wait_for(1)
    assert mail.sender == "from@example.org"
    assert mail.recipients == ("to@example.org",)
    assert mail.message["Subject"] == "Café"
    assert mail.message.get_content().strip() == "It moved."


def test_waiting_for_a_mail_that_does_not_come_says_how_many_came(mail_sink: MailSink) -> None:
    with pytest.raises(TimeoutError, match="0 of 1 mails"):
        mail_sink.wait_for(1, timeout=0.01)


def test_a_refusing_sink_keeps_nothing(mail_sink: MailSink) -> None:
    mail_sink.reply = "451 try later"
    with pytest.raises(SMTPDataError, match="try later"):
        send_mail("Subject", "Text", "from@example.org", ["to@example.org"])
    assert mail_sink.mails() == []
