"""What commands are given to read, and what they say of it on standard error."""

from __future__ import annotations

import sys
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sources.detection.extent import MOST_SENTENCES


def read_input(name: str) -> bytes:
    """Return what a file holds, or with ``-`` standard input.

    Raises:
        CommandError: it cannot be read; one plain line.
    """
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except FileNotFoundError as error:
        raise CommandError(_("There is no file “%(name)s”.") % {"name": name}) from error
    except IsADirectoryError as error:
        raise CommandError(_("“%(name)s” is a folder: name a file.") % {"name": name}) from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        said = _("“%(name)s” cannot be read: %(why)s.") % {"name": name, "why": why}
        raise CommandError(said) from error


def tell_unread(count: int) -> str:
    """Say that sentences were left out."""
    said = ngettext(
        "only the first %(most)s sentences were read, and %(count)s after them was not",
        "only the first %(most)s sentences were read, and %(count)s after them were not",
        count,
    )
    return said % {"most": f"{MOST_SENTENCES:,}", "count": f"{count:,}"}
