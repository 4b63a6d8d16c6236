"""Short messages for chats. What others wrote cannot call anybody there, nor pose as a link."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from alerts import wording
from alerts.links import absolute
from alerts.messages import one_line
from alerts.models import Event
from campaigns.statuses import Status

_LONGEST_TITLE = 150
_LONGEST_LINE = 200
"""Three such lines fit into the 2,000 characters of Discord, however much has to be escaped."""
_MOST_LINES = 3
_INVISIBLE = "\u200b"
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-!|~])")
_SUPPRESS_EMBEDS = 1 << 2


@dataclass(frozen=True, slots=True)
class Note:
    """What a chat is told: a title that is a link, and some lines."""

    title: str
    lines: tuple[str, ...]
    link: str


def note_of(event: Event) -> Note:
    """Return an event, loaded with its parts, in a few lines, in the active language."""
    change = event.status_change
    if change is not None:
        conceded = change.outcome.terms if change.outcome else change.summary
        lines = (wording.explanation(change), event.target.demand, conceded)
        return made_note(wording.headline(change), lines, change.get_absolute_url())
    if event.type == Event.Type.EXPIRING:
        terms = event.outcome.terms if event.outcome else ""
        link = event.target.campaign.get_absolute_url()
        return made_note(wording.warning_headline(event), (event.target.demand, terms), link)
    title = _("To review: %(company)s, %(status)s?") % {
        "company": event.target.company.name,
        "status": Status(event.details["proposed_status"]).label,
    }
    passage = _("“%(passage)s”") % {"passage": event.details["passage"]}
    return made_note(title, (event.target.demand, passage), event.details["path"])


def slack(note: Note) -> dict[str, Any]:
    """Return the body of an incoming webhook of Slack.

    Its three special characters are escaped (docs.slack.dev, "Formatting message text"), without
    which there is neither a link nor ``<!channel>``.
    """
    lines = [f"*<{note.link}|{_for_slack(note.title)}>*", *map(_for_slack, note.lines)]
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "\n".join(lines)}}
    return {"text": _for_slack(note.title), "blocks": [section], "unfurl_links": False}


def mattermost(note: Note) -> dict[str, Any]:
    """Return the body of an incoming webhook of Mattermost."""
    return {"text": _markdown(note)}


def discord(note: Note) -> dict[str, Any]:
    """Return the body of a webhook of Discord, which is told to call nobody."""
    return {
        "content": _markdown(note),
        "allowed_mentions": {"parse": []},
        "flags": _SUPPRESS_EMBEDS,
    }


def made_note(title: str, lines: tuple[str, ...], path: str) -> Note:
    """Return a note that fits into a chat, whatever others wrote."""
    shown = [_short(line, _LONGEST_LINE) for line in lines if line][:_MOST_LINES]
    return Note(_short(title, _LONGEST_TITLE), tuple(shown), absolute(path))


def _short(text: str, length: int) -> str:
    return textwrap.shorten(one_line(text), length, placeholder=" …")


def _markdown(note: Note) -> str:
    lines = map(_for_markdown, note.lines)
    return "\n".join([f"**[{_for_markdown(note.title)}]({note.link})**", *lines])


def _for_slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _for_markdown(text: str) -> str:
    """Return a text that Mattermost and Discord show as it is.

    Mattermost understands Slack's ``<!channel>`` as well, before it looks at backslashes: so there
    are no angle brackets, and an invisible space parts an ``@`` from the name behind it.
    """
    plain = text.replace("<", "‹").replace(">", "›")
    for part in ("@", "://", "www"):
        plain = plain.replace(part, f"{part}{_INVISIBLE}")
    return _MARKS.sub(r"\\\1", plain)
