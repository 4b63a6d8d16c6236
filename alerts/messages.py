"""The envelope of a mail (subject and headers) and the shape of its text: pure."""

from __future__ import annotations

import textwrap
import unicodedata

WIDTH = 72
"""Columns of the text version: what every client shows without breaking lines again."""

_SUBJECT_DEMAND = 80


def one_line(text: str) -> str:
    """Return the text on one line, without control characters.

    A line break in a title would otherwise end a header and begin another of an attacker's choice.
    """
    spaced = " ".join(text.split())
    return "".join(char for char in spaced if unicodedata.category(char) != "Cc")


def subject(headline: str, demand: str) -> str:
    """Return "Amazon: paused → expired (Stop selling face recognition to police)", on one line."""
    short = textwrap.shorten(one_line(demand), _SUBJECT_DEMAND, placeholder=" …")
    return f"{one_line(headline)} ({short})"


def message_id(kind: str, number: int, domain: str) -> str:
    """Return a Message-ID (RFC 5322, section 3.6.4) that is the same whenever asked.

    Args:
        kind: what the message is, in letters.
        number: which one of its kind.
        domain: the host name of this service.
    """
    return f"<{kind}-{number}@{domain}>"


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
