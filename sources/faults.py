"""What can be wrong with the rules of a source, in words for the one who wrote them: pure."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RuleFault(TextChoices):
    """Why a rule is refused. The labels take ``line``, ``rule``, ``limit`` and ``detail``."""

    SHAPE = "shape", _("The rules of a page are lists of lines: “%(rule)s” is none.")
    TOO_MANY = "too_many", _("There are more than %(limit)s lines.")
    TOO_LONG = "too_long", _("Line %(line)s is longer than %(limit)s characters.")
    CHARACTERS = (
        "characters",
        _("Line %(line)s holds characters that cannot be seen: type it anew instead of pasting."),
    )
    SELECTOR = (
        "selector",
        _(
            "Line %(line)s, “%(rule)s”, is not a CSS selector that is understood here. Examples: "
            "main, #content, .press-release p."
        ),
    )
    SELECTOR_TOO_COSTLY = (
        "selector_too_costly",
        _(
            "Line %(line)s, “%(rule)s”, takes too long on a large page: within :has() there may be "
            "one element and its children, and neither :has() nor :nth-child()."
        ),
    )
    PATTERN = (
        "pattern",
        _("Line %(line)s, “%(rule)s”, is not a regular expression: %(detail)s."),
    )
    PATTERN_UNSUPPORTED = (
        "pattern_unsupported",
        _(
            "Line %(line)s, “%(rule)s”, uses “%(detail)s”. Look-around, back-references, "
            "possessive and atomic groups are not taken: searching for them can take for ever."
        ),
    )
    PATTERN_TOO_COSTLY = (
        "pattern_too_costly",
        _("Line %(line)s, “%(rule)s”, is too complicated: use smaller counts in braces."),
    )
    PATTERN_EMPTY = (
        "pattern_empty",
        _("Line %(line)s, “%(rule)s”, also matches nothing at all. Use “+” rather than “*”."),
    )
    PATTERN_OF_EVERYTHING = (
        "pattern_of_everything",
        _("Line %(line)s, “%(rule)s”, matches any text, so that no change would ever be seen."),
    )


class RuleError(ValueError):
    """A rule is refused. ``str()`` is a sentence for the user.

    Attributes:
        fault: the machine's word for it.
        line: which line of what was given, from 1; ``None`` when it is about all of it.
    """

    def __init__(
        self,
        fault: RuleFault,
        *,
        rule: str = "",
        line: int | None = None,
        limit: int | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(fault, rule, line, limit, detail)
        self.fault = fault
        self.line = line
        self._values = {"rule": rule, "line": line, "limit": limit, "detail": detail}

    def __str__(self) -> str:
        return str(self.fault.label) % self._values
