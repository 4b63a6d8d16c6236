"""An outbox that can fail, and who was told what by the mails in it."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction

from alerts.models import Delivery

Pair = tuple[int, int]
"""A person, and the key of a change."""


class FlakyBackend(EmailBackend):
    """Keeps mail in memory, or is down, or refuses it for now."""

    state = "up"
    tried: set[str] = set()
    """The Message-IDs of mails that were refused; nobody knows that they did not arrive."""

    def open(self) -> None:
        if self.state == "down":
            raise ConnectionRefusedError("down")

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        if self.state == "refuses":
            self.tried.update(one.extra_headers["Message-ID"] for one in email_messages)
            raise smtplib.SMTPServerDisconnected("gone")
        return super().send_messages(email_messages)


def held_by(message_id: str, **wanted: str) -> set[Pair]:
    """Which person a mail goes to, and the changes of which it tells."""
    kind, _dash, number = message_id.strip("<").partition("@")[0].partition("-")
    key = {"delivery": "pk", "digest": "digest"}.get(kind)
    if key is None:
        return set()
    found = Delivery.objects.filter(**{key: number}, **wanted)
    return {
        (int(email.removeprefix("person-").partition("@")[0]), change)
        for email, change in found.values_list("subscriber__email", "event__status_change")
    }


def address(person: int) -> str:
    """The address of a person."""
    return f"person-{person}@example.org"


@contextmanager
def undone() -> Iterator[None]:
    """A database and an outbox as they were before, when it ends."""
    with transaction.atomic():
        mail.outbox.clear()
        FlakyBackend.state = "up"
        FlakyBackend.tried = set()
        yield
        transaction.set_rollback(True)
