"""What an answer says, read as a source of its kind is read: pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sources.causes import Cause
from sources.extraction import Entry, Page, Unreadable, read_feed, read_page
from sources.kinds import SourceKind

Rules = Mapping[str, Any]
"""How a source's owner wants it to be read, as JSON: by name, for its kind."""

_ERROR_PAGE_LENGTH = 1_500
_ERROR_TITLE = re.compile(
    r"(?:error\s*)?[45]\d\d\s*(?:$|[-–:|]|error|not found|forbidden|unauthori[sz]ed|bad gateway|"
    r"service|internal|page)|(?:page )?not found|access denied|forbidden|"
    r"just a moment|attention required|are you (?:a )?(?:human|robot)|(?:are )?you have been "
    r"blocked|security check|verify(?:ing)? you are human|log ?in\b|sign ?in\b|"
    r"(?:service|site|website|page) (?:is )?(?:temporarily )?unavailable|bad gateway|"
    r"internal server error|too many requests|(?:under|site) maintenance|down for maintenance",
    re.IGNORECASE,
)
_ERROR_TEXT = re.compile(
    r"enable (?:javascript|cookies)|checking your browser|unusual traffic|complete the captcha",
    re.IGNORECASE,
)
_ERROR_TEXT_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Visit:
    """A complete answer of a source."""

    content_type: str
    body: bytes
    final_url: str


def read(kind: str, visit: Visit, rules: Rules | None = None) -> Page | list[Entry]:
    """Read an answer as a source of this kind is read.

    It is read as it comes, in this process, however long that takes; what was fetched from others
    belongs into a child (:class:`sources.parsing.ParserPool`), which calls this there.

    Raises:
        Unreadable: it is not what such a source gives, an error page among others.
        ValueError: a rule that its kind does not have.
    """
    if rules:
        raise ValueError(f"a source of kind {kind} has no rules {sorted(rules)}")
    if kind == SourceKind.FEED:
        return read_feed(visit.body, visit.content_type, visit.final_url)
    page = read_page(visit.body, visit.content_type)
    if _is_error_page(page):
        raise Unreadable(Cause.ERROR_PAGE, page.title or page.text[:100])
    return page


def _is_error_page(page: Page) -> bool:
    """Tell an error, login or blocking page that came with status 200: short, and titled so."""
    if len(page.text) <= _ERROR_PAGE_LENGTH and _ERROR_TITLE.match(page.title):
        return True
    return len(page.text) <= _ERROR_TEXT_LENGTH and _ERROR_TEXT.search(page.text) is not None
