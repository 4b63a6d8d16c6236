"""What was agreed to in a preview: what is recorded then is that, and nothing else."""

from __future__ import annotations

from hashlib import sha256

from django.http import QueryDict
from django.utils import timezone

_APART = ("csrfmiddlewaretoken", "previewed", "_preview", "preview", "action", "save")
"""What a form sends beside what is typed: its buttons, and what is added here."""


def fingerprint(typed: QueryDict) -> str:
    """Return what tells apart what was typed into a form, whichever button was pressed.

    The day belongs to it: tomorrow "yesterday" is another day.
    """
    fields = sorted((name, values) for name, values in typed.lists() if name not in _APART)
    return sha256(repr((timezone.localdate(), fields)).encode()).hexdigest()


def is_unlike_preview(typed: QueryDict) -> bool:
    """Whether a preview was shown of something else: that is not what was agreed to."""
    return typed.get("previewed", "") not in ("", fingerprint(typed))
