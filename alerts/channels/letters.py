"""Letters: what many are told is rendered once, and what is each one's own is put in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
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

_ALL_ASCII = (ADDRESS, MESSAGE_ID, UNSUBSCRIBE_LINK, MANAGE_LINK)
"""What stands in a header, too."""
_AS_THEY_ARE = ("7bit", "8bit")
"""Encodings that leave every line as it is (RFC 2045, section 6.2)."""


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
            **_shown(self.reasons),
        }


@lru_cache(maxsize=1000)
def _shown(reasons: str) -> Mapping[str, str]:
    """Return how the reasons stand in each version: many have the same."""
    return {REASONS_HTML: folded(escape(one_line(reasons))), REASONS: wrap(reasons)}


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
        """Return the same mail as it goes over the wire (RFC 5322), for a fraction of the cost.

        Whatever might be encoded otherwise once it is put in is left to Django.
        """
        pattern, slots = self._pattern, personal.slots()
        if pattern is None or not all(self._fits(*slot) for slot in slots.items()):
            return _serialized(self.to(personal))
        for mark, value in slots.items():
            pattern = pattern.replace(mark.encode(), value.replace("\n", "\r\n").encode())
        if max(map(len, pattern.split(b"\r\n"))) > _LONGEST_LINE:
            return _serialized(self.to(personal))
        return pattern

    def _fits(self, mark: str, value: str) -> bool:
        if not value:
            return False  # Django leaves out a version of which nothing is left
        if mark in _ALL_ASCII:
            return value.isprintable() and value.isascii()
        return value.isascii() or self._encodings == {"8bit"}

    @cached_property
    def _pattern(self) -> bytes | None:
        """The mail with its marks; ``None`` if its encoding changes what it holds."""
        if not self._encodings.issubset(_AS_THEY_ARE):
            return None
        return _serialized(self._marked)

    @cached_property
    def _encodings(self) -> set[str]:
        """In how its versions are encoded."""
        parts = self._marked.message().walk()
        return {part["Content-Transfer-Encoding"] for part in parts if not part.is_multipart()}

    @cached_property
    def _marked(self) -> Mail:
        mail = Mail(subject=self.subject, body=self.text, to=[ADDRESS], headers=dict(self.headers))
        mail.attach_alternative(self.html, "text/html")
        return mail


def _filled(text: str, slots: Mapping[str, str]) -> str:
    for mark, value in slots.items():
        text = text.replace(mark, value)
    return text


def _serialized(mail: Mail) -> bytes:
    content: bytes = mail.message().as_bytes(linesep="\r\n")
    return content
