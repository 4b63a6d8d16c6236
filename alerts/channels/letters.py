"""Letters: what many are told is rendered once, and what is each one's own is put in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils.html import escape

from alerts.messages import folded, one_line, wrap

_LONGEST_LINE = 998
"""Characters of a header line (RFC 5322, section 2.1.1)."""

_MARK = secrets.token_hex(8)
"""Nobody who writes a text that is shown in a mail can know it."""

ADDRESS = f"to{_MARK}@slot.invalid"
MESSAGE_ID = f"id{_MARK}"
UNSUBSCRIBE_LINK = f"leave{_MARK}"
MANAGE_LINK = f"manage{_MARK}"
REASONS = f"why{_MARK}"
REASONS_HTML = f"html{_MARK}"
"""What stands in a letter where something of the recipient's own belongs."""


_VERSIONS = ("text/plain", "text/html")

_LONGEST_VALUE = 500
"""Characters of a line that is put in as it is: beside what is there it must fit into a line."""

_MARKS = (ADDRESS, MESSAGE_ID, UNSUBSCRIBE_LINK, MANAGE_LINK, REASONS_HTML, REASONS)
_OF_BODIES = {REASONS, REASONS_HTML}
"""Marks that no header bears."""


class Mail(EmailMultiAlternatives):
    """A mail whose headers stay on one line where they may.

    Django folds at 78 characters, which leaves the line of a long List-Unsubscribe or Subject
    empty up to its continuation: correct, and more than some readers of such headers understand.
    """

    def message(self, **kwargs: Any) -> Any:
        message = super().message(**kwargs)
        message.policy = message.policy.clone(max_line_length=_LONGEST_LINE)
        return message


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """What is one recipient's own in a mail.

    Attributes:
        address: whom it goes to.
        message_id: its Message-ID, with the angle brackets.
        unsubscribe_link: what mail programs POST to.
        manage_link: the page where this address manages its subscriptions.
        reasons: why it is sent, as a sentence.
    """

    address: str
    message_id: str
    unsubscribe_link: str
    manage_link: str
    reasons: str = ""

    def slots(self) -> Mapping[str, str]:
        """Return what is to be put in for each mark."""
        return {
            ADDRESS: self.address,
            MESSAGE_ID: self.message_id,
            UNSUBSCRIBE_LINK: self.unsubscribe_link,
            MANAGE_LINK: self.manage_link,
            REASONS_HTML: folded(escape(one_line(self.reasons))),
            REASONS: wrap(self.reasons),
        }


@dataclass(frozen=True)
class Letter:
    """A mail with marks where something of the recipient's own belongs.

    Attributes:
        subject: on one line.
        text: the plain version.
        html: the other.
        headers: by name.
    """

    subject: str
    text: str
    html: str
    headers: Mapping[str, str]

    def to(self, personal: Personal) -> Mail:
        """Return the mail to one recipient."""
        slots = personal.slots()
        mail = Mail(
            subject=self.subject,
            body=_filled(self.text, slots),
            to=[personal.address],
            headers={name: _filled(value, slots) for name, value in self.headers.items()},
        )
        mail.attach_alternative(_filled(self.html, slots), "text/html")
        return mail

    def bytes_to(self, personal: Personal) -> bytes:
        """Return the same mail as it goes over the wire (RFC 5322), for a fraction of the cost."""
        slots = personal.slots()
        if self._pattern is None or not all(self._fits(*slot) for slot in slots.items()):
            return _serialized(self.to(personal))
        filled = self._pattern
        for mark, value in slots.items():
            filled = filled.replace(mark.encode(), value.replace("\n", "\r\n").encode())
        return filled

    def _fits(self, mark: str, value: str) -> bool:
        """Whether a value may stand on the wire as it is."""
        if any(len(line) > _LONGEST_VALUE for line in value.split("\n")):
            return False
        if mark in _OF_BODIES:
            return value.isascii() or self._takes_any_letter
        return value.isascii() and value.isprintable()

    @cached_property
    def _pattern(self) -> bytes | None:
        """The mail with its marks; ``None`` if it is encoded, which may have torn one."""
        mail = Mail(subject=self.subject, body=self.text, to=[ADDRESS], headers=dict(self.headers))
        mail.attach_alternative(self.html, "text/html")
        pattern = _serialized(mail)
        whole = "".join([self.text, self.html, *self.headers.values(), ADDRESS])
        is_whole = all(pattern.count(mark.encode()) == whole.count(mark) for mark in _MARKS)
        is_plain = _parts_in(pattern, b"7bit") + _parts_in(pattern, b"8bit") == len(_VERSIONS)
        return pattern if is_whole and is_plain else None

    @cached_property
    def _takes_any_letter(self) -> bool:
        """Whether both versions are sent in eight bits, so that any letter may be put in."""
        return self._pattern is not None and _parts_in(self._pattern, b"8bit") == len(_VERSIONS)


def _parts_in(content: bytes, encoding: bytes) -> int:
    return content.count(b"\nContent-Transfer-Encoding: " + encoding + b"\r\n")


def _filled(text: str, slots: Mapping[str, str]) -> str:
    for mark, value in slots.items():
        text = text.replace(mark, value)
    return text


def _serialized(mail: Mail) -> bytes:
    content: bytes = mail.message().as_bytes(linesep="\r\n")
    return content
