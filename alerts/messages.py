"""The envelope of a mail (subject and headers) and the shape of its text: pure."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

WIDTH = 72
"""Columns of the text version: what every client shows without breaking lines again."""

_SUBJECT_HEADLINE = 150
_SUBJECT_DEMAND = 80
_CUT = " …"

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
"""Control characters but tab and line feed (Cc), surrogates (Cs), line and paragraph separators,
and the marks of Unicode's bidirectional algorithm that embed, override or isolate (UAX #9)."""

_LONG_LINE = 500
"""From here on a line of HTML is broken: one of 998 octets would be encoded (RFC 5322, 2.1.1)."""


def printable(text: str) -> str:
    """Return the text without what has no place on paper, its line breaks and tabs kept.

    Control characters mean something to terminals, halves of surrogates cannot be sent, and marks
    that turn the direction of writing can make a text say what it does not.
    """
    return _UNPRINTABLE.sub("", text)


def one_line(text: str) -> str:
    """Return the text on one line, without control characters and marks of direction.

    A line break in a title would otherwise end a header and begin another of an attacker's choice.
    """
    return " ".join(printable(" ".join(text.split())).split())


def subject(headline: str, demand: str) -> str:
    """Return "Amazon: paused → expired (Stop selling face recognition to police)", on one line."""
    return f"{short(headline, _SUBJECT_HEADLINE)} ({short(demand, _SUBJECT_DEMAND)})"


def short(text: str, width: int) -> str:
    """Return the text on one line of at most ``width`` characters, cut between words if it can."""
    line = one_line(text)
    if len(line) <= width:
        return line
    cut = line[: width - len(_CUT)]
    whole, _space, _rest = cut.rpartition(" ")
    return (whole if len(whole) * 2 > width else cut).rstrip() + _CUT


def web_link(url: str) -> str:
    """Return an address that may be a link: one of the web, in one word; empty for any other."""
    word = "".join(_escaped(char) for char in url.strip())
    return word if word.lower().startswith(("https://", "http://")) else ""


def _escaped(char: str) -> str:
    if char.isspace() or _UNPRINTABLE.match(char):
        return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace"))
    return char


def message_id(kind: str, number: int, domain: str) -> str:
    """Return a Message-ID (RFC 5322, section 3.6.4) that is the same whenever asked.

    Args:
        kind: what the message is, in letters.
        number: which one of its kind.
        domain: the host name of this service.
    """
    return f"<{kind}-{number}@{domain}>"


def read_message_id(text: str, domain: str) -> tuple[str, int] | None:
    """Return the kind and number of a Message-ID that was made here, ``None`` for any other.

    Angle brackets may be missing. What stands between kind and number, such as when a confirmation
    was asked for, is left out.
    """
    known = re.fullmatch(r"([a-z]+)-(?:\d+-)?(\d{1,18})@(.+)", text.strip().strip("<>"), re.ASCII)
    if known is None or known[3].lower() != domain.lower():
        return None
    return known[1], int(known[2])


_REPORTED = {
    "brevo": ("X-Mailin-custom", '{"message": "%s"}'),
    "mailjet": ("X-MJ-EventPayload", '{"message": "%s"}'),
    "mandrill": ("X-MC-Metadata", '{"message": "%s"}'),
    "postmark": ("X-PM-Metadata-message", "%s"),
}
"""By provider, the header whose value it repeats in its reports; others repeat the Message-ID."""


def report_headers(providers: Iterable[str], message_id: str) -> dict[str, str]:
    """Return the headers that make mail providers say, in their reports, which mail is meant."""
    known = [_REPORTED[provider] for provider in providers if provider in _REPORTED]
    return {name: pattern % message_id for name, pattern in known}


def thread_headers(campaign_id: int, domain: str) -> dict[str, str]:
    """Return the headers that make mail clients show the mails of one campaign as one thread.

    All refer to one ancestor, which is never sent: so the thread holds together whichever mail
    somebody received first.
    """
    ancestor = message_id("campaign", campaign_id, domain)
    return {"References": ancestor, "In-Reply-To": ancestor}


def unsubscribe_headers(link: str) -> dict[str, str]:
    """Return the headers of one-click unsubscribing (RFC 8058): mail clients POST to ``link``."""
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def automatic_headers(domain: str) -> dict[str, str]:
    """Return the headers that stop holiday answers (RFC 3834) and help filters (RFC 2919)."""
    return {"Auto-Submitted": "auto-generated", "List-Id": f"Followthrough <alerts.{domain}>"}


def wrap(text: str, first: str = "", rest: str | None = None) -> str:
    """Return the text broken into lines of at most :data:`WIDTH` columns; links stay whole.

    Args:
        text: any text; its own line breaks are spaces here.
        first: what the first line begins with.
        rest: what the other lines begin with; as the first if ``None``.
    """
    return textwrap.fill(
        one_line(text),
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def folded(html: str) -> str:
    """Return HTML with long lines broken at spaces, where a line break means no more than these."""
    lines = html.split("\n")
    return "\n".join(line if len(line) < _LONG_LINE else _folded_line(line) for line in lines)


def _folded_line(line: str) -> str:
    return textwrap.fill(
        line,
        _LONG_LINE // 2,
        break_long_words=False,
        break_on_hyphens=False,
        expand_tabs=False,
        replace_whitespace=False,
        drop_whitespace=True,
    )
