"""What was agreed to in a preview: what is recorded then is that, and nothing else."""

from __future__ import annotations

from hashlib import sha256

from django.http import QueryDict
from django.utils import timezone

_APART = (
    *("csrfmiddlewaretoken", "previewed"),
    *("_preview", "_back", "_write", "action", "save", "preview"),
)
"""What a form sends beside what is typed: what pages add, and buttons."""


def typed_fields(sent: QueryDict) -> list[tuple[str, str]]:
    """Return what was typed into a form: the names of fields with their values, in order."""
    fields = [(name, value) for name, values in sent.lists() for value in values]
    return sorted(field for field in fields if field[0] not in _APART)


def fingerprint(sent: QueryDict, *parts: str) -> str:
    """Return what tells apart what was typed into a form, whichever button was pressed.

    The day belongs to it: tomorrow "yesterday" is another day.

    Args:
        sent: what a browser sent.
        parts: what the names of fields begin with that count; without any, all count.
    """
    fields = [field for field in typed_fields(sent) if field[0].startswith(parts or "")]
    return sha256(repr((timezone.localdate(), fields)).encode()).hexdigest()


def is_unlike_preview(sent: QueryDict, *parts: str) -> bool:
    """Whether a preview was shown of something else: that is not what was agreed to."""
    return sent.get("previewed", "") not in ("", fingerprint(sent, *parts))
