"""A mail about a status change: what it says, and in which order."""

from __future__ import annotations

import datetime as dt
import re
from itertools import permutations

import pytest
from django.utils.translation import override

from alerts.channels import email
from alerts.models import Event
from alerts.services import subscriptions_of
from alerts.services.owing import load_events
from campaigns.models import StatusChange, Target
from campaigns.statuses import Status
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_subscription
from tests.alerts.mail_reading import Reader, mail_about, part, words
from tests.factories import (
    NOW,
    make_campaign,
    make_change,
    make_citation_draft,
    make_company,
    make_document,
    make_outcome_draft,
    make_product,
    make_target,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def amazon() -> Target:
    company = make_company("Amazon")
    return make_target(
        make_campaign("Face recognition for police", slug="face-recognition"),
        company,
        product=make_product(company, "Rekognition"),
    )


def event_of(change: StatusChange) -> Event:
    """The event of a change, loaded for a letter; owed to nobody."""
    kinds = Event.Type
    event = Event.objects.create(
        type=kinds.CORRECTED if change.corrects else kinds.RECORDED,
        target=change.target,
        status_change=change,
        occurred_at=NOW,
        fanned_out_at=NOW,
    )
    return load_events([event.pk])[event.pk]


def test_it_says_from_what_to_what_since_when_and_what_came_before(
    amazon: Target, mail_sink: MailSink
) -> None:
    make_change(amazon, Status.CALLED_ON, dt.date(2018, 5, 22), summary="The ACLU asked.")
    make_change(amazon, Status.REFUSED, dt.date(2018, 6, 1), summary="Amazon saw no abuse.")
    make_change(amazon, Status.PAUSED, outcome=make_outcome_draft(exemptions=("Thorn",)))
    lapsed = make_change(amazon, Status.EXPIRED, dt.date(2021, 6, 10))
    mail = mail_about(lapsed, mail_sink)
    assert mail["Subject"] == "Amazon: paused → expired (Stop selling face recognition to police)"
    text = part(mail, "plain")
    for line in (
        "Before: paused, since 10 June 2020",
        "Since: 10 June 2021",
        "22 May 2018: called on. The ACLU asked.",
        "1 June 2018: refused. Amazon saw no abuse.",
        "10 June 2020: paused",
        "Exempt: Thorn",
    ):
        assert line in text.splitlines()
    assert text.index("22 May 2018") < text.index("1 June 2018: refused")
    seen = words(Reader(part(mail, "html")).text)
    for phrase in (
        "Before paused, since 10 June 2020",
        "1 June 2018 refused. Amazon saw no abuse.",
    ):
        assert phrase in seen


def test_no_more_than_three_earlier_steps_are_told_the_latest(
    amazon: Target, mail_sink: MailSink
) -> None:
    for year, status in enumerate([Status.CALLED_ON, Status.REFUSED, Status.UNDER_REVIEW], 2015):
        make_change(amazon, status, dt.date(year, 1, 1))
    make_change(amazon, Status.REFUSED, dt.date(2018, 1, 1))
    text = part(mail_about(make_change(amazon, Status.MET), mail_sink), "plain")
    assert re.findall(r"^1 January (\d{4}): ", text, re.MULTILINE) == ["2016", "2017", "2018"]


def test_a_step_that_was_corrected_since_is_told_as_it_is_known_now(
    amazon: Target, mail_sink: MailSink
) -> None:
    wrong = make_change(amazon, Status.REFUSED, dt.date(2018, 6, 1))
    make_change(amazon, Status.CALLED_ON, dt.date(2018, 6, 2), corrects=wrong)
    text = part(mail_about(make_change(amazon, Status.PAUSED), mail_sink), "plain")
    assert "2 June 2018: called on" in text
    assert "1 June 2018" not in text


def test_a_correction_says_at_once_what_was_told_when_and_what_is_right(
    amazon: Target, mail_sink: MailSink
) -> None:
    make_change(amazon, Status.CALLED_ON, dt.date(2018, 5, 22))
    subscription = make_subscription()
    wrong = make_change(amazon, Status.REFUSED, dt.date(2020, 7, 1), summary="It said no.")
    mail_about(wrong, mail_sink, subscription)
    right = make_change(
        amazon, Status.UNDER_REVIEW, dt.date(2020, 7, 2), corrects=wrong, summary="It will think."
    )
    mail = mail_about(right, mail_sink, subscription)
    assert mail["Subject"].startswith("Correction: Amazon: called on → under review (")
    beginning, _summary, _rest = words(part(mail, "plain")).partition("It will think.")
    assert beginning == (
        "Correction: Amazon: called on → under review On 1 March 2026 we recorded “Amazon: called "
        "on → refused” (1 July 2020). That was wrong; this replaces it. Right is “Amazon: called "
        "on → under review” (2 July 2020). "
    )
    assert "and were told, or would have been, what is corrected here." in words(
        part(mail, "plain")
    )


def test_a_retraction_says_what_is_taken_back_and_where_the_target_stands(
    amazon: Target,
) -> None:
    make_change(amazon, Status.CALLED_ON, dt.date(2018, 5, 22))
    wrong = make_change(amazon, Status.REFUSED, dt.date(2020, 7, 1))
    letter = email.alert_letter(event_of(make_change(amazon, None, corrects=wrong)))
    assert letter.subject.startswith("Retracted: Amazon: called on → refused (")
    assert "That was wrong, and is taken back." in words(letter.text)
    assert "\nToday it stands at: called on, since 22 May 2018\n" in letter.text
    assert "\nSince: " not in letter.text


def test_a_retraction_of_all_there_was_says_so(amazon: Target) -> None:
    only = make_change(amazon)
    letter = email.alert_letter(event_of(make_change(amazon, None, corrects=only)))
    assert "\nToday it stands at: nothing on record\n" in letter.text


def test_a_change_that_was_corrected_while_its_mail_waited_says_so(amazon: Target) -> None:
    make_change(amazon, Status.CALLED_ON, dt.date(2018, 5, 22))
    wrong = make_change(amazon, Status.REFUSED, dt.date(2020, 7, 1))
    make_change(amazon, Status.UNDER_REVIEW, dt.date(2020, 7, 2), corrects=wrong)
    letter = email.alert_letter(event_of(wrong))
    assert "By now this is known to be wrong, and was corrected." in letter.text


def test_an_extension_is_worded_as_such(amazon: Target) -> None:
    make_change(amazon, Status.PAUSED, outcome=make_outcome_draft())
    outcome = make_outcome_draft(terms="Until further notice", expires_on=None)
    day = dt.date(2021, 5, 18)
    extended = make_change(amazon, Status.PAUSED, day, outcome=outcome, extends=True)
    letter = email.alert_letter(event_of(extended))
    assert letter.subject.startswith("Amazon: paused, extended (")
    for line in ("Extended: 18 May 2021", "Terms: Until further notice", "Expires: no date"):
        assert line in letter.text.splitlines()


def test_an_old_step_that_is_recorded_late_says_where_the_target_stands_today(
    amazon: Target,
) -> None:
    make_change(amazon, Status.PAUSED, outcome=make_outcome_draft())
    late = make_change(amazon, Status.REFUSED, dt.date(2018, 5, 1), effective_precision="month")
    lines = email.alert_letter(event_of(late)).text.splitlines()
    assert "Since: May 2018" in lines
    assert "Today it stands at: paused, since 10 June 2020" in lines
    assert "WHAT IT FOLLOWS FROM" not in lines


def test_it_says_why_it_is_sent_and_how_to_leave(amazon: Target, mail_sink: MailSink) -> None:
    subscription = make_subscription(company=amazon.company)
    make_subscription(subscription.subscriber, campaign=amazon.campaign)
    mail = mail_about(make_change(amazon), mail_sink, subscription)
    wishes = ("Amazon and its subsidiaries", "the campaign “Face recognition for police”")
    begin = "You get this because you follow"
    reasons = {f"{begin} {one}, and also {other}." for one, other in permutations(wishes)}
    leave = mail["List-Unsubscribe"].strip("<>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = part(mail, "plain")
    html = Reader(part(mail, "html"))
    assert [reason for reason in reasons if reason in words(text)]
    assert [reason for reason in reasons if reason in words(html.text)]
    assert leave in text.splitlines()
    assert leave in html.links
    assert [one.subscriber for one in subscriptions_of(leave.rstrip("/").rpartition("/")[2])] == (
        [subscription.subscriber] * 2
    )


def test_the_quote_its_source_and_the_permanent_link_are_in_both_versions(
    amazon: Target, mail_sink: MailSink
) -> None:
    document = make_document(
        title="One-year moratorium", publisher="About Amazon", url="https://amazon.example/a?b=c&d"
    )
    citation = make_citation_draft("a one-year moratorium", document=document)
    change = make_change(amazon, citations=[citation])
    mail = mail_about(change, mail_sink)
    html = Reader(part(mail, "html"))
    for body in (words(part(mail, "plain")), words(html.text)):
        assert "a one-year moratorium One-year moratorium About Amazon, 10 June 2020" in body
    for link in (document.url, f"http://followthrough.test/changes/{change.pk}/"):
        assert link in html.links
        assert link in part(mail, "plain").splitlines()


def test_a_screen_reader_hears_the_headline_first_and_tables_as_text(
    amazon: Target, mail_sink: MailSink
) -> None:
    change = make_change(
        amazon, Status.PAUSED, outcome=make_outcome_draft(), citations=[make_citation_draft()]
    )
    html = Reader(part(mail_about(change, mail_sink), "html"))
    body = [tag for tag, _attributes in html.elements].index("body")
    assert next(
        tag for tag, _attributes in html.elements[body:] if tag in {"h1", "p", "table"}
    ) == ("h1")
    tables = [attributes for tag, attributes in html.elements if tag == "table"]
    assert len(tables) == 2
    assert {attributes["role"] for attributes in tables} == {"presentation"}
    assert [attributes["lang"] for tag, attributes in html.elements if tag == "html"] == ["en"]
    headings = [int(tag[1]) for tag, _attributes in html.elements if re.fullmatch(r"h\d", tag)]
    assert headings == [1, 2, 2]


def test_it_needs_no_images_and_no_colours_so_that_any_dark_mode_can_read_it(
    amazon: Target, mail_sink: MailSink
) -> None:
    html = part(mail_about(make_change(amazon), mail_sink), "html")
    assert not Reader(html).tags & {"script", "style", "link", "img", "iframe"}
    assert '<meta name="color-scheme" content="light dark">' in html
    assert re.findall(r"[;\"](?:color|background[a-z-]*):", html) == []


def test_dates_and_direction_are_those_of_the_language(amazon: Target) -> None:
    event = event_of(make_change(amazon))
    with override("de"):
        german = email.alert_letter(event)
    with override("he"):
        hebrew = email.alert_letter(event)
    assert "10 Juni 2020" in german.text
    assert "10 Juni 2020" in german.html
    assert '<html lang="de" dir="ltr">' in german.html
    assert '<html lang="he" dir="rtl">' in hebrew.html
