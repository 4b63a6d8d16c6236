"""A new password by mail."""

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from accounts.models import PasswordMail
from accounts.services import ask_for_password
from tests.accounts.people import (
    give_password,
    give_second_factor,
    is_in,
    later,
    links_in_mails,
    make_person,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db

ASK = "/admin/password-reset/"
NEW = "another long password"


def choose(client: Client, link: str, password: str = NEW) -> int:
    """Open the link and send the form; return the status of the answer."""
    page = client.get(link, follow=True)
    form = {"new_password1": password, "new_password2": password}
    return client.post(page.request["PATH_INFO"], form).status_code


def test_the_login_leads_to_it() -> None:
    assert f'href="{ASK}"' in Client().get("/admin/login/").content.decode()


def test_a_new_password_is_chosen_by_the_link_and_ends_all_sessions() -> None:
    make_person()
    elsewhere = Client()
    give_password(elsewhere)
    Client().post(ASK, {"email": "ADA@example.org"})
    [link] = links_in_mails()
    assert mail.outbox[0].to == ["ada@example.org"]
    assert choose(Client(), link) == 302
    assert not is_in(elsewhere)
    assert give_password(Client(), password=NEW).status_code == 302
    assert choose(Client(), link, "yet another password") == 200  # it worked once


def test_a_poor_password_is_refused() -> None:
    make_person()
    ask_for_password(email="ada@example.org", now=NOW)
    [link] = links_in_mails()
    assert choose(Client(), link, "12345678") == 200


def test_the_second_factor_is_still_asked_for() -> None:
    give_second_factor(make_person())
    ask_for_password(email="ada@example.org", now=NOW)
    [link] = links_in_mails()
    client = Client()
    choose(client, link)
    assert not is_in(client)
    assert give_password(client, password=NEW)["Location"] == "/admin/login/code/"


def test_the_answer_is_the_same_for_every_address_and_sends_nothing_itself() -> None:
    make_person()
    pages = []
    for email in ("ada@example.org", "nobody@example.org"):
        page = Client().post(ASK, {"email": email}, follow=True)
        pages.append(page.content.replace(email.encode(), b""))
    assert pages[0] == pages[1]
    assert mail.outbox == []
    assert len(links_in_mails()) == 1


def test_nobody_is_sent_a_second_link_within_five_minutes() -> None:
    make_person()
    for _ in range(3):
        Client().post(ASK, {"email": "ada@example.org"})
    assert len(links_in_mails()) == 1
    with later(minutes=4):
        Client().post(ASK, {"email": "ada@example.org"})
        assert len(links_in_mails()) == 1
    with later(minutes=6):
        Client().post(ASK, {"email": "ada@example.org"})
        assert len(links_in_mails()) == 2


def test_who_is_out_or_has_no_address_or_no_password_gets_none() -> None:
    closed = make_person("closed", is_active=False)
    without = User.objects.create_user("without", "without@example.org")
    User.objects.create_user("nameless", "", NEW)
    for email in (closed.email, without.email, ""):
        assert ask_for_password(email=email, now=NOW) == 0
    assert not PasswordMail.objects.exists()


def test_who_is_closed_before_the_mail_is_sent_gets_none() -> None:
    user = make_person()
    ask_for_password(email=user.email, now=NOW)
    user.is_active = False
    user.save()
    assert links_in_mails() == []


def test_a_link_lapses_after_a_day() -> None:
    make_person()
    ask_for_password(email="ada@example.org", now=NOW)
    [link] = links_in_mails()
    with later(hours=25):
        assert choose(Client(), link) == 200
    assert not PasswordMail.objects.filter(last_error__contains="http").exists()
